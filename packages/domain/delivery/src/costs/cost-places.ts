/** Finds where a part of a change comes from: the text at work, or the text on a model. */
import { type Work, type Worker, workName } from "./cost-window.ts";
import { type CellSplit, COST_FACTORS, type CostFactor } from "./split-cells.ts";

/** Cells that belong together for a factor, with what they add to its part. */
export interface PlaceSplit {
  readonly work: Work;
  /** Null for factors that all models of a work share. */
  readonly worker: Worker | null;
  readonly cells: readonly CellSplit[];
  readonly amount: number;
}

const OF_WORK: readonly CostFactor[] = ["volume", "callsPerTrace", "retries", "promptMix"];

/** Every place of a factor, in no order. */
function placesOf(cells: readonly CellSplit[], factor: CostFactor): readonly PlaceSplit[] {
  const at = COST_FACTORS.indexOf(factor);
  const amountOf = (some: readonly CellSplit[]): number =>
    some.reduce((sum, { parts }) => sum + (parts[at] ?? 0), 0);
  if (!OF_WORK.includes(factor)) {
    return cells.map((cell) => ({
      work: cell.work,
      worker: cell.worker,
      cells: [cell],
      amount: amountOf([cell]),
    }));
  }
  return [...byWork(cells).values()].flatMap((some) =>
    some[0] === undefined ? [] : [{ work: some[0].work, worker: null, cells: some, amount: amountOf(some) }],
  );
}

/** The place that adds most to the part in its direction (1 or -1); undefined without cells. */
export function topPlace(
  cells: readonly CellSplit[],
  { factor, direction }: { readonly factor: CostFactor; readonly direction: number },
): PlaceSplit | undefined {
  return placesOf(cells, factor).reduce<PlaceSplit | undefined>(
    (top, place) => (top === undefined || direction * (place.amount - top.amount) > 0 ? place : top),
    undefined,
  );
}

export function byWork(cells: readonly CellSplit[]): ReadonlyMap<string, readonly CellSplit[]> {
  return Map.groupBy(cells, ({ work }) => workName(work));
}
