/** Reads sums of any span, exact at the moment of asking: those that are kept, and the rows that are in none of them. */
import { cutSpan, type Span, type SpanPiece } from "../shared/cut-span.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { namesOf, type SumColumn, type SumTable } from "../shared/sum-tables.ts";
import { DAY_MS } from "../shared/units.ts";
import { foldedRows } from "./fold-ledger.ts";
import { Values } from "./list-executions.ts";
import { firstIdAt } from "./partitions.ts";
import type { Connection } from "./postgres-core.ts";

export interface SumsQuery {
  /** Milliseconds of what one sum covers; null for the whole span. */
  readonly by: number | null;
  /** Where whole units are read, the largest unit first; the last one knows all keys. */
  readonly tables: readonly SumTable[];
  /** What sums are kept apart by, besides time. */
  readonly keys: readonly string[];
  /** Numbers of versions and scopes; undefined for all. */
  readonly versions: readonly number[] | undefined;
  readonly scopes: readonly number[] | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Later than any row's time, which has 48 bits, and the beginning of a day. */
const FOREVER = DAY_MS * 2 ** 22;

/** A sum that was read, to be added, or to be taken away from others. */
export interface SignedRow {
  readonly row: SqlRow;
  readonly sign: 1 | -1;
}

/**
 * The sums by time, called `slot` and counted in `by`, and by the keys that were asked for, on one state
 * of the store. What the words that say the same come to is for the caller to add up.
 */
export async function readSums(
  connection: Connection,
  query: SumsQuery,
  place: string,
): Promise<readonly SignedRow[]> {
  const span = await spanOf(connection, query);
  const folded = await foldedRows(connection, place);
  const units = query.tables.map(({ unit }) => unit);
  const found: SignedRow[] = [];
  const read = async (source: Source, sign: 1 | -1): Promise<void> => {
    const { sql, values } = select(query, source);
    for (const row of await connection.query(sql, values.list)) found.push({ row: plainCurrency(row), sign });
  };
  for (const piece of cutSpan(span, units)) {
    await read(piece.unit === null ? cutRows(query, piece, folded) : wholeUnits(query, piece), piece.sign);
  }
  await read(unfoldedRows(query, span, folded), 1);
  return found;
}

/** Currencies are kept as JSON. */
function plainCurrency(row: SqlRow): SqlRow {
  return row.currency === "" ? row : { ...row, currency: JSON.parse(row.currency as string) as string };
}

/** A bound beyond which there is nothing is none, so that it cuts no unit either. */
export async function spanOf(
  { query }: Connection,
  {
    since = 0,
    until = FOREVER,
  }: { readonly since?: number | undefined; readonly until?: number | undefined },
): Promise<Span> {
  const [row] = await query(
    `SELECT EXISTS (SELECT FROM @schema.execution WHERE id < $1) AS before,
     EXISTS (SELECT FROM @schema.execution WHERE id >= $2) AS after`,
    [firstIdAt(since), firstIdAt(until)],
  );
  const { before, after } = row as unknown as { before: boolean; after: boolean };
  return { from: before ? since : 0, until: after && until < FOREVER ? until : FOREVER };
}

/** Where sums come from; `where` puts its values in their places. */
interface Source {
  readonly from: string;
  /** The expression that gives milliseconds since the epoch. */
  readonly time: string;
  readonly keys: readonly SumColumn[];
  readonly sums: readonly SumColumn[];
  where(values: Values): string;
}

function wholeUnits(query: SumsQuery, { unit, from, until }: SpanPiece): Source {
  const table = query.tables.find((one) => one.unit === unit) as SumTable;
  const plain = (columns: readonly SumColumn[]): readonly SumColumn[] =>
    namesOf(columns).map((name) => [name, `row.${name}`]);
  return {
    from: `@schema.${table.name}`,
    time: `row.slot::bigint * ${table.unit}`,
    keys: plain(table.keys),
    sums: plain(table.sums),
    where: (values) =>
      `row.slot >= ${values.place(from / table.unit)} AND row.slot < ${values.place(until / table.unit)}`,
  };
}

function cutRows({ tables }: SumsQuery, { from, until }: Span, folded: number): Source {
  return {
    ...rowsOf(tables),
    where: (values) =>
      `row.id >= ${values.place(firstIdAt(from))} AND row.id < ${values.place(firstIdAt(until))} AND row.n <= ${values.place(folded)}`,
  };
}

function unfoldedRows({ tables }: SumsQuery, { from, until }: Span, folded: number): Source {
  return {
    ...rowsOf(tables),
    where: (values) =>
      `row.n > ${values.place(folded)} AND row.at >= ${values.place(Math.ceil(from))} AND row.at < ${values.place(Math.ceil(until))}`,
  };
}

function rowsOf(tables: readonly SumTable[]): Omit<Source, "where"> {
  const { keys, sums } = tables.at(-1) as SumTable;
  return { from: "@schema.execution", time: "row.at", keys, sums };
}

function select(query: SumsQuery, source: Source): { readonly sql: string; readonly values: Values } {
  const { by, keys, versions, scopes } = query;
  const values = new Values();
  const wanted = source.keys.filter(([name]) => keys.includes(name));
  const columns = [
    `${by === null ? "0" : `(${source.time}) / ${by}`} AS slot`,
    ...wanted.map(([name, value]) => `${value} AS ${name}`),
    // Sums that outgrow a number are rounded to one.
    ...source.sums.map(([name, value]) => `sum(${value})::float8 AS ${name}`),
  ];
  const conditions = [source.where(values)];
  if (versions !== undefined) conditions.push(`row.version = ANY(${values.place(versions)}::int[])`);
  if (scopes !== undefined) conditions.push(`row.scope = ANY(${values.place(scopes)}::int[])`);
  const groups = Array.from({ length: wanted.length + 1 }, (_, index) => index + 1).join(", ");
  const sql = `SELECT ${columns.join(", ")} FROM ${source.from} AS row WHERE ${conditions.join(" AND ")} GROUP BY ${groups}`;
  return { sql, values };
}
