/** The folder of prompt files and the lock beside it: where they are, what is in them, and how they are written. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import {
  keyOfPath,
  LOCK_FILE,
  type PromptContent,
  type PromptSpec,
  promptContent,
  readLock,
  readPromptFile,
  type SyncLock,
} from "@colophon/authoring";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import { refuseUnsettled } from "../prompt-file-value.ts";

export interface PromptFolder {
  /** Absolute. */
  readonly path: string;
  /** Absolute: the folder that it lies in, with the lock. */
  readonly parent: string;
  /** The folder that names for people start at. */
  readonly cwd: string;
}

/** A file as it lies there, or in a commit. */
export interface RawFile {
  /** From the folder on, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface FolderContent {
  readonly files: readonly RawFile[];
  /** Null without one. */
  readonly lock: string | null;
}

export interface PromptFile {
  /** From the folder on, with `/`. */
  readonly path: string;
  /** As people know it from where they are. */
  readonly name: string;
  readonly source: string;
  readonly spec: PromptSpec;
  readonly content: PromptContent;
}

/** A file that cannot be read as a prompt. */
export interface FileProblem {
  readonly file: string;
  /** As its path says it; a file that can be read may say another. */
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

export interface ReadFolder {
  readonly files: readonly PromptFile[];
  readonly problems: readonly FileProblem[];
  readonly lock: SyncLock;
}

const FOLDER = "prompts";
const ENDING = ".prompt";

/**
 * The folder that is named, else the nearest `prompts/` upward within the repository, else one here.
 *
 * @throws HarnessError `usage` for a name that is a file, or a repository as a whole.
 * @example
 * const { path } = findPromptFolder(process.cwd(), "apps/shop/prompts");
 */
export function findPromptFolder(cwd: string, named?: string): PromptFolder {
  const path = named === undefined ? (nearestFolder(cwd) ?? join(cwd, FOLDER)) : resolve(cwd, named);
  if (existsSync(path) && !statSync(path).isDirectory()) {
    throw new HarnessError("usage", `${named ?? path} is no folder: name the one that has the prompt files.`);
  }
  if (dirname(path) === path || (named !== undefined && existsSync(join(path, ".git")))) {
    throw new HarnessError(
      "usage",
      `${named ?? path} is a repository as a whole, and ${LOCK_FILE} lies beside the folder of the prompt files: put them into a folder of it, such as ${FOLDER}.`,
    );
  }
  return { path, parent: dirname(path), cwd };
}

function nearestFolder(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, FOLDER);
    if (existsSync(path) && statSync(path).isDirectory()) return path;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}

export function lockPath({ parent }: PromptFolder): string {
  return join(parent, LOCK_FILE);
}

/** As people know a file of the folder from where they are. */
export function nameOfFile({ path: folder, cwd }: PromptFolder, path: string): string {
  return relative(cwd, join(folder, path)).split(sep).join("/");
}

/** What lies there. @throws HarnessError `input-malformed` for what cannot be read. */
export function folderContent(folder: PromptFolder): FolderContent {
  const lock = lockPath(folder);
  try {
    return {
      files: existsSync(folder.path) ? listFiles(folder) : [],
      lock: existsSync(lock) ? lockText(readFileSync(lock)) : null,
    };
  } catch (cause) {
    if (errorCodeOf(cause) !== undefined) throw cause;
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError(
      "input-malformed",
      `${folder.path} cannot be read (${code}); look at its rights.`,
      { cause },
    );
  }
}

/** Git may have written the ends of its lines as Windows has them. */
export function lockText(bytes: Buffer): string {
  return bytes.toString("utf8").replaceAll("\r\n", "\n");
}

function listFiles(folder: PromptFolder): readonly RawFile[] {
  const entries = readdirSync(folder.path, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name.endsWith(ENDING))
    .flatMap((entry) => {
      const path = relative(folder.path, join(entry.parentPath, entry.name)).split(sep).join("/");
      if (entry.isSymbolicLink()) {
        throw new HarnessError(
          "input-malformed",
          `${nameOfFile(folder, path)} is a link to another file: put the prompt itself there.`,
        );
      }
      return entry.isFile() ? [{ path, bytes: readFileSync(join(folder.path, path)) }] : [];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @throws HarnessError `input-malformed` for a lock that cannot be read, `usage` for two files of one prompt. */
export function readFolder(folder: PromptFolder, content: FolderContent): ReadFolder {
  const problems: FileProblem[] = [];
  const byKey = new Map<string, PromptFile>();
  for (const raw of content.files) {
    const file = readFile(folder, raw);
    if ("code" in file) {
      problems.push(file);
      continue;
    }
    const { key } = file.spec;
    const other = byKey.get(key);
    if (other !== undefined) {
      throw new HarnessError(
        "usage",
        `${other.name} and ${file.name} are both ${key}: give one of them another name.`,
      );
    }
    byKey.set(key, file);
  }
  const lock = content.lock === null ? new Map() : readLock(content.lock, LOCK_FILE);
  return { files: [...byKey.values()], problems, lock };
}

/** A file of the folder, or why it is none. */
export function readFile(folder: PromptFolder, { path, bytes }: RawFile): PromptFile | FileProblem {
  const name = nameOfFile(folder, path);
  const key = keyOfPath(path);
  try {
    refuseUnsettled(bytes, name);
    const spec = readPromptFile(bytes, { name, key });
    const source = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return { path, name, source, spec, content: promptContent(spec.text, spec.metadata) };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return { file: name, key, code, message: (error as Error).message };
  }
}

/**
 * Says where a new content of a file of the folder goes.
 *
 * @throws HarnessError `usage` where the way there leads through a link, or something else is in its place.
 */
export function placeOfFile(folder: PromptFolder, path: string): string {
  const steps = path.split("/");
  for (const count of steps.keys()) {
    const at = join(folder.path, ...steps.slice(0, count + 1));
    const found = lstatSync(at, { throwIfNoEntry: false });
    const isLast = count === steps.length - 1;
    if (found === undefined || (isLast ? found.isFile() : found.isDirectory())) continue;
    throw new HarnessError(
      "usage",
      `${nameOfFile(folder, path)} cannot be written, since ${relative(folder.cwd, at)} is no ${isLast ? "file" : "folder"} of its own: move that elsewhere.`,
    );
  }
  return join(folder.path, path);
}

/**
 * Puts a whole file there at once: who reads it sees what was before, or this.
 *
 * @throws HarnessError `usage` where nothing can be written.
 */
export function writeWhole(path: string, text: string): void {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("usage", `${path} cannot be written (${code}); look at its rights.`, { cause });
  }
}
