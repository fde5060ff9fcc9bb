/** Folds the newest rows into the ledger's sums, a bounded piece at a time, by whoever gets to it. */
import { HarnessError } from "@colophon/kernel";
import { namesOf, type SumTable, sumsOfSums } from "../shared/sum-tables.ts";
import { foldMetrics } from "./fold-metrics.ts";
import { ledgerEnds } from "./ledger-ends.ts";
import { tryLockStore } from "./locks.ts";
import { BY_INDEX, type Connection, type PostgresCore } from "./postgres-core.ts";
import { SUM_TABLES, sumsOfRows } from "./sums.ts";

/** Rows of one piece: some tenths of a second of the server. */
const PIECE_ROWS = 10_000;
/** What a process may spend on folding before it ends; a short-lived one has a few rows to fold. */
export const LAST_FOLD_MS = 500;

/**
 * Where the fold stands: every row up to this number is in the sums, and none after it.
 *
 * @throws HarnessError `store-corrupt` when somebody took the watermark away.
 */
export async function foldedRows({ query }: Pick<Connection, "query">, place: string): Promise<number> {
  const [row] = await query("SELECT n FROM @schema.folded");
  if (row !== undefined) return row.n as number;
  throw new HarnessError(
    "store-corrupt",
    `The store ${place} lost the watermark of its sums; restore it from a backup.`,
  );
}

/** Adds the sums of the rows after $1 up to $2 to a table and to the coarser one that is made of it. */
function addSql(table: SumTable): string {
  const coarser = SUM_TABLES.find(({ of }) => of === table) as SumTable;
  return `WITH piece AS MATERIALIZED (${sumsOfRows(table, "row.n > $1 AND row.n <= $2")}),
    added AS (${addTo(table, "SELECT * FROM piece")})
    ${addTo(coarser, sumsOfSums(coarser, "piece"))}`;
}

function addTo({ name, keys, sums }: SumTable, source: string): string {
  const columns = [...namesOf(keys), ...namesOf(sums)].join(", ");
  const added = namesOf(sums).map((column) => `${column} = ${name}.${column} + excluded.${column}`);
  return `INSERT INTO @schema.${name} (${columns}) ${source}
    ON CONFLICT (${namesOf(keys).join(", ")}) DO UPDATE SET ${added.join(", ")}`;
}

const ADD = SUM_TABLES.filter(({ of }) => of === null).map(addSql);

/**
 * One piece of the sums or, where the sums are done, of the metrics.
 *
 * @returns whether there is nothing left to do here: no row after these, or another process at the same work.
 */
export async function foldPiece(core: PostgresCore, rows = PIECE_ROWS): Promise<boolean> {
  return (await foldSums(core, rows)) && (await foldMetrics(core));
}

function foldSums(core: PostgresCore, rows: number): Promise<boolean> {
  return core.transaction(async (connection) => {
    if (!(await tryLockStore(connection, "fold"))) return true;
    const [row] = await connection.query("SELECT n FROM @schema.folded");
    const { execution: last } = await ledgerEnds(connection);
    const from = row?.n as number | undefined;
    // Where somebody took the watermark away nothing is done: that is for readers to hear.
    if (from === undefined || from >= last) return true;
    const to = Math.min(last, from + rows);
    for (const sql of ADD) await connection.query(sql, [from, to]);
    await connection.query("UPDATE @schema.folded SET n = $1", [to]);
    return to === last;
  }, BY_INDEX);
}

/** Folds what there is, for at most so many milliseconds; what is left then is the next one's to fold. */
export async function foldLedger(core: PostgresCore, limit: number): Promise<void> {
  const deadline = core.clock.elapsed() + limit;
  while (!(await foldPiece(core))) if (core.clock.elapsed() >= deadline) return;
}
