/** The observations of a sliding window, summed in small buckets of time. */
import type { EpochMs, ExecutionId } from "@colophon/kernel";

const BUCKETS = 60;
/** Kept at the most: a clock that runs ahead must not push out what the others say. */
const KEPT_BUCKETS = 4 * BUCKETS;
const KEPT_FAILING = 10;

interface Bucket {
  count: number;
  sum: number;
  first: EpochMs;
}

export interface WindowSums {
  readonly count: number;
  readonly sum: number;
  /** Time of the first observation in the window; null without one. */
  readonly since: EpochMs | null;
  /** Some failing executions, the newest last. */
  readonly failing: readonly ExecutionId[];
}

export interface WindowObservation {
  readonly at: EpochMs;
  readonly value: number;
  readonly id: ExecutionId;
  readonly failing: boolean;
}

/** Late observations count where they belong; the window is exact to a sixtieth of its length. */
export class ObservationWindow {
  readonly #length: number;
  readonly #width: number;
  readonly #buckets = new Map<number, Bucket>();
  #failing: { readonly id: ExecutionId; readonly at: EpochMs }[] = [];

  constructor(length: number) {
    this.#length = length;
    this.#width = Math.max(1, length / BUCKETS);
  }

  add({ at, value, id, failing }: WindowObservation): void {
    const index = Math.floor(at / this.#width);
    const bucket = this.#buckets.get(index) ?? { count: 0, sum: 0, first: at };
    this.#buckets.set(index, bucket);
    bucket.count += 1;
    bucket.sum += value;
    bucket.first = Math.min(bucket.first, at);
    if (this.#buckets.size > KEPT_BUCKETS) this.#buckets.delete(Math.min(...this.#buckets.keys()));
    if (failing && !this.#failing.some((one) => one.id === id)) this.#keep({ id, at });
  }

  #keep(one: { readonly id: ExecutionId; readonly at: EpochMs }): void {
    this.#failing.push(one);
    this.#failing.sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#failing = this.#failing.slice(-KEPT_FAILING);
  }

  /** What lies in the window that ends at `now`; what is said to come a whole window later is nobody's time, and forgotten. */
  sums(now: EpochMs): WindowSums {
    const from = now - this.#length;
    let [count, sum, since] = [0, 0, Number.POSITIVE_INFINITY];
    for (const [index, bucket] of this.#buckets) {
      if (bucket.first > now + this.#length) this.#buckets.delete(index);
      if (index * this.#width < from || bucket.first > now) continue;
      count += bucket.count;
      sum += bucket.sum;
      since = Math.min(since, bucket.first);
    }
    const failing = this.#failing.filter(({ at }) => at >= from).map(({ id }) => id);
    return { count, sum, since: count === 0 ? null : since, failing };
  }
}
