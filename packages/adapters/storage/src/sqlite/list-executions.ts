/** Finds ledger rows: the most selective index leads, everything else is checked on the way. */
import type { Execution, ExecutionFilter, Pseudonym } from "@colophon/kernel";
import { sql } from "kysely";
import { fromHex } from "../shared/bytes.ts";
import { unpackExecution } from "../shared/execution-codec.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { EXECUTION_SELECT } from "./execution-select.ts";
import type { SqlRow, SqlValue } from "./node-sqlite.ts";
import { queryBuilder, runQuery } from "./query-builder.ts";
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

interface Lead {
  readonly column: "document" | "user" | "version" | null;
  /** Each value is asked for by itself, since one ordered walk cannot serve several. */
  readonly values: readonly (SqlValue | null)[];
}

function leadOf({ equal, versions }: Conditions): Lead {
  for (const column of ["document", "user"] as const) {
    const value = equal.get(column);
    if (value !== undefined) return { column, values: [value] };
  }
  return versions === undefined ? { column: null, values: [null] } : { column: "version", values: versions };
}

interface Walk {
  readonly filter: ExecutionFilter;
  readonly conditions: Conditions;
  readonly lead: Lead["column"];
  readonly value: SqlValue | null;
}

/** Ids (time and rest) of one ordered walk along the leading index. */
function walkQuery({ filter, conditions, lead, value }: Walk) {
  const { since, until, limit = ROWS_UNLESS_SAID, order } = filter;
  const direction = order === "oldest-first" ? "asc" : "desc";
  let query = queryBuilder.selectFrom("execution as e").select(["e.n", "e.at", "e.rest"]);
  // A unary plus keeps SQLite, which has no statistics here, from following another index than the leading one.
  const other = (column: string) => sql`+${sql.ref(`e.${column}`)}`;
  if (lead !== null) query = query.where(sql.ref(`e.${lead}`), "=", value);
  for (const [column, wanted] of conditions.equal) {
    if (column !== lead) query = query.where(other(column), "=", wanted);
  }
  if (conditions.versions !== undefined && lead !== "version")
    query = query.where(other("version"), "in", conditions.versions);
  if (conditions.scopes !== undefined) query = query.where(other("scope"), "in", conditions.scopes);
  if (since !== undefined) query = query.where("e.at", ">=", since);
  if (until !== undefined) query = query.where("e.at", "<", until);
  return query
    .orderBy("e.at", direction)
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
  const { column, values } = leadOf(conditions);
  const found = values.flatMap((value) =>
    runQuery(core, walkQuery({ filter, conditions, lead: column, value })),
  );
  if (values.length > 1) {
    const sign = filter.order === "oldest-first" ? 1 : -1;
    found.sort((a, b) => sign * compareIds(a, b));
  }
  const read = core.prepare(`${EXECUTION_SELECT} WHERE e.n = ?`);
  return found
    .slice(0, Math.max(0, Math.floor(filter.limit ?? ROWS_UNLESS_SAID)))
    .map((row) => unpackExecution(read.get(row.n as number) as SqlRow, words));
}
