/** Brings what changed in the registry into prompt files: as a commit on a branch, or into the files themselves. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  keyOfPath,
  LOCK_FILE,
  type LockEntry,
  type MergedPrompt,
  newPromptFile,
  pathOfKey,
  printLock,
  type SyncState,
} from "@colophon/authoring";
import { HarnessError, sha256 } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { type ComparedPrompt, compareFolder } from "./compare-folder.ts";
import { isKnown, refuseUnknown } from "./folder-status.ts";
import { lockAhead } from "./lock-ahead.ts";
import { mergeView } from "./merge-view.ts";
import {
  type FolderContent,
  folderContent,
  lockPath,
  lockText,
  nameOfFile,
  type PromptFolder,
  placeOfFile,
  readFile,
  readFolder,
  writeWhole,
} from "./prompt-folder.ts";
import { type PulledPrompt, pullMessage } from "./pull-message.ts";

export interface PullRequest {
  readonly folder: PromptFolder;
  /** All prompts where it is empty. */
  readonly keys: readonly string[];
  /** Into the files themselves, without a branch. */
  readonly here: boolean;
  /** The name of the branch; null for one after what is on it. */
  readonly branch: string | null;
  /** Whether conflicts are written too, with the marks of a merge. */
  readonly conflicts: boolean;
}

export interface PullConflict {
  readonly key: string;
  readonly file: string;
  readonly state: SyncState | "unreadable";
  readonly version: number | null;
  /** Null where there is nothing to merge. */
  readonly merge: MergedPrompt | null;
  /** Why a file was left alone, where it is no merge. */
  readonly problem: string | null;
}

export interface PullReport {
  /** Null where nothing changed, or without one. */
  readonly branch: string | null;
  readonly commit: string | null;
  /** False where the branch was there already, with just this. */
  readonly created: boolean;
  readonly pulled: readonly PulledPrompt[];
  /** Left alone, or with `conflicts` written with marks. */
  readonly conflicts: readonly PullConflict[];
  readonly withdrawn: readonly {
    readonly key: string;
    readonly version: number;
    readonly by: string;
    readonly reason: string;
  }[];
  /** The lock knows a file that is gone: only naming the prompt brings it back. */
  readonly deleted: readonly string[];
  /** Files with changes that no commit has, and that the branch therefore lacks. */
  readonly uncommitted: readonly string[];
}

/** What becomes of the folder. */
interface PullPlan {
  /** By path from the folder on. */
  readonly files: Map<string, string>;
  readonly lock: Map<string, LockEntry>;
  readonly pulled: PulledPrompt[];
  readonly conflicts: PullConflict[];
}

/**
 * A file that is as the lock knows it takes over the registry's newest version; one that has changed as well is
 * merged line by line, and left alone where both changed the same lines. What is checked out, and its index, stay
 * as they are, unless `here` is asked for.
 *
 * @throws HarnessError `usage` outside of a repository, `key-unknown`, `input-malformed` for the lock.
 * @example
 * import { findPromptFolder, pullFolder } from "@colophon/harness";
 *
 * const folder = findPromptFolder(process.cwd());
 * const { branch, pulled } = await pullFolder(house, {
 *   folder, keys: [], here: false, branch: null, conflicts: false,
 * });
 */
export async function pullFolder(house: House, request: PullRequest): Promise<PullReport> {
  const { folder, keys, here } = request;
  const source = here ? { content: folderContent(folder), repository: null } : await committedContent(folder);
  const committed = readFolder(folder, source.content);
  const read = { ...committed, lock: lockAhead(committed, source.lockHere ?? null) };
  const only = keys.length === 0 ? {} : { keys: new Set(keys) };
  const found = await compareFolder(house, read, { ...only, withNew: true });
  const prompts = found.prompts.filter(isKnown);
  refuseUnknown(keys, found.known);
  const plan: PullPlan = { files: new Map(), lock: new Map(committed.lock), pulled: [], conflicts: [] };
  const taken = new Set(source.content.files.map(({ path }) => path.toLowerCase()));
  for (const prompt of prompts) planPrompt(prompt, { plan, request, taken });
  for (const { key, file, message } of read.problems) {
    if (keys.length > 0 && !keys.includes(key)) continue;
    plan.conflicts.push({ key, file, state: "unreadable", version: null, merge: null, problem: message });
  }
  // A push has noted it already, and only the commit of the lock is still to come.
  const isNoted = plan.files.size === 0 && printLock(plan.lock) === source.lockHere;
  const written = isNoted ? NOTHING : await write(house, { plan, request, source });
  return {
    ...written,
    pulled: isNoted ? [] : plan.pulled.map((one) => ({ ...one, file: nameOfFile(folder, one.file) })),
    conflicts: plan.conflicts,
    ...sayings(prompts, plan),
    uncommitted: source.uncommitted ?? [],
  };
}

