/** One line of a spool: length, checksum and JSON, so that a torn or damaged line is recognised. */

import zlib from "node:zlib";
import type { LedgerEntry } from "@colophon/kernel";

const HEADER = /^([0-9a-f]{8}) ([0-9a-f]{8}) $/;
const HEADER_BYTES = 18;

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** The line with its newline; JSON holds none itself, so a reader always finds the next line. */
export function frameEntry(entry: LedgerEntry): Buffer {
  const json = JSON.stringify(entry);
  const length = Buffer.byteLength(json);
  const line = Buffer.allocUnsafe(HEADER_BYTES + length + 1);
  line.write(json, HEADER_BYTES);
  const body = line.subarray(HEADER_BYTES, HEADER_BYTES + length);
  line.write(`${hex8(length)} ${hex8(zlib.crc32(body))} `, 0, "latin1");
  line[HEADER_BYTES + length] = 0x0a;
  return line;
}

/** The JSON of a line without its newline; undefined for a torn, damaged or foreign one. */
export function frameBody(line: Buffer): Buffer | undefined {
  const [, length, sum] = HEADER.exec(line.toString("latin1", 0, HEADER_BYTES)) ?? [];
  if (length === undefined || sum === undefined) return undefined;
  const body = line.subarray(HEADER_BYTES);
  if (body.length !== Number.parseInt(length, 16) || zlib.crc32(body) !== Number.parseInt(sum, 16))
    return undefined;
  return body;
}

/** The entry of a line without its newline; undefined for a torn, damaged or foreign one. */
export function readFrame(line: Buffer): LedgerEntry | undefined {
  const body = frameBody(line);
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as LedgerEntry;
  } catch {
    return undefined;
  }
}
