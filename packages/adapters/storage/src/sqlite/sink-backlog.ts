/** Entries that the store could not take, and how they reach it after all. */
import type { OwnSpool } from "../spool/own-spool.ts";
import { SpoolBacklog } from "../spool/spool-backlog.ts";
import { drainBatch, queueSource } from "./sink-drain.ts";
import type { SinkGaps } from "./sink-gaps.ts";
import type { OpenStore } from "./sink-store.ts";

export interface SinkBacklogOptions {
  readonly spool: OwnSpool;
  readonly gaps: SinkGaps;
  /** Entries that memory may hold where there is no spool. */
  readonly memoryLimit: number;
}

export class SinkBacklog extends SpoolBacklog {
  readonly #own: OwnSpool;
  #damaged = 0;

  constructor(options: SinkBacklogOptions) {
    super(options);
    this.#own = options.spool;
  }

  /** Puts one batch into the store. @throws what the store says; the batch waits on then. */
  step(store: OpenStore): void {
    if (this.#own.entries > 0) this.#drainSpool(store);
    else this.#drainMemory(store);
  }

  #drainMemory(store: OpenStore): void {
    const batch = drainBatch(store, queueSource(this.memory));
    this.countRefused(batch.refused);
    this.forget(batch.count);
  }

  #drainSpool(store: OpenStore): void {
    const reader = this.#own.reader();
    const { id } = this.#own;
    if (reader === undefined || id === undefined) return;
    const batch = drainBatch(store, reader, { id, damaged: this.#damaged });
    this.#damaged = batch.done ? 0 : this.#damaged + batch.damaged;
    this.countRefused(batch.refused);
    this.#own.drained(reader.offset, batch.done ? this.#own.entries : batch.count);
  }
}