const NOTHING = { branch: null, commit: null, created: false };

interface CommittedSource {
  readonly content: FolderContent;
  readonly repository: { readonly of: Repository; readonly head: string; readonly place: string } | null;
  readonly uncommitted?: readonly string[];
  /** The lock as it lies there, committed or not. */
  readonly lockHere?: string | null;
}

/** What the last commit has, since that is what the branch goes on from. */
async function committedContent(folder: PromptFolder): Promise<CommittedSource> {
  const repository = await openRepository(folder.parent);
  if (repository === null) {
    throw new HarnessError(
      "usage",
      `${folder.path} lies in no git repository, so there is no branch to make: pass --here to change the files themselves.`,
    );
  }
  const head = await repository.head();
  if (head === null) {
    throw new HarnessError(
      "usage",
      `${repository.root} has no commit yet that a branch could go on from: commit something, or pass --here.`,
    );
  }
  const place = `${repository.prefix}${basename(folder.path)}`;
  const lock = `${repository.prefix}${LOCK_FILE}`;
  const files = await repository.filesAt(head, [place, lock]);
  const committedLock = files.find(({ path }) => path === lock);
  const changed = await repository.changedFiles([place, lock]);
  return {
    repository: { of: repository, head, place },
    content: {
      lock: committedLock === undefined ? null : lockText(committedLock.bytes),
      files: files
        .filter(({ path }) => path.startsWith(`${place}/`) && path.endsWith(".prompt"))
        .map(({ path, bytes }) => ({ path: path.slice(place.length + 1), bytes })),
    },
    lockHere: existsSync(lockPath(folder)) ? lockText(readFileSync(lockPath(folder))) : null,
    uncommitted: changed.filter((path) => path.endsWith(".prompt") || path === lock),
  };
}

interface PlanParts {
  readonly plan: PullPlan;
  readonly request: PullRequest;
  /** Paths that are there, in small letters: not every disk tells them apart. */
  readonly taken: Set<string>;
}

function planPrompt(prompt: ComparedPrompt, parts: PlanParts): void {
  const { key, compared } = prompt;
  const { plan, request } = parts;
  switch (compared.state) {
    case "in-sync":
      if (!isDeepStrictEqual(plan.lock.get(key), prompt.entry)) {
        take(prompt, { plan, change: "lock", path: prompt.file?.path ?? null, source: null });
      }
      break;
    case "lock-behind":
      take(prompt, { plan, change: "lock", path: prompt.file?.path ?? null, source: null });
      break;
    case "changed-there":
    case "changed-both":
    case "no-ancestor":
      planMerge(prompt, parts);
      break;
    case "only-there":
      planNewFile(prompt, parts);
      break;
    case "deleted-here":
      if (request.keys.includes(key)) planNewFile(prompt, parts);
      break;
    case "other-registry":
      plan.conflicts.push(conflictOf(prompt, null));
      break;
    default:
  }
}

function planMerge(prompt: ComparedPrompt, { plan, request }: PlanParts): void {
  const merge = mergeView(prompt);
  const path = prompt.file?.path ?? null;
  if (merge === null) return;
  if (merge.kind === "merged") {
    const problem = path === null ? null : problemOf(request.folder, { path, source: merge.source });
    if (problem !== null) {
      plan.conflicts.push(leftAlone(prompt, { path, problem }));
      return;
    }
    const change = prompt.compared.state === "changed-there" ? "updated" : "merged";
    take(prompt, { plan, change, path, source: merge.source });
    return;
  }
  plan.conflicts.push(conflictOf(prompt, merge));
  if (request.conflicts) take(prompt, { plan, change: "conflict", path, source: merge.source });
}

