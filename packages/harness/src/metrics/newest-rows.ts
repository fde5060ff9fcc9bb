/** The newest rows of a window with their outcomes and costs: what sums do not know is read from them. */
import { type NewestRow, priceExecution } from "@colophon/delivery";
import type { ExecutionFilter, Outcome, PriceBook } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** So many are read in well under a second, however large the store is. */
const NEWEST_ROWS = 2_000;

/** Newest first; outcomes in the order in which they were said. */
export async function newestRows(
  { ledger }: Harness,
  filter: ExecutionFilter,
  book: PriceBook,
): Promise<readonly NewestRow[]> {
  const rows = await ledger.listExecutions({ limit: NEWEST_ROWS, ...filter, order: "newest-first" });
  const outcomes = await ledger.listOutcomes(rows.map(({ id }) => id));
  const said = Map.groupBy<string, Outcome>(outcomes, ({ execution }) => execution);
  return rows.map((row) => ({
    row,
    cost: priceExecution(row, book),
    outcomes: (said.get(row.id) ?? []).toSorted((a, b) => a.at - b.at),
  }));
}
