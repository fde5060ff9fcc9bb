/** Mergeable quantile sketches with a relative error: logarithmic bins, as in DDSketch (Masson et al., VLDB 2019). */

/** Ratio of a bin's bounds. A quantile is off by at most (γ − 1) / (γ + 1) = 2 % of its value. */
export const SKETCH_GAMMA = 1.02 / 0.98;
const LOG_GAMMA = Math.log(SKETCH_GAMMA);

/**
 * By so much of a bin's width bounds lie above γ^i, so that a value which is such a power itself, as the
 * share 49/51 is, falls into the same bin wherever its logarithm is taken: platforms differ in the last bit.
 */
const SLACK = 1e-9;

/** Counts by bin: bin `i` holds values in (γ^(i − 1), γ^i]; values of 0 and below are counted apart, as 0. */
export interface MetricSketch {
  readonly zeros: number;
  readonly bins: Readonly<Record<number, number>>;
}

/** The bin of a value above 0. */
export function sketchBin(value: number): number {
  // The sum makes a 0 of −0, which is what the ceiling of little less than 0 is.
  return Math.ceil(Math.log(value) / LOG_GAMMA - SLACK) + 0;
}

/** Adds sketches up. */
export function mergeSketches(sketches: Iterable<MetricSketch>): MetricSketch {
  let zeros = 0;
  const bins: Record<number, number> = {};
  for (const sketch of sketches) {
    zeros += sketch.zeros;
    for (const [bin, count] of Object.entries(sketch.bins)) {
      bins[Number(bin)] = (bins[Number(bin)] ?? 0) + count;
    }
  }
  return { zeros, bins };
}

/** The sketch of some numbers. */
export function sketchOf(values: Iterable<number>): MetricSketch {
  let zeros = 0;
  const bins: Record<number, number> = {};
  for (const value of values) {
    if (value <= 0) zeros += 1;
    else bins[sketchBin(value)] = (bins[sketchBin(value)] ?? 0) + 1;
  }
  return { zeros, bins };
}

/** 0.07 · 100 comes to a little more than 7, and is rank 7 all the same. */
const ROUNDING = 1e-9;

/**
 * The value below which a share `quantile` in [0, 1] of the values lies, within 2 % of it (nearest
 * rank); null for an empty sketch.
 */
export function sketchQuantile({ zeros, bins }: MetricSketch, quantile: number): number | null {
  const sorted = Object.entries(bins)
    .map(([bin, count]) => [Number(bin), count] as const)
    .sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, zeros);
  if (total === 0) return null;
  const rank = Math.min(total - 1, Math.max(0, Math.ceil(quantile * total - ROUNDING) - 1));
  let below = zeros;
  if (rank < below) return 0;
  for (const [bin, count] of sorted) {
    below += count;
    if (rank < below) return (2 * SKETCH_GAMMA ** bin) / (SKETCH_GAMMA + 1);
  }
  return null;
}
