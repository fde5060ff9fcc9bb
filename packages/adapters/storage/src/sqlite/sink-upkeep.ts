/** What a sink's store needs from time to time, off the hot path: seals, indexes, sums, checkpoints, expired contents, left spools. */

import { FOLD_PAUSE_MS, foldLedger, foldPiece, LAST_FOLD_MS } from "./fold-ledger.ts";
import { indexPiece } from "./index-ledger.ts";
import { purgeContents } from "./purge-contents.ts";
import type { SinkAdoption } from "./sink-adoption.ts";
import { SinkCheckpoint } from "./sink-checkpoint.ts";
import type { OpenStore, SinkStore } from "./sink-store.ts";

const SEAL_ROWS = 4096;
const SEAL_MS = 60_000;
const LOOK_MS = 1000;
const ADOPT_MS = 60_000;
const PURGE_MS = 3_600_000;
/** Between two pieces of a purge the application has the event loop for itself. */
const PIECE_PAUSE_MS = 50;

export interface SinkUpkeepParts {
  readonly file: string;
  readonly store: SinkStore;
  readonly adoption: SinkAdoption;
}

export class SinkUpkeep {
  readonly #store: SinkStore;
  readonly #adoption: SinkAdoption;
  readonly #checkpoint: SinkCheckpoint;
  #sealedAt = performance.now();
  #lookedAt = performance.now();
  #purgeDue = 0;
  #indexDue = 0;
  /** Whether there may be rows to fold: after each seal, and after a store was opened. */
  #unfolded = true;

  constructor({ file, store, adoption }: SinkUpkeepParts) {
    this.#store = store;
    this.#adoption = adoption;
    this.#checkpoint = new SinkCheckpoint(file);
  }

  opened(store: OpenStore): void {
    this.#checkpoint.prepare(store.core);
    this.#indexDue = 0;
    this.#unfolded = true;
  }

  /** One bounded piece of work. */
  step(store: OpenStore): void {
    const now = performance.now();
    const { unsealed } = store.writer;
    this.#store.checkFile();
    if (this.#store.held === undefined) return;
    if (unsealed >= SEAL_ROWS || (unsealed > 0 && now - this.#sealedAt >= SEAL_MS)) {
      store.writer.seal();
      this.#sealedAt = now;
      this.#unfolded = true;
      return;
    }
    this.#checkpoint.nudge();
    if (now >= this.#indexDue && (!this.#index(store, now) || this.#unfolded)) return;
    if (this.#unfolded) {
      this.#fold(store);
      return;
    }
    if (now >= this.#purgeDue) {
      // Where more is over than one piece takes, the next step goes on.
      if (purgeContents(store.core, store.core.clock.now()).done) this.#purgeDue = now + PURGE_MS;
      return;
    }
    if (now - this.#lookedAt < ADOPT_MS) return;
    this.#lookedAt = now;
    this.#adoption.look();
  }

  /** Milliseconds until the next step; undefined when nothing calls for one. */
  nextIn(store: OpenStore | undefined): number | undefined {
    if (store === undefined) return undefined;
    if (this.#unfolded || this.#indexDue === 0) return FOLD_PAUSE_MS;
    if (performance.now() >= this.#purgeDue) return PIECE_PAUSE_MS;
    return store.writer.unsealed > 0 ? LOOK_MS : ADOPT_MS;
  }

  /** A piece that fails waits like one that is done: rows matter more than their indexes. */
  #index({ core }: OpenStore, now: number): boolean {
    this.#indexDue = now + LOOK_MS;
    const done = indexPiece(core);
    if (!done) this.#indexDue = 0;
    return done;
  }

  /** A piece that fails is not tried again before the next seal: rows matter more than their sums. */
  #fold({ core }: OpenStore): void {
    this.#unfolded = false;
    this.#unfolded = !foldPiece(core);
  }

  /** Before the end; what does not fit into the time is folded by the next process. */
  async foldRest(store: OpenStore | undefined): Promise<void> {
    if (store === undefined || store.writer.unsealed === 0) return;
    await foldLedger(store.core, { busyTotal: 0, limit: LAST_FOLD_MS }).catch(() => undefined);
  }

  finished(): Promise<void> {
    return this.#checkpoint.finished();
  }
}
