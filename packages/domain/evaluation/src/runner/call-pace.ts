/** How many calls are under way at once: half as many when a provider has had too much, more again as answers come. */

/** One call's place among those under way; given back once. */
export interface PaceSlot {
  /** The provider answered: there may be room for more. */
  answered(): void;
  /** The provider has had too much; `asked` is how long it wants to be left alone, in milliseconds. */
  crowded(asked: number | null): void;
  leave(): void;
}

export interface CallPaceParts {
  /** Calls at once to begin with. */
  readonly start: number;
  /** The most calls at once. */
  readonly most: number;
  /** Waits; ends early when the work is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted, it closes. */
  readonly signal?: AbortSignal;
}

/**
 * Additive increase, multiplicative decrease, as TCP finds its rate: one call more for each full round of
 * answers. Calls that were under way together when the provider had had too much count once.
 */
export class CallPace {
  readonly #parts: CallPaceParts;
  #limit: number;
  #active = 0;
  /** Counts the decreases. */
  #cuts = 0;
  /** Resolves when the provider may be called again; undefined while it may. */
  #gate: Promise<unknown> | undefined;
  #closed = false;
  readonly #waiting: (() => void)[] = [];

  constructor(parts: CallPaceParts) {
    this.#parts = parts;
    this.#limit = Math.min(parts.start, parts.most);
    if (parts.signal?.aborted === true) this.close();
    parts.signal?.addEventListener("abort", () => this.close(), { once: true });
  }

  /** How many calls may be under way now; at least one. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Nobody gets a place any more. */
  close(): void {
    this.#closed = true;
    this.#wake(Number.POSITIVE_INFINITY);
  }

  /** Waits for a place; undefined once closed. */
  async enter(): Promise<PaceSlot | undefined> {
    while (!this.#closed) {
      if (this.#gate !== undefined) await this.#gate;
      else if (this.#active < this.limit) return this.#take();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return undefined;
  }

  #take(): PaceSlot {
    this.#active += 1;
    const cuts = this.#cuts;
    return {
      answered: () => {
        this.#limit = Math.min(this.#parts.most, this.#limit + 1 / this.#limit);
      },
      crowded: (asked) => {
        if (asked !== null) this.#shut(asked);
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

  /** Nobody calls until all pauses that were asked for are over. */
  #shut(milliseconds: number): void {
    const gate: Promise<unknown> = Promise.all([this.#gate, this.#parts.sleep(milliseconds)]).then(() => {
      if (this.#gate !== gate) return;
      this.#gate = undefined;
      this.#wake(this.limit);
    });
    this.#gate = gate;
  }

  #wake(count: number): void {
    for (const resolve of this.#waiting.splice(0, Math.max(0, count))) resolve();
  }
}
