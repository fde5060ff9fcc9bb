/** The open house: the stores behind one address, with clock, ids and the person at the door. */
import type {
  Actor,
  Clock,
  Coordination,
  IdSource,
  LedgerSink,
  LedgerStore,
  RecordStore,
  SnapshotSource,
  StoreCare,
} from "@colophon/kernel";
import type { StoreLocation } from "./store-location.ts";

export interface HarnessStores {
  readonly records: RecordStore;
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  readonly coordination: Coordination;
}

/** Rows that wait beside the store because it was busy when they were written. */
export interface Spools {
  /** Takes in what ended processes left, and waits a while for living ones; gives what still waits. */
  drain(): Promise<readonly WaitingSpool[]>;
  list(): readonly WaitingSpool[];
}

export interface WaitingSpool {
  readonly path: string;
  readonly bytes: number;
  /** Whether the process that writes it lives. */
  readonly live: boolean;
}

export interface Harness extends HarnessStores {
  /** The store in words: a file, a server with its database, or `memory`. */
  readonly store: string;
  /** Where an embedded store lies; null for others. */
  readonly location: StoreLocation | null;
  /** Where lies what belongs to the store and is not in it, such as runs; null for a store in memory. */
  readonly folder: string | null;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly spools: Spools;
  readonly ids: IdSource;
  /**
   * How many people have a role in the project, asked anew at each gate, since they come and go. Absent or null
   * where that is not known, as on a store without an installation: approvals hold as configured then.
   */
  readonly members?: () => Promise<number | null>;
  /** Feeds a resolver of this store, to be closed by who opened it. */
  openSource(onNotice: (message: string) => void): SnapshotSource;
  /** A way in for rows that nobody waits for, to be closed by who opened it. */
  openSink(onNotice: (message: string) => void): LedgerSink;
  close(): Promise<void>;
}
