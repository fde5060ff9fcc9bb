/** The embedded store with every port, for those who may wait: the command line and the server. */
import type {
  Clock,
  Coordination,
  IdSource,
  LedgerStore,
  RandomSource,
  RecordStore,
  StoreCare,
} from "@colophon/kernel";
import { spoolDirOf } from "../spool/spool-dir-of.ts";
import { openSqliteCore, type SqliteCoreOptions } from "./open-sqlite-core.ts";
import { retryBusy } from "./retry-busy.ts";
import { lastSeal, sealLedger } from "./seal-ledger.ts";
import { createSqliteCare } from "./sqlite-care.ts";
import { createSqliteCoordination } from "./sqlite-coordination.ts";
import type { SqliteCore, StoreMode } from "./sqlite-core.ts";
import { createSqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { createSqliteRecordStore } from "./sqlite-record-store.ts";

export interface SqliteStoreOptions {
  readonly file: string;
  readonly mode: StoreMode;
  readonly clock: Clock;
  readonly ids?: IdSource;
  readonly random?: RandomSource;
  readonly durability?: SqliteCoreOptions["durability"];
  /** Where sinks of this store spool; beside it unless given. */
  readonly spoolDir?: string;
  /** Milliseconds that a write may wait for other processes in all; 5,000 unless given. */
  readonly busyTotal?: number;
}

export interface SqliteStore {
  readonly records: RecordStore;
  readonly ledger: LedgerStore;
  readonly care: StoreCare;
  readonly coordination: Coordination;
  close(): Promise<void>;
}

/** One try's hold of the event loop. */
const TRY_MS = 10;

/**
 * @throws HarnessError `store-unavailable`, `store-read-only`, `store-busy`, `store-corrupt`,
 * `store-newer`, `store-unsupported` or `node-too-old`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const { spoolDir = spoolDirOf(options.file), busyTotal, ...open } = options;
  const core = await retryBusy(
    () => openSqliteCore({ ...open, busyTimeout: TRY_MS, openTimeout: TRY_MS }),
    busyTotal,
  );
  const patience = busyTotal === undefined ? {} : { busyTotal };
  const records = createSqliteRecordStore(core, patience);
  const ledger = createSqliteLedgerStore(core, patience);
  const care = createSqliteCare({ core, writer: ledger.writer, spoolDir, ...patience });
  let closed = false;
  return {
    records,
    ledger,
    care,
    coordination: createSqliteCoordination(core, patience),
    async close() {
      if (closed) return;
      closed = true;
      await ledger.close();
      // Records stand without a seal as well, but until there is one nobody can tell that the last are gone.
      if (open.mode !== "read") await retryBusy(() => sealRecords(core), busyTotal).catch(() => undefined);
      core.close();
    },
  };
}

/** Seals a log that has grown since the last seal; asks before it takes the lock. */
function sealRecords(core: SqliteCore): void {
  const { revision } = core.prepare("SELECT revision FROM watch").get() as { revision: number };
  if (lastSeal(core)?.seal.revision !== revision) sealLedger(core);
}
