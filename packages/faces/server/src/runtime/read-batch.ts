/** Reads a batch of ledger entries out of a body: what is malformed is refused by its place and hinders no other. */
import type { PlacedEntry, RefusedEntry } from "@colophon/harness";
import {
  type ErrorCode,
  errorCodeOf,
  HarnessError,
  type LedgerEntry,
  readLedgerEntry,
} from "@colophon/kernel";

export interface ReadBatch {
  readonly entries: readonly PlacedEntry[];
  readonly refused: readonly RefusedEntry[];
}

export interface BatchParts {
  /** Whether each line is an entry, or all of it one list. */
  readonly isLines: boolean;
  /** @throws HarnessError for an entry that this caller may not record. */
  check(entry: LedgerEntry): void;
}

/** Entries of one batch: a refusal of each is still an answer that fits. */
const MOST_ENTRIES = 10_000;
const NEWLINE = 0x0a;

/** @throws HarnessError `too-large`, `input-malformed` for a list that is none, and what reading the body throws. */
export async function readBatch(body: AsyncIterable<Uint8Array>, parts: BatchParts): Promise<ReadBatch> {
  const reader = new BatchReader(parts);
  if (parts.isLines) for await (const line of linesOf(body)) reader.take(() => parsed(line));
  else for (const value of await listOf(body)) reader.take(() => value);
  return reader;
}

class BatchReader implements ReadBatch {
  readonly entries: PlacedEntry[] = [];
  readonly refused: RefusedEntry[] = [];
  readonly #parts: BatchParts;
  #count = 0;

  constructor(parts: BatchParts) {
    this.#parts = parts;
  }

  take(read: () => unknown): void {
    const index = this.#count;
    this.#count += 1;
    if (this.#count > MOST_ENTRIES) {
      throw new HarnessError(
        "too-large",
        `The batch has more than ${MOST_ENTRIES} entries; send it in parts.`,
      );
    }
    try {
      const entry = readLedgerEntry(read());
      this.#parts.check(entry);
      this.entries.push({ index, entry });
    } catch (error) {
      this.refused.push({ index, ...refusalOf(error) });
    }
  }
}

function refusalOf(error: unknown): { readonly code: ErrorCode; readonly message: string } {
  const code = errorCodeOf(error);
  if (code !== undefined) return { code, message: (error as Error).message };
  // Such as one that is nested so deeply that it cannot even be shown.
  return { code: "input-malformed", message: "This is no entry of a ledger: it cannot be read." };
}

/** Lines that are not blank, each put together once. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let begun: Uint8Array[] = [];
  for await (const piece of body) {
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...begun, piece.subarray(from, end)]);
      begun = [];
      from = end + 1;
      if (!isBlank(line)) yield line;
    }
    if (from < piece.length) begun.push(piece.subarray(from));
  }
  const last = Buffer.concat(begun);
  if (!isBlank(last)) yield last;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

async function listOf(body: AsyncIterable<Uint8Array>): Promise<readonly unknown[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  const value = parsed(Buffer.concat(pieces));
  if (Array.isArray(value)) return value;
  throw new HarnessError(
    "input-malformed",
    "The body is no list of ledger entries; send a JSON list, or one entry a line as application/x-ndjson.",
  );
}

const DECODER = new TextDecoder("utf-8", { fatal: true });

function parsed(text: Uint8Array): unknown {
  try {
    return JSON.parse(DECODER.decode(text));
  } catch {
    throw new HarnessError("input-malformed", "This is no entry of a ledger: it is no JSON in UTF-8.");
  }
}