function planNewFile(prompt: ComparedPrompt, { plan, request, taken }: PlanParts): void {
  const { theirs } = prompt.compared;
  if (theirs === null) return;
  const path = freePath(prompt.key, taken);
  const source = newPromptFile(prompt.key, theirs, keyOfPath(path));
  const problem = problemOf(request.folder, { path, source });
  if (problem !== null) {
    plan.conflicts.push(leftAlone(prompt, { path, problem }));
    return;
  }
  taken.add(path.toLowerCase());
  take(prompt, { plan, change: "new", path, source });
}

/** Why a file could not be read again, once it is written: a body may have what looks like the marks of a merge. */
function problemOf(
  folder: PromptFolder,
  { path, source }: { readonly path: string; readonly source: string },
): string | null {
  const read = readFile(folder, { path, bytes: Buffer.from(source) });
  return "code" in read ? read.message : null;
}

function leftAlone(
  { key, file, compared }: ComparedPrompt,
  { path, problem }: { readonly path: string | null; readonly problem: string },
): PullConflict {
  const { state, theirVersion: version } = compared;
  const sentence = `v${version} of the registry would be a file that cannot be read: ${problem}`;
  return { key, file: file?.name ?? path ?? key, state, version, merge: null, problem: sentence };
}

/** Two keys may come to one path; the file of the second says its name. */
function freePath(key: string, taken: ReadonlySet<string>): string {
  const path = pathOfKey(key);
  for (let number = 2, free = path; ; number++) {
    if (!taken.has(free.toLowerCase())) return free;
    free = path.replace(/\.prompt$/, `-${number}.prompt`);
  }
}

interface Taken {
  readonly plan: PullPlan;
  readonly change: PulledPrompt["change"];
  readonly path: string | null;
  /** Null where the file stays as it is. */
  readonly source: string | null;
}

function take({ key, entry, side, compared }: ComparedPrompt, { plan, change, path, source }: Taken): void {
  const { next, theirVersion } = compared;
  if (next === null || theirVersion === null || path === null) return;
  if (source !== null) plan.files.set(path, source);
  plan.lock.set(key, next);
  const versions = (side?.later ?? []).filter(
    ({ version }) => version <= theirVersion && (entry !== null || version === theirVersion),
  );
  plan.pulled.push({
    key,
    file: path,
    change,
    from: entry?.version ?? null,
    version: theirVersion,
    versions,
  });
}

function conflictOf({ key, file, compared }: ComparedPrompt, merge: MergedPrompt | null): PullConflict {
  const problem =
    compared.state === "other-registry"
      ? `${LOCK_FILE} names a version that this registry does not have`
      : null;
  return {
    ...{ key, file: file?.name ?? key, state: compared.state, version: compared.theirVersion },
    merge,
    problem,
  };
}

function sayings(prompts: readonly ComparedPrompt[], { pulled }: PullPlan) {
  const back = new Set(pulled.map(({ key }) => key));
  return {
    withdrawn: prompts.flatMap(({ key, side }) => {
      const { version = 0, withdrawn = null } = side?.base ?? {};
      return withdrawn === null ? [] : [{ key, version, by: withdrawn.by, reason: withdrawn.reason }];
    }),
    deleted: prompts.flatMap(({ key, compared }) =>
      compared.state === "deleted-here" && !back.has(key) ? [key] : [],
    ),
  };
}

interface WriteParts {
  readonly plan: PullPlan;
  readonly request: PullRequest;
  readonly source: CommittedSource;
}

async function write(house: House, { plan, request, source }: WriteParts) {
  const { folder, branch } = request;
  const lock = printLock(plan.lock);
  const isLockNew = plan.lock.size > 0 && lock !== source.content.lock;
  if (plan.files.size === 0 && !isLockNew) return NOTHING;
  if (source.repository === null) {
    const places = Array.from(plan.files, ([path, text]) => [placeOfFile(folder, path), text] as const);
    for (const [path, text] of places) writeWhole(path, text);
    if (isLockNew) writeWhole(lockPath(folder), lock);
    return { branch: null, commit: null, created: true };
  }
  const { of, head, place } = source.repository;
  const files = new Map(Array.from(plan.files, ([path, text]) => [`${place}/${path}`, text]));
  if (isLockNew) files.set(`${of.prefix}${LOCK_FILE}`, lock);
  return of.commitOnBranch(
    { parent: head, files, message: pullMessage(plan.pulled), at: house.clock.now() },
    (tree) => branch ?? `colophon/pull-${sha256(`${head} ${tree}`).slice(0, 12)}`,
  );
}
