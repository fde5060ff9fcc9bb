/** Makes versions of what changed in prompt files, unless the registry has moved on as well. */
import { relative, resolve, sep } from "node:path";
import {
  factsHash,
  factsToSay,
  type LockEntry,
  type MergedPrompt,
  NO_FACTS,
  type PushedFiles,
  type PushedVersion,
  printLock,
  promptSpecValue,
  pushOrder,
  type SyncState,
} from "@colophon/authoring";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { versionLog } from "../../operations/offered-registry.ts";
import { pushFiles } from "../../operations/offered-sync.ts";
import { MOST_FILES } from "../../operations/sync-operations.ts";
import { type ComparedPrompt, compareFolder } from "./compare-folder.ts";
import { mergeView } from "./merge-view.ts";
import {
  folderContent,
  lockPath,
  type PromptFile,
  type PromptFolder,
  type ReadFolder,
  readFolder,
  writeWhole,
} from "./prompt-folder.ts";
import { type FileProvenance, openProvenance, type ProvenanceOf } from "./provenance.ts";
import type { FileToPush } from "./push-files.ts";
import { refuseProblems } from "./refuse-problems.ts";

export interface PushRequest {
  readonly folder: PromptFolder;
  /** Files and folders, from `cwd` on; all prompts where it is empty. */
  readonly only: readonly string[];
  /** False for a folder in no repository: its versions name no commit. */
  readonly git: boolean;
  /** Whether content that is in no commit is taken, without one. */
  readonly allowDirty: boolean;
  /** In place of the first line of each commit's message. */
  readonly message: string | null;
  /** Whether only to say what would become of it. */
  readonly dryRun: boolean;
}

export interface PushedPrompt extends Omit<PushedVersion, "metadata" | "bodyHash"> {
  readonly file: string;
  readonly commit: string | null;
  readonly author: string | null;
}

/** A prompt of which nothing was pushed, since both sides changed. */
export interface PushConflict {
  readonly key: string;
  readonly file: string;
  readonly state: SyncState | "moved";
  /** What the registry has; null where it is not known. */
  readonly version: number | null;
  readonly author: string | null;
  /** Null where there is nothing to merge. */
  readonly merge: MergedPrompt | null;
}

export interface PushReport {
  readonly pushed: readonly PushedPrompt[];
  readonly conflicts: readonly PushConflict[];
  /** Prompts that the registry alone has changed. */
  readonly behind: readonly { readonly key: string; readonly version: number | null }[];
  /** Prompts whose file is a version that was withdrawn. */
  readonly withdrawn: readonly string[];
  /** Prompts that the lock knows and that have no file any more; the registry keeps them. */
  readonly deleted: readonly string[];
  readonly unchanged: number;
  /** Whether the lock says something new. */
  readonly lockChanged: boolean;
}

const CONFLICTS: readonly SyncState[] = ["changed-both", "no-ancestor", "other-registry"];
const CHANGED: readonly SyncState[] = ["changed-here", "only-here"];
/** As many characters as go into one request, whose files become versions as a whole. */
const MOST_CHARACTERS = 6_000_000;
const UNTOUCHED = "Nothing was pushed";

/**
 * New content becomes a version with the commit that last touched the file, its author and its message; the same
 * again becomes none. What others include as a partial goes first. Up to 200 files become versions together or not
 * at all; the lock is written after each such step, so that a push that was cut off is gone on with by the next.
 *
 * @throws HarnessError `usage` outside of a repository and for uncommitted changes, `prompt-invalid` and others for
 * files that cannot be versions, `input-malformed` for the lock.
 * @example
 * import { findPromptFolder, pushFolder } from "@colophon/harness";
 *
 * const folder = findPromptFolder(process.cwd());
 * const { pushed, conflicts } = await pushFolder(house, {
 *   folder, only: [], git: true, allowDirty: false, message: null, dryRun: false,
 * });
 */
