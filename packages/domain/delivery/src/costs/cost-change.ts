/** The answer to "why did the cost change": totals, parts and the place that each part comes from. */
import type { Work, Worker } from "./cost-window.ts";
import type { CostFactor } from "./split-cells.ts";

export interface WindowTotals {
  readonly amount: number;
  /** Traces of work that is paid for in either window. */
  readonly traces: number;
  /** Calls that are paid for. */
  readonly calls: number;
}

/** Where a part comes from most: a text at work, and for what single calls differ in the model too. */
export interface CostPlace extends Work {
  readonly worker: Worker | null;
}

export interface CostPart {
  readonly factor: CostFactor;
  readonly amount: number;
  /** The factor over the whole window; null for mixes and prices, which are many figures. */
  readonly before: number | null;
  readonly after: number | null;
  /** Null where the part is nothing. */
  readonly where: CostPlace | null;
}

/** A change with its parts: `before.amount + change = after.amount`, and the parts add up to `change`. */
export interface ExplainedChange {
  readonly status: "explained";
  readonly currency: string;
  /** The culprit in words. */
  readonly headline: string;
  readonly before: WindowTotals;
  readonly after: WindowTotals;
  readonly change: number;
  /** Share of the amount before; null where that is nothing. */
  readonly share: number | null;
  /** Every factor, the largest part in the direction of the change first. */
  readonly parts: readonly CostPart[];
}

/** A window without calls whose cost is known: nothing can be compared. */
export interface UnexplainedChange {
  readonly status: "insufficient";
  /** Null where nothing is priced in either window. */
  readonly currency: string | null;
  readonly headline: string;
  readonly before: WindowTotals;
  readonly after: WindowTotals;
}

/** Amounts are in units of `currency`. */
export type CostChange = ExplainedChange | UnexplainedChange;
