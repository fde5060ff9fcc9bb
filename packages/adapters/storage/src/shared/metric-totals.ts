/** Sums and sketch of the values of one metric: added up from values, merged, and packed into few bytes. */
import { type MetricSketch, type OutcomeValue, sketchBin } from "@colophon/kernel";

export interface MetricTotals {
  readonly count: number;
  /** Of numbers, true as 1 and false as 0; texts add 0. */
  readonly sum: number;
  readonly squares: number;
  /** Numbers of 0 and below. */
  readonly zeros: number;
  /** The bins of the numbers above 0 in ascending order, each followed by its count. */
  readonly bins: readonly number[];
}

/** Totals while values are added to them, one by one. */
export class MetricTally {
  #count = 0;
  #sum = 0;
  #squares = 0;
  #zeros = 0;
  readonly #bins = new Map<number, number>();

  add(value: OutcomeValue): void {
    const amount = typeof value === "string" ? 0 : Number(value);
    this.#count += 1;
    this.#sum += amount;
    this.#squares += amount * amount;
    if (typeof value !== "number") return;
    if (value <= 0) {
      this.#zeros += 1;
      return;
    }
    const bin = sketchBin(value);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + 1);
  }

  get totals(): MetricTotals {
    const bins: number[] = [];
    for (const bin of [...this.#bins.keys()].sort((a, b) => a - b)) {
      bins.push(bin, this.#bins.get(bin) as number);
    }
    return { count: this.#count, sum: this.#sum, squares: this.#squares, zeros: this.#zeros, bins };
  }
}

/** Adds totals up, or takes the second ones away; a bin that nothing is left of goes. */
export function mergeTotals(one: MetricTotals, other: MetricTotals, sign: 1 | -1 = 1): MetricTotals {
  return {
    count: one.count + sign * other.count,
    sum: one.sum + sign * other.sum,
    squares: one.squares + sign * other.squares,
    zeros: one.zeros + sign * other.zeros,
    bins: mergeBins(one.bins, other.bins, sign),
  };
}

function mergeBins(one: readonly number[], other: readonly number[], sign: 1 | -1): readonly number[] {
  const bins: number[] = [];
  let [at, otherAt] = [0, 0];
  while (at < one.length && otherAt < other.length) {
    const bin = one[at] as number;
    const otherBin = other[otherAt] as number;
    if (bin < otherBin) {
      bins.push(bin, one[at + 1] as number);
      at += 2;
    } else if (bin > otherBin) {
      bins.push(otherBin, sign * (other[otherAt + 1] as number));
      otherAt += 2;
    } else {
      const count = (one[at + 1] as number) + sign * (other[otherAt + 1] as number);
      if (count !== 0) bins.push(bin, count);
      at += 2;
      otherAt += 2;
    }
  }
  for (; at < one.length; at++) bins.push(one[at] as number);
  for (; otherAt < other.length; otherAt += 2) {
    bins.push(other[otherAt] as number, sign * (other[otherAt + 1] as number));
  }
  return bins;
}

/** Null where nothing of it is a number. */
export function sketchOfTotals({ zeros, bins }: MetricTotals): MetricSketch | null {
  if (zeros === 0 && bins.length === 0) return null;
  const counts: Record<number, number> = {};
  for (let at = 0; at < bins.length; at += 2) counts[bins[at] as number] = bins[at + 1] as number;
  return { zeros, bins: counts };
}
