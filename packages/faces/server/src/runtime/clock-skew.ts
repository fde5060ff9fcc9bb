/** Notes clients whose clocks are off: each once an hour. */
import type { EpochMs } from "@colophon/kernel";

/** What a slow network alone may make of it. */
const NOTED_MS = 5000;
const HOUR_MS = 3_600_000;
/** Clients that are remembered: beyond it the one that was noted first may be noted again. */
const MOST_CLIENTS = 10_000;

export class ClockSkew {
  readonly #noted = new Map<string, EpochMs>();

  /** @returns whether this is to be said. */
  isNews(client: string, skew: number, now: EpochMs): boolean {
    if (Math.abs(skew) <= NOTED_MS) return false;
    const last = this.#noted.get(client);
    if (last !== undefined && now - last < HOUR_MS) return false;
    this.#noted.delete(client);
    this.#noted.set(client, now);
    if (this.#noted.size > MOST_CLIENTS) {
      const [oldest] = this.#noted.keys();
      if (oldest !== undefined) this.#noted.delete(oldest);
    }
    return true;
  }
}
