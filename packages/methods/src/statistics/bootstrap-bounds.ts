/** Bounds of a clustered mean where scores are too skewed for Student's t. */
import { HarnessError } from "@colophon/kernel";
import type { Draws } from "../seeded-draws.ts";
import type { Bounds, ClusteredMean, ClusterTotal } from "./clustered-mean.ts";
import { probability } from "./distributions.ts";

export interface BootstrapOptions {
  readonly alpha: number;
  readonly random: Draws;
  /** At least 2,000, which is the default. */
  readonly draws?: number;
}

/**
 * The studentised bootstrap over whole clusters: clusters are drawn with replacement, each draw gives
 * t* = (x̄* − x̄)/SE*, and the bounds are x̄ − t*_{1−α} SE and x̄ − t*_{α} SE. Null where there is no
 * standard error. Wants some hundred clusters; fewer do not hold the tail.
 *
 * B. Efron and R. Tibshirani, An introduction to the bootstrap, 1993, chapter 12; that it corrects for
 * skew to the second order: P. Hall, The bootstrap and Edgeworth expansion, 1992.
 *
 * @throws HarnessError `usage` for fewer than 2,000 draws, or an alpha that is no probability.
 */
export function bootstrapBounds(given: ClusteredMean, options: BootstrapOptions): Bounds | null {
  const { random, draws = 2000 } = options;
  const alpha = probability(options.alpha);
  if (!Number.isInteger(draws) || draws < 2000) {
    throw new HarnessError("usage", `A bootstrap of ${draws} draws is too coarse; give 2000 or more.`);
  }
  const { mean, standardError, totals } = given;
  if (standardError === null) return null;
  if (standardError === 0) return { lower: mean, upper: mean };
  const ratios = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw += 1) ratios[draw] = drawRatio(totals, mean, random);
  ratios.sort();
  return {
    lower: mean - at(ratios, 1 - alpha) * standardError,
    upper: mean - at(ratios, alpha) * standardError,
  };
}

/** One draw's t*; infinite where all drawn clusters are alike but off the mean. */
function drawRatio(totals: readonly ClusterTotal[], mean: number, random: Draws): number {
  const count = totals.length;
  let [sum, size, sums, sizes, both] = [0, 0, 0, 0, 0];
  for (let turn = 0; turn < count; turn += 1) {
    const total = totals[random.below(count)] as ClusterTotal;
    sum += total.sum;
    size += total.size;
    sums += total.sum * total.sum;
    sizes += total.size * total.size;
    both += total.sum * total.size;
  }
  const drawn = sum / size;
  const squares = Math.max(0, sums - 2 * drawn * both + drawn * drawn * sizes);
  const error = Math.sqrt((count / (count - 1)) * squares) / size;
  const off = drawn - mean;
  // What is left of squares that cancel is a rounding error, no spread.
  if (error > 1e-12) return off / error;
  return Math.abs(off) < 1e-12 ? 0 : Math.sign(off) * Number.POSITIVE_INFINITY;
}

/** The order statistic at probability p, never short of it on its own side. */
function at(sorted: Float64Array, p: number): number {
  const rank = p > 0.5 ? Math.ceil(p * (sorted.length + 1)) : Math.floor(p * (sorted.length + 1));
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? 0;
}
