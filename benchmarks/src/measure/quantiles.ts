/** Quantiles of samples, by nearest rank. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Sorts the samples in place. */
export function quantilesOf(samples: Float64Array): Quantiles {
  samples.sort();
  const at = (share: number): number =>
    samples[Math.min(samples.length - 1, Math.ceil(share * samples.length) - 1)] as number;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: samples[samples.length - 1] as number };
}

/** The middle one of some numbers; of an even count the lower. */
function medianOf(values: Iterable<number>): number {
  return quantilesOf(Float64Array.from(values)).p50;
}

/**
 * Quantiles of several rounds as the median of each: a round that another process disturbed does
 * not decide the tail.
 */
export function medianQuantiles(rounds: readonly Quantiles[]): Quantiles {
  const of = (pick: (round: Quantiles) => number): number => medianOf(rounds.map(pick));
  return {
    p50: of((round) => round.p50),
    p99: of((round) => round.p99),
    p999: of((round) => round.p999),
    max: of((round) => round.max),
  };
}
