/** Rounds a limit to two digits, away from what is usual. */
import type { MetricKind } from "@colophon/kernel";

/** Shares near 1 keep two digits of what they lack to it: 0.98712 below becomes 0.987. */
export function roundLimit(
  value: number,
  { direction, kind }: { readonly direction: "above" | "below"; readonly kind: MetricKind },
): number {
  if (direction === "above") return twoDigits(value, Math.ceil);
  return kind === "amount" ? twoDigits(value, Math.floor) : clean(1 - twoDigits(1 - value, Math.ceil));
}

function twoDigits(value: number, round: (value: number) => number): number {
  // What cancels leaves a rest that would count as a digit.
  if (Math.abs(value) < 1e-9) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return clean(round(Number((value / unit).toPrecision(12))) * unit);
}

function clean(value: number): number {
  return Number(value.toPrecision(10));
}
