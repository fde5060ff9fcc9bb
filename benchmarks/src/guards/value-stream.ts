/** Streams of units that each bring a value, told to guards and to a naive z-test. */
import { addToMoments, type Draws, type Moments, NO_VALUES, normalQuantile } from "@colophon/methods";
import type { Traffic } from "./traffic.ts";

export interface ValuedUnit {
  readonly arm: "challenger" | "control";
  readonly share: number;
  readonly value: number;
  /** From 1. */
  readonly request: number;
}

export interface ValueStream {
  readonly traffic: Traffic;
  /** The value of a unit of that arm at a level of the traffic. */
  readonly draw: (unit: Pick<ValuedUnit, "arm">, level: number, random: Draws) => number;
}

/** Visits each request until a visit says to stop. */
export function visitValues(
  { traffic, draw }: ValueStream,
  random: Draws,
  visit: (unit: ValuedUnit) => boolean,
): void {
  const { requests, share, level } = traffic;
  for (let request = 1; request <= requests; request += 1) {
    const way = (request - 1) / requests;
    const now = share(way);
    const arm = random.next() < now ? "challenger" : "control";
    const value = draw({ arm }, level(way), random);
    if (visit({ arm, share: now, value, request })) return;
  }
}

/** The naive test: Welch's z of two means, one-sided, looked at 100 times in equal steps from 30 in each arm on. */
export class NaiveMeans {
  readonly #every: number;
  readonly #critical: number;
  readonly #sign: number;
  #challenger: Moments = NO_VALUES;
  #control: Moments = NO_VALUES;
  fired = false;

  constructor(traffic: Traffic, alpha: number, harm: "more" | "less") {
    this.#every = Math.ceil(traffic.requests / 100);
    this.#critical = normalQuantile(1 - alpha);
    this.#sign = harm === "more" ? 1 : -1;
  }

  add({ arm, value, request }: ValuedUnit): void {
    if (arm === "challenger") this.#challenger = addToMoments(this.#challenger, value);
    else this.#control = addToMoments(this.#control, value);
    if (request % this.#every === 0) this.fired ||= this.#statistic() > this.#critical;
  }

  #statistic(): number {
    const [ours, theirs] = [this.#challenger, this.#control];
    if (ours.count < 30 || theirs.count < 30) return 0;
    const variance =
      ours.squares / (ours.count - 1) / ours.count + theirs.squares / (theirs.count - 1) / theirs.count;
    return variance > 0 ? (this.#sign * (ours.mean - theirs.mean)) / Math.sqrt(variance) : 0;
  }
}

/** Moments by arm, one pair for each step of the traffic's share. */
export class StepMoments {
  readonly steps: { challenger: Moments; control: Moments }[] = [];
  #share = Number.NaN;

  add({ arm, share, value }: ValuedUnit): void {
    if (share !== this.#share) this.steps.push({ challenger: NO_VALUES, control: NO_VALUES });
    this.#share = share;
    const step = this.steps.at(-1);
    if (step !== undefined) step[arm] = addToMoments(step[arm], value);
  }
}
