/** Pauses that can be cut short, and that keep no process alive. */

export class UnrefPause {
  #wake: (() => void) | undefined;

  /** Resolves after the time, or when somebody calls `end`. One at a time. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), Math.min(milliseconds, LONGEST_MS));
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** What a timer can count. */
const LONGEST_MS = 2 ** 31 - 1;
