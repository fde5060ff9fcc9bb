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
import { openSqliteStore } from "@colophon/storage/sqlite";
import { drainSpools, spoolFiles, waitForSpools } from "@colophon/storage/sqlite/core";
import type { Harness, Spools } from "./harness.ts";
import { locateStore, type StoreLocation } from "./store-location.ts";

export interface HarnessOptions {
  /** A file, a `file:` URL or a `.colophon` folder; the nearest one upward from `cwd` when absent. */
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
  const { mode, actor, clock = systemClock, random = systemRandom } = options;
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
    actor,
    clock,
    ids,
    spools,
    close: async () => opened.close(),
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
  const { records, ledger, care, coordination } = createMemoryStore({ clock, ids, random });
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
    actor,
    clock,
    ids,
    spools: NO_SPOOLS,
    close,
  };
}

function missing(location: StoreLocation): HarnessError {
  return new HarnessError(
    "store-unavailable",
    `There is no store at ${location.file}; \`colophon init\` or the first write makes one.`,
  );
}
