/** The sink's hold on the store: opens it, leaves it alone after a failure, and tries again later. */
import { statSync } from "node:fs";
import { errorCodeOf } from "@colophon/kernel";
import { type LedgerWriter, openLedgerWriter } from "./ledger-writer.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { sqliteTrouble, storeError } from "./sqlite-error.ts";

export interface OpenStore {
  readonly core: SqliteCore;
  readonly writer: LedgerWriter;
}

/** Whose fault a failed append is: another process's lock, the store's, or the row's own. */
export type Blame = "busy" | "store" | "row";

const BUSY_PAUSE_MS = 250;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

export class SinkStore {
  readonly #file: string;
  readonly #openCore: () => SqliteCore;
  #open: OpenStore | undefined;
  #inode = 0;
  #pausedUntil = 0;
  #failures = 0;
  #trouble: Error | undefined;
  #troubleSince = 0;

  constructor(file: string, openCore: () => SqliteCore) {
    this.#file = file;
    this.#openCore = openCore;
  }

  /** What the last attempt failed with; undefined when it went well. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  /** Milliseconds for which nothing has succeeded. */
  get troubledFor(): number {
    return this.#trouble === undefined ? 0 : performance.now() - this.#troubleSince;
  }

  /** Milliseconds until the store should be tried again; 0 when it may be tried now. */
  get pause(): number {
    return this.#pausedUntil === 0 ? 0 : Math.max(0, this.#pausedUntil - performance.now());
  }

  /** The open store without opening or waiting for anything. */
  get held(): OpenStore | undefined {
    return this.#open;
  }

  /** The store unless it is to be left alone for now; opens it where it is not open. */
  ready(): OpenStore | undefined {
    if (this.#pausedUntil !== 0 && performance.now() < this.#pausedUntil) return undefined;
    return this.#open ?? this.reach();
  }

  /** The store, pause or not. */
  reach(): OpenStore | undefined {
    if (this.#open !== undefined) return this.#open;
    let core: SqliteCore | undefined;
    try {
      core = this.#openCore();
      this.#inode = statSync(this.#file).ino;
      this.#open = { core, writer: openLedgerWriter(core) };
    } catch (error) {
      close(core);
      this.#note(storeError(error, this.#file), blameFor(error) === "busy");
    }
    return this.#open;
  }

  succeeded(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#pausedUntil = 0;
    this.#failures = 0;
  }

  /** Takes note of what an append threw. */
  failed(error: unknown): Blame {
    const blame = blameFor(error);
    if (blame === "row") return blame;
    this.#note(storeError(error, this.#file), blame === "busy");
    // A full disk is no reason to open anew; a damaged, vanished or protected file may be another one by then.
    if (blame === "store" && !isFull(error)) this.#letGo();
    return blame;
  }

  /** Sets how long a statement waits for another process's lock. */
  setPatience(ms: number): void {
    this.#open?.core.db.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  /** Lets go of a file that was removed or replaced, so that rows do not go where nobody finds them. */
  checkFile(): void {
    if (this.#open !== undefined && statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode)
      this.#letGo();
  }

  close(): void {
    this.#letGo();
  }

  #note(error: unknown, busy: boolean): void {
    const now = performance.now();
    if (this.#trouble === undefined) this.#troubleSince = now;
    this.#trouble = error instanceof Error ? error : new Error(String(error));
    // Who tries in spite of the pause (a flush) does not make it longer.
    if (now < this.#pausedUntil) return;
    const pause = busy ? BUSY_PAUSE_MS : Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    if (!busy) this.#failures += 1;
    this.#pausedUntil = now + pause;
  }

  #letGo(): void {
    close(this.#open?.core);
    this.#open = undefined;
  }
}

function close(core: SqliteCore | undefined): void {
  try {
    core?.close();
  } catch {
    // A connection that cannot even be closed is left to the garbage collector.
  }
}

export function blameFor(error: unknown): Blame {
  const trouble = sqliteTrouble(error);
  const code = errorCodeOf(error);
  if (trouble === "busy" || code === "store-busy") return "busy";
  if (trouble === "constraint") return "row";
  return trouble !== undefined || code?.startsWith("store-") === true || isClosed(error) ? "store" : "row";
}

/** Some come as they are, some in an error of ours. */
function isFull(error: unknown): boolean {
  return sqliteTrouble(error) === "full" || (error instanceof Error && sqliteTrouble(error.cause) === "full");
}

/** node:sqlite's own error on a connection that somebody closed. */
function isClosed(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ERR_INVALID_STATE";
}
