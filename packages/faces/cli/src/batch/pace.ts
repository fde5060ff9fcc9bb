/** How many calls are under way at once: half as many when the provider has had too much, more again as answers come. */

/** One call's place among those under way; given back once. */
export interface Slot {
  /** The provider answered: there may be room for more. */
  answered(): void;
  /** The provider has had too much; `asked` is how long it wants to be left alone, in milliseconds. */
  crowded(asked: number | null): void;
  leave(): void;
}

export interface PaceParts {
  /** The most calls at once, and the number to begin with. */
  readonly most: number;
  /** Waits; ends early when the work is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted: nobody gets a place any more. */
  readonly signal: AbortSignal;
}

/**
 * Additive increase, multiplicative decrease, as TCP finds its rate. Calls that were under way together
 * when the provider had had too much say so together, and count once.
 */
export class Pace {
  readonly #parts: PaceParts;
  #limit: number;
  #active = 0;
  /** Counts the decreases. */
  #cuts = 0;
  /** Resolves when the provider may be called again. */
  #gate: Promise<unknown> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];

  constructor(parts: PaceParts) {
    this.#parts = parts;
    this.#limit = parts.most;
    parts.signal.addEventListener("abort", () => this.#wake(Number.POSITIVE_INFINITY), { once: true });
  }

  /** How many calls may be under way now; at least one. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Waits for a place; undefined once the work is stopped. */
  async enter(): Promise<Slot | undefined> {
    const { signal } = this.#parts;
    while (!signal.aborted) {
      const gate = this.#gate;
      await gate;
      if (gate !== this.#gate || signal.aborted) continue;
      if (this.#active < this.limit) return this.#take();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return undefined;
  }

  #take(): Slot {
    this.#active += 1;
    const cuts = this.#cuts;
    return {
      answered: () => {
        this.#limit = Math.min(this.#parts.most, this.#limit + 1 / this.#limit);
      },
      crowded: (asked) => {
        if (asked !== null) this.#gate = Promise.all([this.#gate, this.#parts.sleep(asked)]);
        if (cuts !== this.#cuts) return;
        this.#cuts += 1;
        this.#limit = Math.max(1, this.#limit / 2);
      },
      leave: () => {
        this.#active -= 1;
        this.#wake(this.limit - this.#active);
      },
    };
  }

  #wake(count: number): void {
    for (const resolve of this.#waiting.splice(0, Math.max(0, count))) resolve();
  }
}