export async function pushFolder(house: House, request: PushRequest): Promise<PushReport> {
  const { folder, dryRun } = request;
  const content = folderContent(folder);
  const read = readFolder(folder, content);
  const chosen = chooseFiles(read, request);
  const provenanceOf = await openProvenance({ ...request, read, files: chosen });
  const keys = request.only.length === 0 ? {} : { keys: new Set(chosen.map(({ spec }) => spec.key)) };
  const { prompts } = await compareFolder(house, read, keys);
  const lock = new Map(read.lock);
  for (const { key, compared } of prompts) {
    if (compared.state === "lock-behind" && compared.next !== null) lock.set(key, compared.next);
  }
  const changed = prompts.filter(({ compared }) => CHANGED.includes(compared.state));
  const plans = await planPush(house, { changed, provenanceOf, message: request.message });
  const keep = (): void => {
    if (!dryRun && printLock(lock) !== content.lock) writeWhole(lockPath(folder), printLock(lock));
  };
  const { pushed, moved } = await pushAll(house, {
    plans,
    dryRun,
    done: (key, entry) => lock.set(key, entry),
    keep,
  });
  if (content.lock !== null || lock.size > 0) keep();
  return {
    ...reportOf(prompts),
    pushed,
    conflicts: [
      ...prompts.filter(({ compared }) => CONFLICTS.includes(compared.state)).map(conflictOf),
      ...moved,
    ],
    lockChanged: lock.size > 0 && printLock(lock) !== content.lock,
  };
}

function reportOf(prompts: readonly ComparedPrompt[]) {
  const inState = (state: SyncState) => prompts.filter(({ compared }) => compared.state === state);
  return {
    behind: inState("changed-there").map(({ key, compared }) => ({ key, version: compared.theirVersion })),
    withdrawn: inState("withdrawn").map(({ key }) => key),
    deleted: inState("deleted-here").map(({ key }) => key),
    unchanged: inState("in-sync").length + inState("lock-behind").length,
  };
}

function conflictOf(prompt: ComparedPrompt): PushConflict {
  const { key, file, head, compared } = prompt;
  return {
    key,
    file: file?.name ?? key,
    state: compared.state,
    version: compared.theirVersion ?? head?.head?.version ?? null,
    author: head?.head?.author ?? null,
    merge: mergeView(prompt),
  };
}

/** @throws HarnessError for files that are not there or cannot be read; then nothing is pushed at all. */
function chooseFiles(
  { files, problems, lock }: ReadFolder,
  { folder, only }: PushRequest,
): readonly PromptFile[] {
  const wanted = only.map((name) => ({ name, path: pathInFolder(folder, name) }));
  const isIn = (path: string, place: string): boolean =>
    place === "" || path === place || path.startsWith(`${place}/`);
  const isWanted = (path: string): boolean => only.length === 0 || wanted.some((one) => isIn(path, one.path));
  const unreadable = problems.filter(({ file }) => isWanted(pathInFolder(folder, file)));
  refuseProblems(unreadable, { what: UNTOUCHED, count: files.length + problems.length });
  for (const { name, path } of wanted) {
    if (files.some((file) => isIn(file.path, path))) continue;
    throw new HarnessError(
      "usage",
      `${name} is no prompt file: name files that end in .prompt, or a folder with such.`,
    );
  }
  if (files.length === 0 && lock.size === 0 && only.length === 0) {
    throw new HarnessError(
      "usage",
      `There is no prompt file in ${folder.path}: name the folder with --dir, or fill it with \`colophon pull\`.`,
    );
  }
  return files.filter(({ path }) => isWanted(path));
}

function pathInFolder({ path: folder, cwd }: PromptFolder, name: string): string {
  const path = relative(folder, resolve(cwd, name)).split(sep).join("/");
  if (path === ".." || path.startsWith("../")) {
    throw new HarnessError("usage", `${name} does not lie in ${folder}: name its folder with --dir.`);
  }
  return path;
}

interface PushPlan {
  readonly prompt: ComparedPrompt;
  readonly file: PromptFile;
  readonly provenance: FileProvenance;
  readonly pushed: FileToPush;
}

interface PlanParts {
  readonly changed: readonly ComparedPrompt[];
  readonly provenanceOf: ProvenanceOf;
  readonly message: string | null;
}

async function planPush(house: House, parts: PlanParts): Promise<readonly PushPlan[]> {
  const plans: PushPlan[] = [];
  const files = parts.changed.flatMap((prompt) =>
    prompt.file === null ? [] : [{ prompt, file: prompt.file, key: prompt.key, text: prompt.file.spec.text }],
  );
  for (const { prompt, file } of pushOrder(files)) {
    const provenance = await parts.provenanceOf(file, await commitBefore(house, prompt));
    const { key, text, metadata } = file.spec;
    const facts = factsToSay(metadata, prompt.compared.base?.facts ?? NO_FACTS);
    const pushed = {
      value: promptSpecValue({ key, text, metadata: facts }),
      file: file.name,
      after: prompt.side?.newest ?? prompt.head?.newest ?? 0,
      facts: prompt.side === null ? (prompt.head?.metadata ?? null) : factsHash(prompt.side.facts),
      commit: provenance.commit,
      author: provenance.author,
      coAuthors: provenance.authors,
      message: parts.message ?? provenance.message,
    };
    plans.push({ prompt, file, provenance, pushed });
  }
  return plans;
}

