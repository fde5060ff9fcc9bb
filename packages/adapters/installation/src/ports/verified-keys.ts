/** Keys that were recognized a moment ago, so that not each request asks the database. */
import type { ApiKey, Clock } from "@colophon/kernel";
import { isSameHash } from "./random-token.ts";

/** Another server's revocation is heard when the entry is over. */
const LIFE_MS = 3_000;
const MOST = 10_000;

interface Entry {
  readonly key: ApiKey;
  readonly hash: string;
  readonly until: number;
}

export class VerifiedKeys {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(id: string, hash: string): ApiKey | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || !isSameHash(entry.hash, hash)) return undefined;
    if (entry.until > this.#clock.elapsed()) return entry.key;
    this.#entries.delete(id);
    return undefined;
  }

  keep(key: ApiKey, hash: string): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MOST) this.#entries.delete(oldest);
    // Taken out first, so that it stands as the newest.
    this.#entries.delete(key.id);
    this.#entries.set(key.id, { key, hash, until: this.#clock.elapsed() + LIFE_MS });
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }
}
