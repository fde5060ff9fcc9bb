/** Where the content of prompt files comes from: the commits that last touched them, and all who wrote on them. */
import { basename } from "node:path";
import { LOCK_FILE, readLock, type SyncLock } from "@colophon/authoring";
import { HarnessError } from "@colophon/kernel";
import { openRepository } from "../git/repository.ts";
import type { PromptFile, PromptFolder, ReadFolder } from "./prompt-folder.ts";

export interface FileProvenance {
  readonly commit: string | null;
  /** E-mail address of whoever made the commit; null for whoever pushes. */
  readonly author: string | null;
  /** Everybody who wrote on the file since, the author among them, by e-mail address. */
  readonly authors: readonly string[];
  readonly message: string | null;
}

export interface ProvenanceOptions {
  readonly folder: PromptFolder;
  readonly read: ReadFolder;
  /** The files that are asked about. */
  readonly files: readonly PromptFile[];
  /** False for content that comes without commits. */
  readonly git: boolean;
  readonly allowDirty: boolean;
}

/** Says where one file comes from, given the commit of the version that it was made from; null for none that is known. */
export type ProvenanceOf = (file: PromptFile, since: string | null) => Promise<FileProvenance>;

const NOWHERE: FileProvenance = { commit: null, author: null, authors: [], message: null };
const SHOWN = 5;
/** Some people write a whole page without an empty line. */
const LONGEST_MESSAGE = 1_000;

/**
 * @throws HarnessError `usage` outside of a repository, for files or a lock with changes that no commit has, and for a
 * clone that is too shallow to tell.
 */
export async function openProvenance(options: ProvenanceOptions): Promise<ProvenanceOf> {
  const { folder, allowDirty } = options;
  if (!options.git) return async () => NOWHERE;
  const repository = await openRepository(folder.parent);
  if (repository === null) {
    throw new HarnessError(
      "usage",
      `${folder.path} lies in no git repository, so nothing says who wrote what: push from one, or pass --no-git.`,
    );
  }
  const place = repository.prefix + basename(folder.path);
  const lock = repository.prefix + LOCK_FILE;
  const head = await repository.head();
  const committed = new Map(
    (head === null ? [] : await repository.filesAt(head, [place, lock])).map(({ path, bytes }) => [
      path,
      bytes,
    ]),
  );
  const pathOf = ({ path }: PromptFile): string => `${place}/${path}`;
  const isCommitted = (file: PromptFile): boolean => isSameText(file, committed.get(pathOf(file)));
  if (!allowDirty) {
    refuseDirty(options.files.filter((file) => !isCommitted(file)).map(({ name }) => name));
    refuseStrangeLock(options.read.lock, committed.get(lock));
  }
  return async (file, since) => {
    const { authors, isEndOfClone } = await repository.authorsSince(pathOf(file), since);
    if (isEndOfClone) throw tooShallow(file);
    // What is not committed yet may stand on commits of others.
    if (!isCommitted(file)) return { ...NOWHERE, authors };
    const found = await repository.lastCommit(pathOf(file));
    if (found === null || found.isEndOfClone) throw tooShallow(file);
    const author = found.author.trim().toLowerCase();
    const message = found.subject.slice(0, LONGEST_MESSAGE);
    return { commit: found.commit, author: author === "" ? null : author, authors, message: message || null };
  };
}

function tooShallow({ name }: PromptFile): HarnessError {
  return new HarnessError(
    "usage",
    `This clone is too shallow to say who wrote ${name}: run git fetch --unshallow (in GitHub Actions, check out with fetch-depth: 0).`,
  );
}

/**
 * Git's own word on what has changed is not asked: it can be told to overlook a file, and filters may make one text
 * of another on the way out. Line ends aside, what is pushed is what the commit has.
 */
function isSameText({ source }: PromptFile, committed: Buffer | undefined): boolean {
  if (committed === undefined) return false;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(committed);
  return text.replaceAll("\r\n", "\n") === source.replaceAll("\r\n", "\n");
}

function refuseDirty(names: readonly string[]): void {
  if (names.length === 0) return;
  const shown = names.slice(0, SHOWN).join(", ");
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  throw new HarnessError(
    "usage",
    `The last commit does not have what is in ${shown}${more}: commit it first, or pass --allow-dirty to push it without one.`,
  );
}

/** What a push leaves behind is no reason to refuse the next one: entries that are new or went on. */
function refuseStrangeLock(lock: SyncLock, committed: Buffer | undefined): void {
  if (committed === undefined) return;
  const before = readLock(committed.toString("utf8"), `${LOCK_FILE} of the last commit`);
  for (const [key, { version, seen = version }] of before) {
    const entry = lock.get(key);
    if (entry !== undefined && (entry.seen ?? entry.version) >= seen) continue;
    throw new HarnessError(
      "usage",
      `${LOCK_FILE} has an uncommitted change of ${key} that no push has made: commit it or take it back, or pass --allow-dirty.`,
    );
  }
}
