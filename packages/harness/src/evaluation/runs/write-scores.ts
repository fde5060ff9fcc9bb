/** Writes the score files of finished runs, and sums them up on the way. */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { NameNumbers, type RunSide, type ScoredGroup, type ScoreLine, ScoreSums } from "@colophon/evaluation";

/** A score file: JSON lines as `colophon gate verdict` reads them. */
export interface ScoreFile {
  readonly side: RunSide;
  readonly sums: ScoreSums;
  /** SHA-256 (hex) of its bytes. */
  readonly hash: string;
}

export interface ScoreFileTarget {
  readonly side: RunSide;
  readonly file: string;
  /** Sees every line, in the order of the file. */
  readonly onLine?: (line: ScoreLine) => void;
}

/** A file is there whole or not at all. */
export async function writeScores(
  groups: AsyncIterable<ScoredGroup>,
  targets: readonly ScoreFileTarget[],
): Promise<readonly ScoreFile[]> {
  const cases = new NameNumbers();
  const open = targets.map((target) => ({ target, writer: new ScoreWriter(target.file, cases) }));
  try {
    for await (const { case: id, lines } of groups) {
      const name = cases.nameOf(cases.of(id));
      for (const { target, writer } of open) {
        const read = lines[target.side];
        if (read === undefined) continue;
        // Whoever keeps names keeps one text for all sides.
        const line = { ...read, case: name };
        writer.add(line);
        target.onLine?.(line);
      }
    }
    return open.map(({ target, writer }) => ({
      side: target.side,
      sums: writer.sums,
      hash: writer.finish(),
    }));
  } finally {
    for (const { writer } of open) writer.close();
  }
}

const CHUNK_BYTES = 65_536;

class ScoreWriter {
  readonly sums: ScoreSums;
  readonly #hash = createHash("sha256");
  readonly #file: string;
  readonly #draft: string;
  #descriptor: number | null;
  #waiting = "";

  constructor(file: string, cases: NameNumbers) {
    this.sums = new ScoreSums(cases);
    this.#file = file;
    this.#draft = `${file}.draft`;
    this.#descriptor = openSync(this.#draft, "w");
  }

  add(line: ScoreLine): void {
    this.sums.add(line);
    this.#waiting += `${JSON.stringify(line)}\n`;
    if (this.#waiting.length >= CHUNK_BYTES) this.#write();
  }

  #write(): void {
    if (this.#descriptor === null || this.#waiting === "") return;
    const bytes = Buffer.from(this.#waiting);
    this.#hash.update(bytes);
    writeSync(this.#descriptor, bytes);
    this.#waiting = "";
  }

  finish(): string {
    this.#write();
    if (this.#descriptor !== null) fsyncSync(this.#descriptor);
    this.close();
    renameSync(this.#draft, this.#file);
    return this.#hash.digest("hex");
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
