/** Reads sums of any span, exact at the moment of asking: those that are kept, and the rows that are in none of them. */
import { cutSpan, type Span, type SpanPiece } from "../shared/cut-span.ts";
import { namesOf, type SumColumn, type SumTable } from "../shared/sum-tables.ts";
import { DAY_MS } from "../shared/units.ts";
import { foldedRows } from "./fold-ledger.ts";
import { indexedRows, lateIndexOf } from "./late-indexes.ts";
import type { SqlRow, SqlValue } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

export interface SumsQuery {
  /** Milliseconds of what one sum covers; null for the whole span. */
  readonly by: number | null;
  /** Where whole units are read, the largest unit first; the last one knows all keys. */
  readonly tables: readonly SumTable[];
  /** What sums are kept apart by, besides time. */
  readonly keys: readonly string[];
  readonly prompt: string | undefined;
  readonly environment: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Later than any row's time, which has 48 bits, and the beginning of a day. */
const FOREVER = DAY_MS * 2 ** 22;

/**
 * The sums by time, called `slot` and counted in `by`, and by the keys that were asked for. What the rows
 * of a dictionary that say the same come to is for the caller to add up.
 */
export function readSums(core: SqliteCore, query: SumsQuery, add: (row: SqlRow, sign: 1 | -1) => void): void {
  core.reading(() => {
    const span = spanOf(core, query);
    const folded = foldedRows(core);
    const units = query.tables.map(({ unit }) => unit);
    for (const piece of cutSpan(span, units)) {
      const reads = piece.unit === null ? readRows(core, query, piece) : [readUnits(query, piece)];
      for (const row of reads.flatMap((read) => run(core, read))) add(row, piece.sign);
    }
    for (const row of run(core, readUnfolded(query, span, folded))) add(row, 1);
  });
}

/** A bound beyond which there is nothing is none, so that it cuts no unit either. */
export function spanOf(
  core: SqliteCore,
  { since = 0, until = FOREVER }: Pick<SumsQuery, "since" | "until">,
): Span {
  const { before, after } = core
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM execution WHERE at < ?) AS before,
       EXISTS (SELECT 1 FROM execution WHERE at >= ?) AS after`,
    )
    .get(since, until) as { before: number; after: number };
  return { from: before === 1 ? since : 0, until: after === 1 ? until : FOREVER };
}

interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function run(core: SqliteCore, { sql, values }: Statement): readonly SqlRow[] {
  return core.prepare(sql).all(...values) as SqlRow[];
}

function readUnits(query: SumsQuery, { unit, from, until }: SpanPiece): Statement {
  const table = query.tables.find((one) => one.unit === unit) as SumTable;
  const slots = unit === null ? 1 : unit;
  const plain = (columns: readonly SumColumn[]): readonly SumColumn[] =>
    namesOf(columns).map((name) => [name, `row.${name}`]);
  return select(query, {
    from: table.name,
    time: `row.slot * ${slots}`,
    version: "+row.version",
    keys: plain(table.keys),
    sums: plain(table.sums),
    where: "row.slot >= ? AND row.slot < ?",
    values: [from / slots, until / slots],
  });
}

/** Those of a prompt along the index of versions and times, as far as it goes; all others along that of times alone. */
function readRows(core: SqliteCore, query: SumsQuery, { from, until }: Span): readonly Statement[] {
  const folded = foldedRows(core);
  const indexed = query.prompt === undefined ? 0 : Math.min(folded, indexedRows(core));
  const byTime = select(query, {
    ...rowsOf(query),
    version: "+row.version",
    where: "row.at >= ? AND row.at < ? AND +row.n > ? AND +row.n <= ?",
    values: [from, until, indexed, folded],
  });
  if (query.prompt === undefined) return [byTime];
  const byVersion = select(query, {
    ...rowsOf(query),
    from: `${lateIndexOf("version")} AS entry CROSS JOIN execution`,
    version: "entry.version",
    where: "row.n = entry.n AND entry.at >= ? AND entry.at < ? AND +entry.n <= ?",
    values: [from, until, indexed],
  });
  return indexed === folded ? [byVersion] : [byVersion, byTime];
}

function readUnfolded(query: SumsQuery, { from, until }: Span, folded: number): Statement {
  return select(query, {
    ...rowsOf(query),
    version: "+row.version",
    where: "row.n > ? AND +row.at >= ? AND +row.at < ?",
    values: [folded, from, until],
  });
}

function rowsOf({ tables }: SumsQuery): Pick<Source, "from" | "time" | "keys" | "sums"> {
  const { keys, sums } = tables.at(-1) as SumTable;
  return { from: "execution", time: "row.at", keys, sums };
}

interface Source {
  readonly from: string;
  /** The expression that gives milliseconds since the epoch. */
  readonly time: string;
  /** The version's column, with a plus where its index is not to be followed. */
  readonly version: string;
  readonly keys: readonly SumColumn[];
  readonly sums: readonly SumColumn[];
  readonly where: string;
  readonly values: readonly SqlValue[];
}

function select({ by, keys, prompt, environment }: SumsQuery, source: Source): Statement {
  const wanted = source.keys.filter(([name]) => keys.includes(name));
  const columns = [
    `${by === null ? 0 : `(${source.time}) / ${by}`} AS slot`,
    ...wanted.map(([name, value]) => `${value} AS ${name}`),
    // Unlike sum(), total() cannot overflow; up to 2^53 both are exact.
    ...source.sums.map(([name, value]) => `total(${value}) AS ${name}`),
  ];
  const conditions = [source.where];
  const values = [...source.values];
  if (prompt !== undefined) {
    conditions.push(`${source.version} IN (SELECT n FROM version WHERE prompt = ?)`);
    values.push(prompt);
  }
  if (environment !== undefined) {
    conditions.push("+row.scope IN (SELECT n FROM scope WHERE environment = ?)");
    values.push(environment);
  }
  const groups = Array.from({ length: wanted.length + 1 }, (_, index) => index + 1).join(", ");
  const sql = `SELECT ${columns.join(", ")} FROM ${source.from} AS row WHERE ${conditions.join(" AND ")} GROUP BY ${groups}`;
  return { sql, values };
}
