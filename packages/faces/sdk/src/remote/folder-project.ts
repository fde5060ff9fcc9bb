/** Notes beside a spool which project it is of: rows that are left when a key is rotated go their way under the next one. */
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface FolderProjectParts {
  /** Of one server and key, beside those of others. */
  readonly folder: string;
  readonly origin: string;
}

const NOTE = "project";
const PROJECT = /^[a-z][a-z0-9-]{0,39}$/;

export class FolderProject {
  readonly #parts: FolderProjectParts;
  /** What the note says; undefined until the server named the project. */
  #note: string | undefined;

  constructor(parts: FolderProjectParts) {
    this.#parts = parts;
  }

  /** The server says which project it is: a key is of one for ever. */
  learn(project: string): void {
    if (this.#note !== undefined || !PROJECT.test(project)) return;
    const { folder, origin } = this.#parts;
    this.#note = hash("sha256", JSON.stringify([origin, project]));
    try {
      if (noteIn(folder) === this.#note) return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(folder, NOTE), this.#note, { mode: 0o600 });
    } catch {
      // Nothing can be kept there, so nothing is left there either.
    }
  }

  /** Folders of the same project of the same server; none until the project is known. */
  kin(): readonly string[] {
    const { folder } = this.#parts;
    if (this.#note === undefined) return [];
    const beside = dirname(folder);
    const folders = namesIn(beside).map((name) => join(beside, name));
    return folders.filter((one) => one !== folder && noteIn(one) === this.#note);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function noteIn(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, NOTE), "utf8");
  } catch {
    return undefined;
  }
}
