/** Makes a store that lives and dies with the process: true chains, true pseudonyms, no disk. */
import {
  type Clock,
  type Coordination,
  type IdSource,
  type LedgerSink,
  type LedgerStore,
  type RandomSource,
  type RecordStore,
  type SnapshotSource,
  type StoreCare,
  systemRandom,
} from "@colophon/kernel";
import { createMemoryCare } from "./memory-care.ts";
import { createMemoryCoordination } from "./memory-coordination.ts";
import { createMemoryLedger } from "./memory-ledger.ts";
import { createMemoryRecords } from "./memory-records.ts";
import { createMemorySink } from "./memory-sink.ts";
import { createMemorySource } from "./memory-source.ts";
import { createMemoryState } from "./memory-state.ts";

export interface MemoryStoreOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Makes the keys of subjects; the platform's generator unless given. */
  readonly random?: RandomSource;
}

export interface MemoryStore {
  readonly records: RecordStore;
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  readonly coordination: Coordination;
  /** Writes at once; every receipt is `memory`. */
  readonly sink: LedgerSink;
  /** Feeds one resolver. */
  readonly source: SnapshotSource;
  /** Closes sink and source; what was stored can still be read. */
  close(): Promise<void>;
}

/** All parts share one state; the store begins with the first environments. */
export function createMemoryStore({ clock, ids, random = systemRandom }: MemoryStoreOptions): MemoryStore {
  const state = createMemoryState({ clock, ids, random });
  const sink = createMemorySink(state);
  const source = createMemorySource(state);
  return {
    records: createMemoryRecords(state),
    ledger: createMemoryLedger(state),
    care: createMemoryCare(state),
    coordination: createMemoryCoordination(clock),
    sink,
    source,
    async close() {
      await source.close();
      await sink.close();
    },
  };
}
