/** Lines of a text that is read where it lies: a file is never in memory whole. */
import { isUtf8 } from "node:buffer";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { HarnessError } from "@colophon/kernel";

export interface FileLines {
  /** Lines that are not blank, with their numbers from 1. */
  [Symbol.iterator](): Iterator<FileLine>;
  /** The line that begins at a byte. */
  read(place: LinePlace): string;
  /** @throws HarnessError `input-malformed` where somebody wrote to the file since it was opened. */
  checkUnchanged(): void;
  close(): void;
}

export interface LinePlace {
  readonly start: number;
  readonly bytes: number;
}

export interface FileLine extends LinePlace {
  readonly number: number;
  readonly text: string;
}

interface Bytes {
  readonly size: number;
  read(start: number, bytes: number): Buffer;
}

const BLOCK_BYTES = 262_144;

/** Lines of a file. @throws HarnessError `input-malformed` for one that cannot be read or is no UTF-8. */
export function openFileLines(path: string, name: string): FileLines {
  const descriptor = readable(name, () => openSync(path, "r"));
  const first = readable(name, () => fstatSync(descriptor));
  if (!first.isFile()) return pipedLines(descriptor, name);
  const bytes: Bytes = {
    size: first.size,
    read(start, length) {
      const buffer = Buffer.allocUnsafe(length);
      const got = readable(name, () => readSync(descriptor, buffer, 0, length, start));
      return buffer.subarray(0, got);
    },
  };
  return {
    ...linesOf(bytes, name),
    checkUnchanged() {
      const { size, mtimeMs } = fstatSync(descriptor);
      if (size === first.size && mtimeMs === first.mtimeMs) return;
      throw new HarnessError(
        "input-malformed",
        `${name} was written to while it was read; wait until it is whole. Nothing was recorded.`,
      );
    },
    close: () => closeSync(descriptor),
  };
}

/** What comes through a pipe has no size and is read once, so that it is held. */
function pipedLines(descriptor: number, name: string): FileLines {
  try {
    return bufferLines(
      readable(name, () => readFileSync(descriptor)),
      name,
    );
  } finally {
    closeSync(descriptor);
  }
}

/** Lines of a text that is in memory. */
export function textLines(text: string, name: string): FileLines {
  return bufferLines(Buffer.from(text), name);
}

function bufferLines(buffer: Buffer, name: string): FileLines {
  const bytes = {
    size: buffer.length,
    read: (start: number, length: number) => buffer.subarray(start, start + length),
  };
  return { ...linesOf(bytes, name), checkUnchanged: () => undefined, close: () => undefined };
}

function linesOf(bytes: Bytes, name: string): Pick<FileLines, "read" | typeof Symbol.iterator> {
  return {
    read: ({ start, bytes: length }) => decode(bytes.read(start, length), { start, name }),
    *[Symbol.iterator]() {
      let number = 0;
      for (const { start, line } of rawLines(bytes)) {
        number += 1;
        const text = decode(line, { start, name });
        if (text.trim() !== "") yield { number, start, bytes: line.length, text };
      }
    },
  };
}

function* rawLines(bytes: Bytes): Generator<{ readonly start: number; readonly line: Buffer }> {
  let start = 0;
  let rest: Buffer[] = [];
  for (let at = 0; at < bytes.size; at += BLOCK_BYTES) {
    const block = bytes.read(at, Math.min(BLOCK_BYTES, bytes.size - at));
    let from = 0;
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, from)) {
      const piece = block.subarray(from, end);
      const line = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      yield { start, line };
      start += line.length + 1;
      from = end + 1;
    }
    if (from < block.length) rest.push(block.subarray(from));
  }
  if (rest.length > 0) yield { start, line: Buffer.concat(rest) };
}

/** Without the mark that some editors begin a file with. */
function decode(line: Buffer, { start, name }: { readonly start: number; readonly name: string }): string {
  if (!isUtf8(line)) {
    throw new HarnessError("input-malformed", `${name} is not UTF-8 text; save it as UTF-8.`);
  }
  const text = line.toString("utf8");
  return start === 0 ? text.replace(/^\uFEFF/, "") : text;
}

function readable<T>(name: string, task: () => T): T {
  try {
    return task();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new HarnessError("input-malformed", `${name} ${why}; name a file that can be read.`, { cause });
  }
}
