/** Finds ledger rows: an index of document, user or version leads, everything else is checked on the way. */
import type { Execution, ExecutionFilter, Pseudonym } from "@colophon/kernel";
import { fromHex } from "../shared/bytes.ts";
import { readExecutions } from "./execution-rows.ts";
import { firstIdAt } from "./partitions.ts";
import type { Connection, SqlParameter } from "./postgres-core.ts";
import { type WordReader, wordNumbers } from "./word-book.ts";

const ROWS_UNLESS_SAID = 100;
const HEX_32 = /^[0-9a-f]{32}$/;

const SUBJECT_COLUMNS = [
  ["user", '"user"'],
  ["tenant", "tenant"],
  ["document", "document"],
  ["documentType", "document_type"],
] as const;

type Query = Pick<Connection, "query">;

/** What a row must be equal to, by column; undefined for a filter that nothing can fit. */
type Conditions = ReadonlyMap<string, SqlParameter>;

async function conditionsOf(connection: Query, filter: ExecutionFilter): Promise<Conditions | undefined> {
  const equal = new Map<string, SqlParameter>();
  for (const [name, column] of SUBJECT_COLUMNS) {
    const pseudonym = filter[name];
    if (pseudonym === undefined) continue;
    const n = await subjectNumber(connection, pseudonym);
    if (n === undefined) return undefined;
    equal.set(column, n);
  }
  for (const name of ["session", "trace"] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    if (!HEX_32.test(value)) return undefined;
    equal.set(name, fromHex(value));
  }
  return equal;
}

async function subjectNumber({ query }: Query, pseudonym: Pseudonym): Promise<number | undefined> {
  if (!HEX_32.test(pseudonym)) return undefined;
  const [row] = await query("SELECT n FROM @schema.subject WHERE pseudonym = $1", [fromHex(pseudonym)]);
  return row?.n as number | undefined;
}

/** The numbers of a version's words; undefined where the filter does not ask for any. */
export async function versionNumbers(
  connection: Query,
  { prompt, version, hash }: Pick<ExecutionFilter, "prompt" | "version" | "hash">,
): Promise<readonly number[] | undefined> {
  if (prompt === undefined && version === undefined && hash === undefined) return undefined;
  const fits = (body: readonly unknown[]): boolean =>
    (prompt === undefined || body[0] === prompt) &&
    (version === undefined || body[1] === version) &&
    (hash === undefined || body[2] === hash);
  return wordNumbers(connection, "version", {
    ...(prompt === undefined ? undefined : { first: prompt }),
    fits,
  });
}

/** The numbers of a scope's words; undefined where the filter does not ask for any. */
export async function scopeNumbers(
  connection: Query,
  { environment, purpose }: Pick<ExecutionFilter, "environment" | "purpose">,
): Promise<readonly number[] | undefined> {
  if (environment === undefined && purpose === undefined) return undefined;
  const fits = (body: readonly unknown[]): boolean =>
    (environment === undefined || body[0] === environment) && (purpose === undefined || body[2] === purpose);
  const first = environment === undefined ? undefined : { first: environment };
  return wordNumbers(connection, "scope", { ...first, fits });
}

/** Puts values where their places are. */
export class Values {
  readonly list: SqlParameter[] = [];

  place(value: SqlParameter): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

export async function listExecutions(
  connection: Query,
  reader: WordReader,
  filter: ExecutionFilter,
): Promise<readonly Execution[]> {
  const limit = Math.max(0, Math.floor(filter.limit ?? ROWS_UNLESS_SAID));
  const equal = await conditionsOf(connection, filter);
  const versions = await versionNumbers(connection, filter);
  const scopes = await scopeNumbers(connection, filter);
  if (equal === undefined || versions?.length === 0 || scopes?.length === 0) return [];
  const values = new Values();
  const wheres: string[] = [];
  for (const [column, value] of equal) wheres.push(`e.${column} = ${values.place(value)}`);
  if (scopes !== undefined) wheres.push(`e.scope = ANY(${values.place(scopes)}::int[])`);
  if (filter.since !== undefined) wheres.push(`e.id >= ${values.place(firstIdAt(filter.since))}`);
  if (filter.until !== undefined) wheres.push(`e.id < ${values.place(firstIdAt(filter.until))}`);
  const direction = filter.order === "oldest-first" ? "ASC" : "DESC";
  const end = `ORDER BY e.id ${direction} LIMIT ${limit}`;
  const walk = (more: readonly string[]): string =>
    `SELECT e.id FROM @schema.execution e WHERE ${["true", ...wheres, ...more].join(" AND ")} ${end}`;
  const isOfOne = filter.user !== undefined || filter.document !== undefined;
  if (isOfOne && versions !== undefined) wheres.push(`e.version = ANY(${values.place(versions)}::int[])`);
  // One ordered walk along the index of versions cannot serve several of them.
  const sql =
    versions === undefined || isOfOne
      ? walk([])
      : `SELECT e.id FROM unnest(${values.place(versions)}::int[]) AS asked (version)
         CROSS JOIN LATERAL (${walk(["e.version = asked.version"])}) AS e ${end}`;
  const ids = (await connection.query(sql, values.list)).map(({ id }) => id as string);
  const found = await readExecutions(connection, reader, ids);
  return ids.flatMap((id) => found.get(id) ?? []);
}
