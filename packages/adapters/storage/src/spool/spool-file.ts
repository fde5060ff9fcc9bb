/** An append-only file of rows that wait for the store: one write per row, drained from its start. */
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, utimesSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { readFrame, type SpoolItem, writeFrame } from "./spool-frame.ts";

export interface SpoolFile {
  readonly path: string;
  /** Bytes that wait to be drained. */
  readonly waiting: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Appends an item; throws what the disk says, with nothing of the item left behind. */
  append(item: SpoolItem): void;
  /** The next items from where the last `advance` left off, at most so many; torn lines are passed over. */
  next(limit: number): SpoolBatch;
  /** The items up to a batch's end are in the store; an emptied file is cut to nothing. */
  advance(batch: SpoolBatch): void;
  /** Says that the owner lives. */
  touch(): void;
  /** Closes it; an empty one is removed. */
  close(): void;
}

export interface SpoolBatch {
  readonly items: readonly SpoolItem[];
  readonly torn: number;
  readonly end: number;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Opens (and makes) a spool file; it is readable by its owner alone. */
export function openSpoolFile(path: string): SpoolFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, "a+", 0o600);
  let size = fstatSync(descriptor).size;
  let drained = 0;
  const append = (item: SpoolItem): void => {
    const bytes = Buffer.from(writeFrame(item));
    try {
      const written = writeSync(descriptor, bytes);
      if (written !== bytes.length) throw Object.assign(new Error("The disk took half a line."), { code: "ENOSPC" });
      size += written;
    } catch (error) {
      size = repair(descriptor, size);
      throw error;
    }
  };
  return {
    path,
    get waiting() {
      return size - drained;
    },
    get size() {
      return size;
    },
    append,
    next: (limit) => readBatch(descriptor, { from: drained, to: size, limit }),
    advance(batch) {
      drained = batch.end;
      // Asked again: an owner that was only thought dead may have written on.
      if (drained >= size) size = fstatSync(descriptor).size;
      if (drained < size) return;
      ftruncateSync(descriptor, 0);
      size = 0;
      drained = 0;
    },
    touch() {
      const now = Date.now() / 1000;
      utimesSync(path, now, now);
    },
    close() {
      closeSync(descriptor);
      if (size === 0) unlinkSync(path);
    },
  };
}

/** Cuts a half-written line off; where even that fails, the next line starts on a line of its own. */
function repair(descriptor: number, size: number): number {
  try {
    ftruncateSync(descriptor, size);
    return size;
  } catch {
    return fstatSync(descriptor).size;
  }
}

interface ReadRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

function readBatch(descriptor: number, { from, to, limit }: ReadRange): SpoolBatch {
  const items: SpoolItem[] = [];
  let torn = 0;
  let end = from;
  let chunk = CHUNK_BYTES;
  while (items.length < limit && end < to) {
    const bytes = Buffer.alloc(Math.min(chunk, to - end));
    const length = readSync(descriptor, bytes, 0, bytes.length, end);
    let start = 0;
    for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < length; at = bytes.indexOf(NEWLINE, start)) {
      const item = readFrame(bytes.toString("utf8", start, at));
      if (item === undefined) torn += 1;
      else items.push(item);
      start = at + 1;
      if (items.length >= limit) break;
    }
    end += start;
    if (start > 0) continue;
    if (end + length < to) {
      chunk *= 4; // A line longer than the chunk: contents can be large.
      continue;
    }
    // What is left has no newline: the last write of a process that died.
    torn += 1;
    end = to;
  }
  return { items, torn, end };
}
