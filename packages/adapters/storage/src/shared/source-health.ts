/** Whether a snapshot source can read its store, and what it says when that changes: once, and not at every look. */
import { errorCodeOf, type SnapshotListener } from "@colophon/kernel";

/** Looks that a store may be locked at start-up, as while another process makes it, before it is said. */
const BUSY_LOOKS = 5;

export interface SourceHealthParts {
  /** Undefined once the source is closed. */
  readonly listener: () => SnapshotListener | undefined;
  readonly onNotice: ((message: string) => void) | undefined;
}

export class SourceHealth {
  readonly #parts: SourceHealthParts;
  /** Whether the store was ever read: then a lock held for a moment loses nothing. */
  #everRead = false;
  /** Looks in a row that met a lock before anything was read. */
  #busyLooks = 0;
  #lost = false;
  #told = false;

  constructor(parts: SourceHealthParts) {
    this.#parts = parts;
  }

  /** Whether the listener was told that nothing can be read. */
  get lost(): boolean {
    return this.#lost;
  }

  /** The whole was read and sent. */
  read(): void {
    this.#everRead = true;
  }

  /** A look found all that there is. */
  well(): void {
    this.#told = false;
    this.#busyLooks = 0;
    if (!this.#lost) return;
    this.#lost = false;
    this.#parts.listener()?.onRecovered();
  }

  /** @returns whether a failed look is one that may pass, of which nothing is said. */
  mayPass(error: Error): boolean {
    if (errorCodeOf(error) !== "store-busy") return false;
    this.#busyLooks += 1;
    return this.#everRead || this.#busyLooks < BUSY_LOOKS;
  }

  failed(error: Error): void {
    if (!this.#lost) this.#parts.listener()?.onLost(error);
    this.#lost = true;
    if (this.#told) return;
    this.#told = true;
    this.#parts.onNotice?.(`${error.message} What was read last goes on being served.`);
  }
}
