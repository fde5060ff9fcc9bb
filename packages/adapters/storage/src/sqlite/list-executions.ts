/** Finds ledger rows: the most selective index leads, everything else is checked on the way; rows that are in no index yet are looked through. */
import type { Execution, ExecutionFilter, Pseudonym } from "@colophon/kernel";
import { type RawBuilder, sql } from "kysely";
import { fromHex } from "../shared/bytes.ts";
import { unpackExecution } from "../shared/execution-codec.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { EXECUTION_SELECT } from "./execution-select.ts";
import { indexedRows, type LateColumn, lateIndexOf } from "./late-indexes.ts";
import type { SqlRow, SqlValue } from "./node-sqlite.ts";
import { type LedgerTables, queryBuilder, runQuery } from "./query-builder.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const ROWS_UNLESS_SAID = 100;

/** Columns that a filter compares, with their values; undefined for a filter that nothing can fit. */
interface Conditions {
  readonly equal: ReadonlyMap<string, SqlValue>;
  readonly versions: readonly number[] | undefined;
  readonly scopes: readonly number[] | undefined;
}

const HEX_32 = /^[0-9a-f]{32}$/;

const SUBJECT_COLUMNS = [
  ["user", "user"],
  ["tenant", "tenant"],
  ["document", "document"],
  ["documentType", "document_type"],
] as const;

function subjectNumber(core: SqliteCore, pseudonym: Pseudonym): number | undefined {
  if (!HEX_32.test(pseudonym)) return undefined;
  const row = core.prepare("SELECT n FROM subject WHERE pseudonym = ?").get(fromHex(pseudonym)) as
    | SqlRow
    | undefined;
  return row?.n as number | undefined;
}

function versionNumbers(
  core: SqliteCore,
  { prompt, version, hash }: ExecutionFilter,
): readonly number[] | undefined {
  if (prompt === undefined && version === undefined && hash === undefined) return undefined;
  let query = queryBuilder.selectFrom("version").select("n");
  if (prompt !== undefined) query = query.where("prompt", "=", prompt);
  if (version !== undefined) query = query.where("version", "=", version);
  if (hash !== undefined) query = query.where("hash", "=", hash);
  return runQuery(core, query).map((row) => row.n as number);
}

function scopeNumbers(
  core: SqliteCore,
  { environment, purpose }: ExecutionFilter,
): readonly number[] | undefined {
  if (environment === undefined && purpose === undefined) return undefined;
  let query = queryBuilder.selectFrom("scope").select("n");
  if (environment !== undefined) query = query.where("environment", "=", environment);
  if (purpose !== undefined) query = query.where("purpose", "=", purpose);
  return runQuery(core, query).map((row) => row.n as number);
}

function conditionsOf(core: SqliteCore, filter: ExecutionFilter): Conditions | undefined {
  const equal = new Map<string, SqlValue>();
  for (const [name, column] of SUBJECT_COLUMNS) {
    const pseudonym = filter[name];
    if (pseudonym === undefined) continue;
    const n = subjectNumber(core, pseudonym);
    if (n === undefined) return undefined;
    equal.set(column, n);
  }
  for (const name of ["session", "trace"] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    if (!HEX_32.test(value)) return undefined;
    equal.set(name, fromHex(value));
  }
  const versions = versionNumbers(core, filter);
  const scopes = scopeNumbers(core, filter);
  if (versions?.length === 0 || scopes?.length === 0) return undefined;
  return { equal, versions, scopes };
}

/** Along what a walk goes: entries of an index, the times of the rows after a number, or these rows themselves. */
type Along =
  | { readonly by: "index"; readonly column: LateColumn; readonly value: SqlValue }
  | { readonly by: "times" | "numbers"; readonly after: number };

/** Each value is asked for by itself, since one ordered walk cannot serve several. */
function leadsOf({ equal, versions }: Conditions): readonly (Along & { by: "index" })[] {
  for (const column of ["document", "user"] as const) {
    const value = equal.get(column);
    if (value !== undefined) return [{ by: "index", column, value }];
  }
  return (versions ?? []).map((value) => ({ by: "index", column: "version", value }));
}

