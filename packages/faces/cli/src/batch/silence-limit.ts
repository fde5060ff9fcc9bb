/** How long a provider may keep silent: before its answer, and between two parts of a streamed one. */

export class SilentProvider extends Error {
  constructor(milliseconds: number) {
    super(`The provider kept silent for ${milliseconds / 1000} s.`);
    // As platforms call what ran out of time, so that it is told apart as they are.
    this.name = "TimeoutError";
  }
}

/** Aborts its signal when nothing was heard for too long. */
export class SilenceLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#timer = setTimeout(() => this.#controller.abort(new SilentProvider(milliseconds)), milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard: the time begins anew. */
  heard(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
