/** Finds the files of an import: one that is named, or those of a folder with the endings asked for. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { HarnessError } from "@colophon/kernel";

export interface SourceFile {
  /** From the folder on, with `/`; the name alone for a single file. */
  readonly path: string;
  /** For people. */
  readonly name: string;
  readonly absolute: string;
}

const MOST_FILES = 10_000;
const MOST_BYTES = 64_000_000;
const SKIPPED: readonly string[] = ["node_modules", ".git"];

export interface FilesWanted {
  /** Absolute. */
  readonly path: string;
  /** The folder that names for people start at. */
  readonly cwd: string;
  /** Such as `.prompt`; a file that is named itself may end otherwise. */
  readonly endings: readonly string[];
}

/** In the order of their paths. @throws HarnessError `usage` where nothing is there. */
export function sourceFiles({ path, cwd, endings }: FilesWanted): readonly SourceFile[] {
  const shown = relative(cwd, path) || ".";
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new HarnessError("usage", `${shown} is not there; name a file or folder.`);
  if (!stats.isDirectory()) return [{ path: basename(path), name: shown, absolute: path }];
  const found = walk(path, endings).map((absolute) => ({
    path: relative(path, absolute).split(sep).join("/"),
    name: relative(cwd, absolute).split(sep).join("/"),
    absolute,
  }));
  if (found.length === 0) {
    throw new HarnessError(
      "usage",
      `${shown} holds no file that ends in ${endings.join(" or ")}; name another.`,
    );
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function walk(root: string, endings: readonly string[]): readonly string[] {
  const files: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const absolute = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.includes(entry.name)) folders.push(absolute);
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) files.push(absolute);
      if (files.length > MOST_FILES) {
        throw new HarnessError(
          "too-large",
          `${root} holds more than ${MOST_FILES} files; import it in parts.`,
        );
      }
    }
  }
  return files;
}

/** @throws HarnessError `too-large` or `input-malformed`. */
export function readSourceBytes({ absolute, name }: SourceFile): Uint8Array {
  try {
    const { size } = statSync(absolute);
    if (size > MOST_BYTES) {
      throw new HarnessError(
        "too-large",
        `${name} has ${size} bytes, and at most ${MOST_BYTES} are read; cut it.`,
      );
    }
    return readFileSync(absolute);
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("input-malformed", `${name} cannot be read (${code}); look at its rights.`, {
      cause,
    });
  }
}

/** @throws HarnessError `input-malformed` for what is no UTF-8. */
export function readSourceText(file: SourceFile): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readSourceBytes(file));
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError("input-malformed", `${file.name} is no UTF-8; save it as UTF-8.`, { cause });
  }
}
