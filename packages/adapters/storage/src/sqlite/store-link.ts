/** The sink's hold on the store: opens it, lets go of it when it fails, and tries again later. */
import { statSync } from "node:fs";
import { errorCodeOf } from "@colophon/kernel";
import { type LedgerWriter, openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore, type SqliteCoreOptions } from "./open-sqlite-core.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { sqliteTrouble, storeError } from "./sqlite-error.ts";

export interface StoreLink {
  /** The writer, unless the store is to be left alone for a while. */
  readonly writer: LedgerWriter | undefined;
  /** Why there is no writer; undefined while there is one. */
  readonly trouble: Error | undefined;
  /**
   * Takes note of what an append threw.
   *
   * @returns true when the store is at fault, false when it is the row.
   */
  failed(error: unknown): boolean;
  /** Notices a store file that was deleted or replaced under us. */
  checkFile(): void;
  close(): void;
}

const BUSY_PAUSE_MS = [50, 100, 200, 400];
const LOST_PAUSE_MS = [250, 1000, 5000, 15_000];
/** Opening holds the event loop as well. */
const OPEN_TIMEOUT_MS = 10;

interface Hold {
  readonly core: SqliteCore;
  readonly writer: LedgerWriter;
  readonly inode: number;
}

export function createStoreLink(
  options: SqliteCoreOptions,
  on: { readonly opened: () => void; readonly retried: () => void },
): StoreLink {
  let hold: Hold | undefined;
  let trouble: Error | undefined;
  let paused = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const letGo = (): void => {
    try {
      hold?.core.close();
    } catch {
      // A connection that cannot even be closed is left to the garbage collector.
    }
    hold = undefined;
  };

  const pause = (steps: readonly number[]): void => {
    paused = true;
    const ms = steps[Math.min(failures, steps.length - 1)] as number;
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => {
      paused = false;
      if (hold === undefined) open();
      on.retried();
    }, ms);
    timer.unref();
  };

  const failed = (error: unknown): boolean => {
    const kind = sqliteTrouble(error);
    const code = errorCodeOf(error);
    if (kind === "busy" || code === "store-busy") {
      trouble = storeError(error, options.file) as Error;
      pause(BUSY_PAUSE_MS);
      return true;
    }
    if (kind === "constraint" || (kind === undefined && !code?.startsWith("store-") && hold !== undefined)) return false;
    trouble = storeError(error, options.file) as Error;
    letGo();
    pause(LOST_PAUSE_MS);
    return true;
  };

  const open = (): void => {
    if (closed) return;
    try {
      const core = openSqliteCore({ ...options, openTimeout: OPEN_TIMEOUT_MS });
      hold = { core, writer: openLedgerWriter(core), inode: statSync(options.file).ino };
      trouble = undefined;
      on.opened();
    } catch (error) {
      // No waiting helps against an old Node.
      if (errorCodeOf(error) === "node-too-old") throw error;
      failed(error);
    }
  };

  open();
  return {
    get writer() {
      if (paused || hold === undefined) return undefined;
      return hold.writer;
    },
    get trouble() {
      return trouble;
    },
    failed,
    checkFile() {
      if (hold === undefined) return;
      if (!paused) {
        failures = 0;
        trouble = undefined;
      }
      if (statSync(options.file, { throwIfNoEntry: false })?.ino === hold.inode) return;
      letGo();
      open();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      letGo();
    },
  };
}
