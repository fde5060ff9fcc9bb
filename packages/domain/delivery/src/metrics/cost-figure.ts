/** What calls cost on average, and how that is spread. */
import { quantileOf } from "@colophon/methods";
import type { Priced } from "../costs/price-sum.ts";
import { type MetricFigure, noFigure } from "./metric-figure.ts";
import type { NewestRow } from "./metric-line.ts";

export interface CostTotal {
  readonly currency: string;
  readonly amount: number;
  /** Calls that the amount is for. */
  readonly calls: number;
}

/** `value` is the mean per priced call; sums know no spread of it, so quantiles are those of the newest rows. */
export interface CostFigure extends MetricFigure {
  /** Null where nothing is priced, or in several currencies. */
  readonly currency: string | null;
  readonly totals: readonly CostTotal[];
  /** Calls of a model without a price, or whose provider named no tokens. */
  readonly unpriced: number;
  /** Priced rows that the quantiles are read from. */
  readonly quantileRows: number;
}

/** @param newest rows of the same calls. */
export function costFigure(priced: readonly Priced[], newest: readonly NewestRow[]): CostFigure {
  const sums = new Map<string, { amount: number; calls: number }>();
  let unpriced = 0;
  for (const { sum, cost } of priced) {
    const known = cost.kind === "unpriced" ? 0 : cost.kind === "stated" ? sum.calls : cost.billed;
    unpriced += sum.calls - known;
    if (cost.kind === "unpriced" || known === 0) continue;
    const before = sums.get(cost.currency) ?? { amount: 0, calls: 0 };
    sums.set(cost.currency, { amount: before.amount + cost.amount, calls: before.calls + known });
  }
  const totals = [...sums]
    .map(([currency, total]) => ({ currency, ...total }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
  const [total, ...others] = totals;
  const none = { currency: null, totals, unpriced, quantileRows: 0 };
  if (total === undefined) {
    return { ...noFigure("amount", "no call has a price: see `colophon costs`"), ...none };
  }
  if (others.length > 0) {
    const names = totals.map(({ currency }) => currency).join(" and ");
    return { ...noFigure("amount", `it was paid in ${names}, which do not add up`), ...none };
  }
  const costs = newest.flatMap(({ cost }) => (cost?.currency === total.currency ? [cost.amount] : []));
  costs.sort((a, b) => a - b);
  const at = (share: number): number => quantileOf(costs, share);
  return {
    ...noFigure("amount", ""),
    value: total.amount / total.calls,
    samples: total.calls,
    quantiles: costs.length === 0 ? null : { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    reason: null,
    currency: total.currency,
    totals,
    unpriced,
    quantileRows: costs.length,
  };
}