/** The commit of the version that a file was made from, else of the newest before it that git knows. */
async function commitBefore(house: House, { key, entry, side }: ComparedPrompt): Promise<string | null> {
  const base = side?.base ?? null;
  const newest = entry?.version ?? base?.version ?? 0;
  if (newest === 0 || base?.commit != null) return base?.commit ?? null;
  const versions = await versionLog(house, key);
  return versions.find(({ version, commit }) => version <= newest && commit !== null)?.commit ?? null;
}

interface PushParts {
  readonly plans: readonly PushPlan[];
  readonly dryRun: boolean;
  done(key: string, entry: LockEntry): void;
  /** Writes down what is done. */
  keep(): void;
}

async function pushAll(house: House, { plans, dryRun, done, keep }: PushParts) {
  const pushed: PushedPrompt[] = [];
  const moved: PushConflict[] = [];
  const batches = batchesOf(plans);
  if (batches.length > 1 && !dryRun) await checkAll(house, batches);
  for (const batch of batches) {
    const answer = await pushBatch(house, { batch, dryRun, before: pushed });
    refuseProblems(answer.problems, {
      what: pushed.length === 0 ? UNTOUCHED : "The rest was not pushed",
      count: plans.length,
    });
    moved.push(...answer.moved.map((one) => movedConflict(one, batch)));
    if (answer.moved.length > 0) break;
    for (const [index, { metadata: _, bodyHash: __, ...version }] of answer.versions.entries()) {
      const plan = batch[index];
      if (plan === undefined) continue;
      const { commit, author } = plan.provenance;
      pushed.push({ ...version, file: plan.file.name, commit, author });
      done(version.key, entryOf(version, plan));
    }
    keep();
  }
  return { pushed, moved };
}

/** What one step could be refused for is said before the first is written, save for what an earlier step makes. */
async function checkAll(house: House, batches: readonly (readonly PushPlan[])[]): Promise<void> {
  const problems: PushedFiles["problems"][number][] = [];
  for (const batch of batches) {
    const answer = await pushFiles(house, { files: batch.map(({ pushed }) => pushed), check: true });
    problems.push(...answer.problems.filter(({ code }) => code !== "partial-missing"));
  }
  refuseProblems(problems, { what: UNTOUCHED, count: batches.flat().length });
}

interface BatchParts {
  readonly batch: readonly PushPlan[];
  readonly dryRun: boolean;
  readonly before: readonly PushedPrompt[];
}

async function pushBatch(house: House, { batch, dryRun, before }: BatchParts): Promise<PushedFiles> {
  try {
    return await pushFiles(house, { files: batch.map(({ pushed }) => pushed), check: dryRun });
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || before.length === 0) throw error;
    throw new HarnessError(
      code,
      `${before.length} prompts were pushed, the last of them ${before.at(-1)?.key}, and then: ${(error as Error).message} Push again to go on.`,
      { cause: error },
    );
  }
}

/** The registry's newest is remembered where the file goes back to an earlier version on purpose. */
function entryOf(
  { version, hash }: Pick<PushedVersion, "version" | "hash">,
  { prompt, file }: PushPlan,
): LockEntry {
  const entry = { version, hash, metadata: factsHash(file.content.facts) };
  const newest = prompt.head?.head?.version ?? 0;
  return newest > version ? { ...entry, seen: newest } : entry;
}

function movedConflict(
  { key, newest }: { readonly key: string; readonly newest: number },
  batch: readonly PushPlan[],
): PushConflict {
  const file = batch.find(({ prompt }) => prompt.key === key)?.file.name ?? key;
  return { key, file, state: "moved", version: newest, author: null, merge: null };
}

function batchesOf(plans: readonly PushPlan[]): readonly (readonly PushPlan[])[] {
  const batches: PushPlan[][] = [];
  let characters = 0;
  for (const plan of plans) {
    const size = JSON.stringify(plan.pushed).length;
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_FILES || characters + size > MOST_CHARACTERS) {
      batches.push([plan]);
      characters = size;
    } else {
      last.push(plan);
      characters += size;
    }
  }
  return batches;
}
