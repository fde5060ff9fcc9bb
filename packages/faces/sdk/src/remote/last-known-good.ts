/** Keeps the last known snapshot of one environment on disk, for a start while the server is away. */
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import type { EpochMs, SnapshotDocument } from "@colophon/kernel";

export interface KeptSnapshot {
  readonly document: SnapshotDocument;
  /** Of the document as it stands; null where it was put together from changes. */
  readonly etag: string | null;
  /** When it was last known to be current. */
  readonly currentAt: EpochMs;
}

interface Head {
  readonly lastKnownGood: 1;
  readonly etag: string | null;
}

/** Characters that are written at once; the event loop turns between two pieces. */
const PIECE = 64 * 1024;

export class LastKnownGood {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined where there is none, or none that can be read: the next one takes its place. */
  read(): KeptSnapshot | undefined {
    try {
      const currentAt = Math.trunc(statSync(this.#file).mtimeMs);
      const text = readFileSync(this.#file, "utf8");
      const newline = text.indexOf("\n");
      const { lastKnownGood, etag } = JSON.parse(text.slice(0, newline)) as Partial<Head>;
      const document = JSON.parse(text.slice(newline + 1)) as SnapshotDocument;
      if (lastKnownGood !== 1 || !isSnapshot(document)) return undefined;
      return { document, etag: typeof etag === "string" ? etag : null, currentAt };
    } catch {
      return undefined;
    }
  }

  /**
   * Writes piece by piece and puts the whole in place at once. A document that `isSame` no longer holds
   * of on the way is not kept. @throws what the disk says.
   */
  async write(document: SnapshotDocument, etag: string | null, isSame: () => boolean): Promise<boolean> {
    const head: Head = { lastKnownGood: 1, etag };
    const temporary = `${this.#file}.${randomUUID()}.tmp`;
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    try {
      const handle = await open(temporary, "w", 0o600);
      const whole = await writePieces(handle, piecesOf(head, document), isSame).finally(() => handle.close());
      if (!whole) return false;
      await rename(temporary, this.#file);
      return true;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** The snapshot on disk is still the current one. */
  async touch(now: EpochMs): Promise<void> {
    const at = new Date(now);
    // Nothing is kept there, or not for us: nothing to touch.
    await utimes(this.#file, at, at).catch(() => undefined);
  }
}

/** What every snapshot has, as far as resolving relies on it. */
export function isSnapshot(document: Partial<SnapshotDocument>): document is SnapshotDocument {
  const { format, revision, environments, prompts, texts } = document;
  return (
    format === 1 &&
    Number.isSafeInteger(revision) &&
    Array.isArray(environments) &&
    typeof prompts === "object" &&
    prompts !== null &&
    typeof texts === "object" &&
    texts !== null
  );
}

async function writePieces(
  handle: FileHandle,
  pieces: Iterable<string>,
  isSame: () => boolean,
): Promise<boolean> {
  for (const piece of pieces) {
    if (!isSame()) return false;
    await handle.write(piece);
  }
  await handle.sync();
  return isSame();
}

function* piecesOf(head: Head, { prompts, texts, ...rest }: SnapshotDocument): Generator<string> {
  let piece = `${JSON.stringify(head)}\n${JSON.stringify(rest).slice(0, -1)},"prompts":{`;
  const ends = [
    [prompts, '},"texts":{'],
    [texts, "}}\n"],
  ] as const;
  for (const [fields, end] of ends) {
    let comma = "";
    for (const [name, value] of Object.entries(fields)) {
      piece += `${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`;
      comma = ",";
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
    piece += end;
  }
  yield piece;
}
