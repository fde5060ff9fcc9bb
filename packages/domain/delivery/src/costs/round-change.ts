/** Rounds a change of cost so that what is printed adds up as printed. */
import { roundParts } from "@colophon/methods";
import type { CostChange, ExplainedChange } from "./cost-change.ts";
import { decimalsFor } from "./format-amount.ts";

/** Billionths: what scripts are given, and what every coarser rounding starts from. */
export const FINEST_DECIMALS = 9;

/**
 * Amounts with so many digits after the point; the change is that of the rounded totals.
 *
 * @example
 * import { type CostChange, roundChange } from "@colophon/harness";
 *
 * const toCents = (change: CostChange): CostChange => roundChange(change, 2);
 */
export function roundChange<C extends CostChange>(change: C, decimals: number): C {
  const unit = 10 ** decimals;
  const [before, after] = [Math.round(change.before.amount * unit), Math.round(change.after.amount * unit)];
  const totals = {
    before: { ...change.before, amount: before / unit },
    after: { ...change.after, amount: after / unit },
  };
  if (change.status === "insufficient") return { ...change, ...totals };
  const amounts = roundParts(
    change.parts.map(({ amount }) => amount * unit),
    after - before,
  );
  const parts = change.parts.map((part, at) => ({ ...part, amount: (amounts[at] ?? 0) / unit }));
  return { ...change, ...totals, change: (after - before) / unit, parts };
}

/**
 * Digits after the point that show the totals and the largest part of a change well.
 *
 * @example
 * import { type CostChange, changeDecimals, roundChange } from "@colophon/harness";
 *
 * const printed = (change: CostChange): CostChange => roundChange(change, changeDecimals(change));
 */
export function changeDecimals({ before, after, ...more }: CostChange): number {
  const parts = more.status === "explained" ? (more as ExplainedChange).parts : [];
  return decimalsFor(Math.max(before.amount, after.amount, ...parts.map(({ amount }) => Math.abs(amount))));
}
