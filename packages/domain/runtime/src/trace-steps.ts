/** Counts the calls of each prompt in a trace, so that a row says the how-manieth it is. */

/** Pairs of trace and prompt in a generation: the traces that are still at work in a busy process. */
const GENERATION = 5_000;

/** Counts by trace and prompt; what was not asked for while a generation of others came is forgotten. */
export class TraceSteps {
  readonly #generation: number;
  #young = new Map<string, number>();
  #old: ReadonlyMap<string, number> = new Map();

  constructor(generation = GENERATION) {
    this.#generation = generation;
  }

  /** The next step of a prompt in a trace: 1, 2, 3, …; another attempt is the step that it repeats. */
  next(trace: string, key: string, attempt: number): number {
    const pair = trace + key;
    const step = stepAfter(this.#young.get(pair) ?? this.#old.get(pair), attempt);
    this.#young.set(pair, step);
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return step;
  }
}

/** The step after the last one, which another attempt repeats. */
export function stepAfter(last: number | undefined, attempt: number): number {
  if (last === undefined) return 1;
  return attempt > 1 ? last : last + 1;
}
