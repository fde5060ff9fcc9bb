/** Where the content of prompt files comes from: the commits that last touched them. */
import { basename } from "node:path";
import { LOCK_FILE, readLock, type SyncLock } from "@colophon/authoring";
import { HarnessError } from "@colophon/kernel";
import { openRepository, type Repository } from "../git/repository.ts";
import type { PromptFile, PromptFolder, ReadFolder } from "./prompt-folder.ts";

export interface FileProvenance {
  readonly commit: string | null;
  /** E-mail address of whoever made the commit; null for whoever pushes. */
  readonly author: string | null;
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

/** Says where one file comes from. */
export type ProvenanceOf = (file: PromptFile) => Promise<FileProvenance>;

const NOWHERE: FileProvenance = { commit: null, author: null, message: null };
const SHOWN = 5;

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
  const changed = new Set(await repository.changedFiles([place, lock]));
  const pathOf = ({ path }: PromptFile): string => `${place}/${path}`;
  if (!allowDirty) {
    refuseDirty(options.files.filter((file) => changed.has(pathOf(file))).map(({ name }) => name));
    if (changed.has(lock)) await refuseStrangeLock(options.read.lock, { repository, lock });
  }
  return async (file) => {
    if (changed.has(pathOf(file))) return NOWHERE;
    const found = await repository.lastCommit(pathOf(file));
    if (found === null) {
      if (allowDirty) return NOWHERE;
      throw dirty([file.name]);
    }
    if (found.isEndOfClone) {
      throw new HarnessError(
        "usage",
        `This clone is too shallow to say who wrote ${file.name}: run git fetch --unshallow (in GitHub Actions, check out with fetch-depth: 0).`,
      );
    }
    const author = found.author.trim().toLowerCase();
    return { commit: found.commit, author: author === "" ? null : author, message: found.subject || null };
  };
}

function refuseDirty(names: readonly string[]): void {
  if (names.length > 0) throw dirty(names);
}

function dirty(names: readonly string[]): HarnessError {
  const shown = names.slice(0, SHOWN).join(", ");
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return new HarnessError(
    "usage",
    `No commit has what is in ${shown}${more}: commit it first, or pass --allow-dirty to push it without one.`,
  );
}

/** What a push leaves behind is no reason to refuse the next one: entries that are new or went on. */
async function refuseStrangeLock(
  lock: SyncLock,
  { repository, lock: path }: { readonly repository: Repository; readonly lock: string },
): Promise<void> {
  const head = await repository.head();
  const [committed] = head === null ? [] : await repository.filesAt(head, [path]);
  if (committed === undefined) return;
  const before = readLock(committed.bytes.toString("utf8"), `${LOCK_FILE} of the last commit`);
  for (const [key, { version, seen = version }] of before) {
    const entry = lock.get(key);
    if (entry !== undefined && (entry.seen ?? entry.version) >= seen) continue;
    throw new HarnessError(
      "usage",
      `${LOCK_FILE} has an uncommitted change of ${key} that no push has made: commit it or take it back, or pass --allow-dirty.`,
    );
  }
}