/** Along the leading index, and through the rows that are not in it yet; without one, along all times. */
function walksOf(core: SqliteCore, filter: ExecutionFilter, conditions: Conditions): readonly Along[] {
  const leads = leadsOf(conditions);
  if (leads.length === 0) return [{ by: "times", after: 0 }];
  const after = indexedRows(core);
  const { last } = core.prepare("SELECT ifnull(max(n), 0) AS last FROM execution").get() as { last: number };
  if (last <= after) return leads;
  const by = fewerInTime(core, filter, last - after) ? "times" : "numbers";
  return [...leads, { by, after }];
}

/** Whether no more rows lie in the time that is asked about than so many. */
function fewerInTime(core: SqliteCore, { since, until }: ExecutionFilter, count: number): boolean {
  const { rows } = core
    .prepare("SELECT count(*) AS rows FROM (SELECT 1 FROM execution WHERE at >= ? AND at < ? LIMIT ?)")
    .get(since ?? 0, until ?? Number.MAX_SAFE_INTEGER, count + 1) as { rows: number };
  return rows <= count;
}

interface Walk {
  readonly filter: ExecutionFilter;
  readonly conditions: Conditions;
  readonly along: Along;
}

/** Ids (number, time and rest) of one walk, ordered. A unary plus keeps SQLite from going along another column. */
function walkQuery({ filter, conditions, along }: Walk) {
  const { since, until, limit = ROWS_UNLESS_SAID, order } = filter;
  const direction = order === "oldest-first" ? "asc" : "desc";
  const lead = along.by === "index" ? along.column : undefined;
  const at = lead !== undefined ? sql`i.at` : along.by === "times" ? sql`e.at` : sql`+e.at`;
  const rows =
    lead === undefined ? sql`execution` : sql`${sql.table(lateIndexOf(lead))} AS i CROSS JOIN execution`;
  let query = queryBuilder
    .selectFrom((rows as RawBuilder<LedgerTables["execution"]>).as("e"))
    .select(["e.n", "e.at", "e.rest"]);
  if (along.by === "index")
    query = query.where(sql`i.n`, "=", sql`e.n`).where(sql.ref(`i.${along.column}`), "=", along.value);
  else query = query.where(along.by === "times" ? sql`+e.n` : sql`e.n`, ">", along.after);
  for (const [column, wanted] of conditions.equal) {
    if (column !== lead) query = query.where(sql.ref(`e.${column}`), "=", wanted);
  }
  if (conditions.versions !== undefined && lead !== "version")
    query = query.where("e.version", "in", conditions.versions);
  if (conditions.scopes !== undefined) query = query.where("e.scope", "in", conditions.scopes);
  if (since !== undefined) query = query.where(at, ">=", since);
  if (until !== undefined) query = query.where(at, "<", until);
  return query
    .orderBy(at, direction)
    .orderBy("e.rest", direction)
    .limit(Math.max(0, Math.floor(limit)));
}

function compareIds(a: SqlRow, b: SqlRow): number {
  return (a.at as number) - (b.at as number) || Buffer.compare(a.rest as Uint8Array, b.rest as Uint8Array);
}

export function listExecutions(
  core: SqliteCore,
  words: DictionaryReader,
  filter: ExecutionFilter,
): readonly Execution[] {
  const conditions = conditionsOf(core, filter);
  if (conditions === undefined) return [];
  return core.reading(() => {
    const walks = walksOf(core, filter, conditions);
    const found = walks.flatMap((along) => runQuery(core, walkQuery({ filter, conditions, along })));
    if (walks.length > 1) {
      const sign = filter.order === "oldest-first" ? 1 : -1;
      found.sort((a, b) => sign * compareIds(a, b));
    }
    const read = core.prepare(`${EXECUTION_SELECT} WHERE e.n = ?`);
    return found
      .slice(0, Math.max(0, Math.floor(filter.limit ?? ROWS_UNLESS_SAID)))
      .map((row) => unpackExecution(read.get(row.n as number) as SqlRow, words));
  });
}
