/** The time limit of one attempt, and the signal by which its sender hears of it. */

export class TimeLimit {
  /** Aborted with the `TimeoutError`, or as the application's own signal is. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #end: ((error: Error) => void) | undefined;

  constructor(milliseconds: number, own: AbortSignal | undefined) {
    this.#milliseconds = milliseconds;
    const { signal } = this.#controller;
    this.signal = own === undefined ? signal : AbortSignal.any([own, signal]);
  }

  /** Says what has to end when the time is over, before the sender hears of it. */
  onOver(end: (error: Error) => void): void {
    this.#end = end;
  }

  /** Waits for what is sent, or until the time is over, whether the sender heeds the signal or not. */
  async within<R>(send: () => R): Promise<Awaited<R>> {
    let timer: TimerHandle | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = timeoutError(this.#milliseconds);
        this.#end?.(error);
        this.#controller.abort(error);
        reject(error);
      }, this.#milliseconds);
    });
    try {
      return await Promise.race([send(), over]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Named as platforms name theirs, so that whoever matches those matches this. */
function timeoutError(milliseconds: number): Error {
  const error = new Error(`No answer came within ${milliseconds} ms.`);
  error.name = "TimeoutError";
  return error;
}
