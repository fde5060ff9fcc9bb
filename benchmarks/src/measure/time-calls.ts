/** Times calls one by one with the nanosecond clock of the process. */
import { medianQuantiles, type Quantiles, quantilesOf } from "./quantiles.ts";

export interface TimedCalls {
  readonly rounds: number;
  readonly calls: number;
}

/**
 * Nanoseconds per call. The task returns a number, which is added up so that no call can be optimised
 * away; the first round only warms up.
 */
export function timeCalls(task: (index: number) => number, { rounds, calls }: TimedCalls): Quantiles {
  const measured: Quantiles[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const quantiles = timeRound(task, new Float64Array(calls));
    if (round > 0) measured.push(quantiles);
  }
  return medianQuantiles(measured);
}

let sum = 0;

/** One round, with a sample for each call. */
function timeRound(task: (index: number) => number, samples: Float64Array): Quantiles {
  for (let index = 0; index < samples.length; index += 1) {
    const start = process.hrtime.bigint();
    sum += task(index);
    samples[index] = Number(process.hrtime.bigint() - start);
  }
  if (Number.isNaN(sum)) throw new Error("A measured task returned what is no number.");
  return quantilesOf(samples);
}

/** What reading the clock twice costs by itself; it is part of every figure. */
export function timerOverhead(calls: number): Quantiles {
  return timeCalls(() => 1, { rounds: 3, calls });
}
