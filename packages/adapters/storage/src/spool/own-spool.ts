/** The spool of one sink: a file of its own, appended with one write per row, emptied as it drains. */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import type { IdSource, LedgerEntry } from "@colophon/kernel";
import { withoutContents } from "./spool-entry.ts";
import { lockPath, removeSpool, spoolPath } from "./spool-files.ts";
import { frameEntry } from "./spool-frame.ts";
import { lockSpool, type SpoolLock } from "./spool-lock.ts";
import { SpoolReader } from "./spool-reader.ts";

export interface OwnSpoolOptions {
  readonly spoolDir: string;
  readonly ids: IdSource;
  /** Bytes the file may take. Contents may use half of it, rows and gaps the whole. */
  readonly limit: number;
  /** Bytes of the limit that other files take; none when left out. */
  readonly taken?: () => number;
  readonly durability: "kill" | "power-loss";
}

/** `trimmed`: the row is there, its contents are not. */
export type SpoolResult = "spooled" | "trimmed" | "full";

/** Room beyond the limit in which rows that found none are still counted. */
const GAP_RESERVE_BYTES = 64 * 1024;

interface OpenSpool {
  readonly id: string;
  readonly descriptor: number;
  readonly lock: SpoolLock;
}

export class OwnSpool {
  readonly #options: OwnSpoolOptions;
  #open: OpenSpool | undefined;
  /** End of the last whole line. */
  #size = 0;
  #drained = 0;
  #entries = 0;
  /** True after half a line that could not be cut off again. */
  #torn = false;

  constructor(options: OwnSpoolOptions) {
    this.#options = options;
  }

  /** Entries that wait. */
  get entries(): number {
    return this.#entries;
  }

  /** What the file takes on the disk, what was drained of it included. */
  get bytes(): number {
    return this.#size;
  }

  get id(): string | undefined {
    return this.#open?.id;
  }

  /** @throws what the disk says, with nothing of the entry kept. */
  append(entry: LedgerEntry): SpoolResult {
    const { limit, taken } = this.#options;
    const line = frameEntry(entry);
    const before = this.#size + (taken?.() ?? 0);
    const end = before + line.length;
    if (entry.kind === "gap") return end > limit + GAP_RESERVE_BYTES ? "full" : this.#write(line);
    const lean = end > limit / 2 ? withoutContents(entry) : undefined;
    if (lean === undefined) return end > limit ? "full" : this.#write(line);
    const leanLine = frameEntry(lean);
    if (before + leanLine.length > limit) return "full";
    this.#write(leanLine);
    return "trimmed";
  }

  /** Reads from where the last drain left off. */
  reader(): SpoolReader | undefined {
    return this.#open === undefined ? undefined : new SpoolReader(this.#open.descriptor, this.#drained);
  }

  /** Everything up to `end` is in the store; an emptied file is cut to nothing. */
  drained(end: number, entries: number): void {
    this.#drained = end;
    this.#entries = Math.max(0, this.#entries - entries);
    if (end < this.#size || this.#open === undefined) return;
    ftruncateSync(this.#open.descriptor, 0);
    this.#size = 0;
    this.#drained = 0;
    this.#entries = 0;
  }

  /** Lets go of the file: an empty one is removed, any other waits for whoever opens the store next. */
  release(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    closeSync(open.descriptor);
    if (this.#size === 0) removeSpool(this.#options.spoolDir, open.id, open.lock.release);
    else open.lock.release();
    this.#size = 0;
    this.#drained = 0;
    this.#entries = 0;
    this.#torn = false;
  }

  #write(line: Buffer): "spooled" {
    this.#open ??= this.#begin();
    const { descriptor } = this.#open;
    const bytes = this.#torn ? Buffer.concat([Buffer.from("\n"), line]) : line;
    try {
      let written = writeSync(descriptor, bytes);
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      if (this.#options.durability === "power-loss") fdatasyncSync(descriptor);
    } catch (error) {
      this.#cutBack(descriptor);
      throw error;
    }
    this.#torn = false;
    this.#size += bytes.length;
    this.#entries += 1;
    return "spooled";
  }

  #cutBack(descriptor: number): void {
    try {
      ftruncateSync(descriptor, this.#size);
    } catch {
      this.#torn = true;
      this.#size = fstatSync(descriptor).size;
    }
  }

  #begin(): OpenSpool {
    const { spoolDir, ids } = this.#options;
    mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
    const id = ids.next();
    const lock = lockSpool(lockPath(spoolDir, id));
    if (lock === undefined) throw new Error(`The new spool ${id} is held by somebody else.`);
    try {
      return { id, lock, descriptor: openSync(spoolPath(spoolDir, id), "ax+", 0o600) };
    } catch (error) {
      removeSpool(spoolDir, id, lock.release);
      throw error;
    }
  }
}
