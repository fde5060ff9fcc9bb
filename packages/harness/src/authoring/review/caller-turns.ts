/** Lets each caller's heavy requests run one after another, and turns away more of them than may wait. */
import { HarnessError } from "@colophon/kernel";

interface Line {
  /** Running and waiting. */
  count: number;
  last: Promise<unknown>;
}

export class CallerTurns {
  readonly #most: number;
  readonly #retryAfter: number;
  readonly #lines = new Map<string, Line>();

  /**
   * @param most that run and wait of one caller.
   * @param retryAfter seconds after which whoever was turned away may come again.
   */
  constructor(most: number, retryAfter: number) {
    this.#most = most;
    this.#retryAfter = retryAfter;
  }

  /** @throws HarnessError `too-many-requests`, with `details.retryAfter` in seconds, and whatever the work throws. */
  async take<T>(caller: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(caller) ?? { count: 0, last: Promise.resolve() };
    if (line.count >= this.#most) {
      throw new HarnessError(
        "too-many-requests",
        `${this.#most} such requests of this key or person run or wait already; try again in ${this.#retryAfter} s.`,
        { details: { retryAfter: this.#retryAfter } },
      );
    }
    this.#lines.set(caller, line);
    line.count += 1;
    const turn = line.last.then(work);
    line.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      line.count -= 1;
      if (line.count === 0) this.#lines.delete(caller);
    }
  }
}
