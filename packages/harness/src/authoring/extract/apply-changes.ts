/** Writes changes of many files: all of them, or none. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { FileChange } from "@colophon/authoring/extract";
import { HarnessError } from "@colophon/kernel";

/** Some editors begin a file with it. */
const MARK = "\uFEFF";
const WAITING = ".colophon-extract";
/** By anybody. */
const WRITABLE = 0o222;

/** A change that has taken place, and what was there. */
interface DoneChange {
  readonly path: string;
  readonly content: string | null;
  readonly mode: number | undefined;
}

/**
 * Each new content is written beside its file first; only when all of them are there do they take their places,
 * and if one cannot, the others are put back.
 *
 * @throws HarnessError `usage` where a file is no longer what it was read as, or cannot be written.
 */
export function applyChanges(base: string, changes: readonly FileChange[]): void {
  for (const { file, before } of changes) {
    const path = join(base, file);
    if (existsSync(path) && !statSync(path).isFile()) {
      throw new HarnessError("usage", `${file} is no file; nothing was written, clear its place first.`);
    }
    if (withoutMark(contentOf(path)) !== before) {
      throw new HarnessError("usage", `${file} has changed meanwhile; nothing was written, run it again.`);
    }
    // A rename would not mind.
    if (before !== null && (statSync(path).mode & WRITABLE) === 0) {
      throw new HarnessError("usage", `${file} is read-only; nothing was written, make it writable first.`);
    }
  }
  const waiting: string[] = [];
  const done: DoneChange[] = [];
  let at = "";
  try {
    for (const { file, before, after } of changes) {
      if (after === null) continue;
      at = file;
      const path = join(base, file);
      mkdirSync(dirname(path), { recursive: true });
      waiting.push(path + WAITING);
      writeFileSync(path + WAITING, (hasMark(contentOf(path)) ? MARK : "") + after);
      if (before !== null) chmodSync(path + WAITING, statSync(path).mode);
    }
    for (const change of changes) {
      at = change.file;
      const path = join(base, change.file);
      const content = contentOf(path);
      const mode = content === null ? undefined : statSync(path).mode;
      if (change.after === null) rmSync(path);
      else renameSync(path + WAITING, path);
      done.push({ path, content, mode });
    }
  } catch (cause) {
    for (const change of done) putBack(change);
    for (const path of waiting) rmSync(path, { force: true });
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw new HarnessError("usage", `${at} cannot be written (${code}); all files are as they were.`, {
      cause,
    });
  }
}

/** Null for a file that is not there. */
function contentOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

function hasMark(content: string | null): boolean {
  return content?.startsWith(MARK) === true;
}

function withoutMark(content: string | null): string | null {
  return hasMark(content) ? (content as string).slice(1) : content;
}

function putBack({ path, content, mode }: DoneChange): void {
  if (content === null) rmSync(path, { force: true });
  else writeFileSync(path, content, { mode });
}
