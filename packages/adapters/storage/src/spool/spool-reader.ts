/** Reads a spool line by line from an offset, in bounded chunks. */

import { readSync } from "node:fs";
import type { LedgerEntry } from "@colophon/kernel";
import { frameBody, readFrame } from "./spool-frame.ts";

/** A line as it stands, for whoever hands it on. */
export interface SpoolBody {
  /** The entry's JSON, undefined for a damaged line. */
  readonly body: Buffer | undefined;
  readonly end: number;
}

export interface SpoolLine {
  /** Undefined for a damaged line. */
  readonly entry: LedgerEntry | undefined;
  /** Where the next line begins. */
  readonly end: number;
}

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export class SpoolReader {
  readonly #descriptor: number;
  /** Read, but not handed out yet; begins at `#offset`. */
  #bytes: Buffer = Buffer.alloc(0);
  #offset: number;

  constructor(descriptor: number, offset: number) {
    this.#descriptor = descriptor;
    this.#offset = offset;
  }

  /** Where the next line begins. */
  get offset(): number {
    return this.#offset;
  }

  /** The next whole line; undefined at the end, also before a last line that was torn. */
  next(): SpoolLine | undefined {
    const line = this.#line();
    return line === undefined ? undefined : { entry: readFrame(line), end: this.#offset };
  }

  /** As `next`, without reading the JSON. */
  nextBody(): SpoolBody | undefined {
    const line = this.#line();
    return line === undefined ? undefined : { body: frameBody(line), end: this.#offset };
  }

  #line(): Buffer | undefined {
    let newline = this.#bytes.indexOf(NEWLINE);
    while (newline < 0) {
      const known = this.#bytes.length;
      if (!this.#readOn()) return undefined;
      newline = this.#bytes.indexOf(NEWLINE, known);
    }
    const line = this.#bytes.subarray(0, newline);
    this.#bytes = this.#bytes.subarray(newline + 1);
    this.#offset += newline + 1;
    return line;
  }

  /** Bytes that follow the last whole line: the last write of a process that died in it. */
  get tornBytes(): number {
    return this.#bytes.length;
  }

  // A line longer than the chunk makes the next one as long as what is there already.
  #readOn(): boolean {
    const known = this.#bytes.length;
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, known));
    const length = readSync(this.#descriptor, chunk, 0, chunk.length, this.#offset + known);
    if (length === 0) return false;
    const more = chunk.subarray(0, length);
    this.#bytes = known === 0 ? more : Buffer.concat([this.#bytes, more]);
    return true;
  }
}
