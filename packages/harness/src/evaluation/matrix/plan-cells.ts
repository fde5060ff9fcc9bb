/** Plans which cells of the matrix to run, by risk, traffic and what runs have cost. */
import { type CellToPlan, type MatrixPlan, type Money, modelName, planMatrix } from "@colophon/evaluation";
import type { RunData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { listMatrix, type Matrix, type MatrixQuery } from "./list-cells.ts";

export interface MatrixPlanQuery extends MatrixQuery {
  readonly budget?: Money | null | undefined;
}

export interface PlannedMatrix extends MatrixPlan {
  readonly environment: string;
  readonly budget: Money | null;
}

const DAY_MS = 86_400_000;
/** Traffic of the last days decides which prompts are busy. */
const TRAFFIC_DAYS = 30;

/**
 * @throws HarnessError as `listMatrix` does.
 */
export async function planCells(harness: Harness, query: MatrixPlanQuery): Promise<PlannedMatrix> {
  const { environment, budget = null } = query;
  const matrix = await listMatrix(harness, query);
  const traffic = await trafficOf(harness, environment);
  const cells = matrix.cells.map(
    (cell): CellToPlan => ({
      cell,
      traffic: traffic === null ? null : (traffic.get(cell.key) ?? 0),
      costPerCase: costPerCase(matrix, cell.key, modelName(cell)),
    }),
  );
  return { environment, budget, ...planMatrix(cells, budget) };
}

/** Shares of all served calls; null where there were none. */
async function trafficOf(harness: Harness, environment: string): Promise<ReadonlyMap<string, number> | null> {
  const until = harness.clock.now();
  const since = until - TRAFFIC_DAYS * DAY_MS;
  const sums = await harness.ledger.listRollups({ environment, since, until, by: "window" });
  const calls = new Map<string, number>();
  for (const { prompt, purpose, calls: count } of sums) {
    if (purpose === "serve") calls.set(prompt, (calls.get(prompt) ?? 0) + count);
  }
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  return all === 0 ? null : new Map([...calls].map(([key, count]) => [key, count / all]));
}

/** By the last run of the prompt on the model; another model's says nothing of this one's price. */
function costPerCase({ runs }: Matrix, key: string, model: string): Money | null {
  const known = (run: RunData): boolean => run.key === key && modelName(run) === model && run.cost !== null;
  const last = runs.findLast(known);
  if (last?.cost == null || last.lines === 0) return null;
  return { amount: (last.cost.amount / last.lines) * last.repeats, currency: last.cost.currency };
}
