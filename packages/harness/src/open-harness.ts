/** Opens the house over a store: the one place where ports meet adapters. */
import {
  type Actor,
  type Clock,
  createIdSource,
  HarnessError,
  type RandomSource,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import { createMemoryStore } from "@colophon/storage/memory";
import { createRecordsSource, createStoreSink, openPostgresStore } from "@colophon/storage/postgres";
import { openSqliteStore } from "@colophon/storage/sqlite";
import {
  createSqliteSink,
  createSqliteSnapshotSource,
  drainSpools,
  spoolFiles,
  waitForSpools,
} from "@colophon/storage/sqlite/core";
import type { Harness, Spools } from "./harness.ts";
import { folderBeside, isOnServer, locateStore, type StoreLocation } from "./store-location.ts";

export interface HarnessOptions {
  /**
   * A file, a `file:` URL or a `.colophon` folder, or `postgres://user:password@host:port/database`, with
   * `?schema=NAME` for one of several stores in it; the nearest `.colophon` upward from `cwd` when absent.
   */
  readonly store?: string;
  readonly cwd: string;
  /** `read` never makes a store; `write` makes it where it is missing. */
  readonly mode: "read" | "write";
  readonly actor: Actor;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

/**
 * @throws HarnessError `store-unsupported`, `store-unavailable`, `store-busy`, `store-corrupt`,
 * `store-read-only` or `store-newer`.
 * @example
 * const opened = await openHarness({ cwd: process.cwd(), mode: "read", actor: { id: "ada", via: "cli" } });
 * try {
 *   console.log(opened.store);
 * } finally {
 *   await opened.close();
 * }
 */
export async function openHarness(options: HarnessOptions): Promise<Harness> {
  const { store, mode, actor, clock = systemClock, random = systemRandom } = options;
  if (isOnServer(store)) return openOnServer({ ...options, store });
  const location = locateStore(options);
  if (!location.exists && mode === "read") throw missing(location);
  const ids = createIdSource({ clock, random });
  const { file } = location;
  const opened = await openSqliteStore({
    file,
    mode: mode === "read" ? "read" : "create",
    clock,
    ids,
    random,
  });
  const spools = spoolsOf(location);
  // Whoever may write takes in what killed processes left, so that it is there for those who read.
  if (mode === "write" && spools.list().some(({ live }) => !live)) {
    await drainSpools({ file, spoolDir: location.spool, timeout: DRAIN_MS });
  }
  const { records, ledger, care, coordination } = opened;
  return {
    records,
    ledger,
    care,
    coordination,
    store: file,
    location,
    folder: location.folder,
    actor,
    clock,
    ids,
    spools,
    openSource: (onNotice) => createSqliteSnapshotSource({ file, clock, onNotice }),
    openSink: (onNotice) =>
      createSqliteSink({ file, spoolDir: location.spool, clock, ids, onNotice, durability: "kill" }),
    close: async () => opened.close(),
  };
}

/** The same house over a server: nothing spools beside it, and rows that nobody waits for wait in memory. */
async function openOnServer(options: HarnessOptions & { readonly store: string }): Promise<Harness> {
  const { store: url, cwd, actor, clock = systemClock, random = systemRandom } = options;
  const ids = createIdSource({ clock, random });
  const mode = options.mode === "read" ? "read" : "create";
  const { place, records, ledger, care, coordination, onChange, close } = await openPostgresStore({
    ...{ url, mode, clock, ids, random },
  });
  return {
    ...{ records, ledger, care, coordination, actor, clock, ids, close },
    store: place,
    location: null,
    folder: folderBeside(cwd),
    spools: NO_SPOOLS,
    openSource: (onNotice) => createRecordsSource({ records, onChange, onNotice }),
    openSink: (onNotice) => createStoreSink({ ledger, care, clock, onNotice }),
  };
}

const DRAIN_MS = 3_000;
const NO_SPOOLS: Spools = { drain: async () => [], list: () => [] };

function spoolsOf({ file, spool }: StoreLocation): Spools {
  return {
    list: () => spoolFiles(spool).filter(({ bytes }) => bytes > 0),
    async drain() {
      const { left } = await drainSpools({ file, spoolDir: spool, timeout: DRAIN_MS });
      if (left.some(({ live }) => live)) await waitForSpools(spool, DRAIN_MS);
      return spoolFiles(spool).filter(({ bytes }) => bytes > 0);
    },
  };
}

/**
 * A house on a memory store, for tests and for those who only look.
 *
 * @example
 * const memory = await openMemoryHarness({ actor: { id: "ada", via: "cli" } });
 */
export async function openMemoryHarness(
  options: Pick<HarnessOptions, "actor" | "clock" | "random">,
): Promise<Harness> {
  const { actor, clock = systemClock, random = systemRandom } = options;
  const ids = createIdSource({ clock, random });
  const { records, ledger, care, coordination, sink, source } = createMemoryStore({ clock, ids, random });
  const close = async (): Promise<void> => {
    await records.close();
    await ledger.close();
  };
  return {
    records,
    ledger,
    care,
    coordination,
    store: "memory",
    location: null,
    folder: null,
    actor,
    clock,
    ids,
    spools: NO_SPOOLS,
    openSource: () => source,
    // Whoever closes it must not close it for the next one.
    openSink: () => ({ ...sink, close: () => sink.flush() }),
    close,
  };
}

function missing(location: StoreLocation): HarnessError {
  return new HarnessError(
    "store-unavailable",
    `There is no store at ${location.file}; \`colophon init\` or the first write makes one.`,
  );
}
