/** Drains the spools that processes left behind when they were killed. */
import { type AdoptedSpool, adoptSpool } from "../spool/adopt-spool.ts";
import type { Refused } from "../spool/spool-entry.ts";
import { spoolIds } from "../spool/spool-files.ts";
import { drainBatch } from "./sink-drain.ts";
import type { OpenStore } from "./sink-store.ts";

export interface AdoptionCounts {
  readonly files: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly damaged: number;
  readonly refused: readonly Refused[];
}

interface Current {
  readonly spool: AdoptedSpool;
  offset: number;
  damaged: number;
}

export class SinkAdoption {
  readonly #spoolDir: string;
  #waiting: string[] = [];
  #current: Current | undefined;
  #counts: AdoptionCounts = { files: 0, stored: 0, duplicates: 0, damaged: 0, refused: [] };

  constructor(spoolDir: string) {
    this.#spoolDir = spoolDir;
  }

  /** Looks for spools that nobody holds, and takes hold of the first. */
  look(): void {
    if (this.#current !== undefined) return;
    this.#waiting = [...spoolIds(this.#spoolDir)];
    this.#takeNext();
  }

  get pending(): boolean {
    return this.#current !== undefined;
  }

  /** What was adopted so far. */
  get counts(): AdoptionCounts {
    return this.#counts;
  }

  /** Puts one batch into the store. @throws what the store says; the batch waits on then. */
  step(store: OpenStore): readonly Refused[] {
    const current = this.#current;
    if (current === undefined) return [];
    const { spool } = current;
    const reader = spool.reader(current.offset);
    const batch = drainBatch(store, reader, { id: spool.id, damaged: current.damaged });
    current.offset = reader.offset;
    current.damaged += batch.damaged;
    const { stored, duplicates, damaged, refused } = this.#counts;
    this.#counts = {
      files: this.#counts.files + (batch.done ? 1 : 0),
      stored: stored + batch.stored,
      duplicates: duplicates + batch.duplicates,
      damaged: damaged + batch.damaged,
      refused: [...refused, ...batch.refused],
    };
    if (batch.done) {
      this.#current = undefined;
      spool.remove();
      this.#takeNext();
    }
    return batch.refused;
  }

  /** Lets go of what is not drained yet. */
  leave(): void {
    this.#current?.spool.leave();
    this.#current = undefined;
  }

  #takeNext(): void {
    for (let id = this.#waiting.shift(); id !== undefined; id = this.#waiting.shift()) {
      const spool = this.#adopt(id);
      if (spool === undefined) continue;
      this.#current = { spool, offset: 0, damaged: 0 };
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
