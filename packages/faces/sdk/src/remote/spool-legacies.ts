/** Finds what killed processes left in a folder of spools, one at a time. */
import { type AdoptedSpool, adoptSpool, spoolIds } from "@colophon/storage/spool";
import { type LedgerBatch, SpoolLegacy } from "./ledger-batch.ts";

export class SpoolLegacies {
  readonly #spoolDir: string;
  #waiting: string[] = [];
  #current: SpoolLegacy | undefined;

  constructor(spoolDir: string) {
    this.#spoolDir = spoolDir;
  }

  get pending(): boolean {
    return this.#current !== undefined;
  }

  /** Looks for spools that nobody holds. */
  look(): void {
    if (this.#current !== undefined) return;
    this.#waiting = [...spoolIds(this.#spoolDir)];
    this.#takeNext();
  }

  /** The next entries that somebody left; undefined where all has arrived. */
  next(): LedgerBatch | undefined {
    for (; this.#current !== undefined; this.#takeNext()) {
      const batch = this.#current.next();
      if (batch !== undefined) return batch;
      this.#current = undefined;
    }
    return undefined;
  }

  /** Lets go of what has not arrived yet. */
  leave(): void {
    this.#current?.leave();
    this.#current = undefined;
    this.#waiting = [];
  }

  #takeNext(): void {
    this.#current = undefined;
    for (let id = this.#waiting.shift(); id !== undefined; id = this.#waiting.shift()) {
      const spool = this.#adopt(id);
      if (spool === undefined) continue;
      this.#current = new SpoolLegacy(spool);
      return;
    }
  }

  // A spool that cannot be opened (another user's, a broken disk) must not stop the others.
  #adopt(id: string): AdoptedSpool | undefined {
    try {
      return adoptSpool(this.#spoolDir, id);
    } catch {
      return undefined;
    }
  }
}
