/** Finds what killed processes left in a folder of spools, one at a time. */
import { type AdoptedSpool, adoptSpool, spoolIds } from "@colophon/storage/spool";
import { type LedgerBatch, SpoolLegacy } from "./ledger-batch.ts";

export class SpoolLegacies {
  readonly #spoolDirs: () => readonly string[];
  #waiting: { readonly spoolDir: string; readonly id: string }[] = [];
  #current: SpoolLegacy | undefined;

  /** @param spoolDirs asked anew at each look. */
  constructor(spoolDirs: () => readonly string[]) {
    this.#spoolDirs = spoolDirs;
  }

  get pending(): boolean {
    return this.#current !== undefined;
  }

  /** Looks for spools that nobody holds. */
  look(): void {
    if (this.#current !== undefined) return;
    this.#waiting = this.#spoolDirs().flatMap((spoolDir) =>
      spoolIds(spoolDir).map((id) => ({ spoolDir, id })),
    );
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
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      const spool = adopt(one.spoolDir, one.id);
      if (spool === undefined) continue;
      this.#current = new SpoolLegacy(spool);
      return;
    }
  }
}

// A spool that cannot be opened (another user's, a broken disk) must not stop the others.
function adopt(spoolDir: string, id: string): AdoptedSpool | undefined {
  try {
    return adoptSpool(spoolDir, id);
  } catch {
    return undefined;
  }
}
