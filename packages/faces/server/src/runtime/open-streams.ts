/** Bounds how many streams of one key or person are open at once: each holds a connection. */
import { HarnessError } from "@colophon/kernel";

/** Seconds after which one of them may have ended. */
const RETRY_AFTER = 15;

export class OpenStreams {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param caller the id of a key or person.
   * @returns what ends it, to be called once.
   * @throws HarnessError `too-many-requests` while as many are open as may be.
   */
  enter(caller: string): () => void {
    const open = this.#open.get(caller) ?? 0;
    if (open >= this.#most) {
      throw new HarnessError(
        "too-many-requests",
        `This key or person has ${open} streams open here, and no more are opened; end some, or ask another server.`,
        { details: { retryAfter: RETRY_AFTER } },
      );
    }
    this.#open.set(caller, open + 1);
    return () => this.#leave(caller);
  }

  #leave(caller: string): void {
    const left = (this.#open.get(caller) ?? 1) - 1;
    if (left > 0) this.#open.set(caller, left);
    else this.#open.delete(caller);
  }
}
