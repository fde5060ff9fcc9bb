/** Says of every prompt how its file and the registry stand to one another, and what is live. */
import type { SyncState } from "@colophon/authoring";
import { HarnessError, nearestName } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { type ComparedPrompt, compareFolder } from "./compare-folder.ts";
import { mergeView } from "./merge-view.ts";
import { folderContent, type PromptFolder, readFolder } from "./prompt-folder.ts";

export interface SyncStatus {
  readonly key: string;
  /** As people know it from where they are; null without one. */
  readonly file: string | null;
  readonly state: SyncState | "unreadable";
  /** The version in the lock. */
  readonly locked: number | null;
  /** The newest version that is not withdrawn, with whose it is. */
  readonly newest: {
    readonly version: number;
    readonly author: string;
    readonly source: string;
    readonly message: string | null;
    readonly at: string;
  } | null;
  /** Where both sides changed: whether no line was changed by both; else null. */
  readonly mergeable: boolean | null;
  /** Of the version that the file is, or was made from; null where it was not. */
  readonly withdrawn: { readonly version: number; readonly by: string; readonly reason: string } | null;
  /** What the environment serves. */
  readonly live: number | null;
  /** Why a file cannot be read; else null. */
  readonly problem: string | null;
}

export interface StatusRequest {
  readonly folder: PromptFolder;
  readonly environment: string;
  /** All prompts where it is empty. */
  readonly keys: readonly string[];
}

/**
 * In the order of their keys.
 *
 * @throws HarnessError `key-unknown` for a key that neither side has, `input-malformed` or `usage` for a folder or a
 * lock that cannot be read.
 * @example
 * import { findPromptFolder, folderStatus } from "@colophon/harness";
 *
 * const folder = findPromptFolder(process.cwd());
 * for (const { key, state } of await folderStatus(house, { folder, environment: "production", keys: [] })) {
 *   if (state !== "in-sync") console.log(key, state);
 * }
 */
export async function folderStatus(house: House, request: StatusRequest): Promise<readonly SyncStatus[]> {
  const read = readFolder(request.folder, folderContent(request.folder));
  const only = request.keys.length === 0 ? undefined : new Set(request.keys);
  const { prompts, known } = await compareFolder(house, read, only === undefined ? {} : { keys: only });
  refuseUnknown(request.keys, known);
  const rows = prompts.filter(isKnown).map((prompt) => statusOf(prompt, request.environment));
  const unreadable = read.problems
    .filter(({ key }) => only === undefined || only.has(key))
    .map(
      ({ file, key, message }): SyncStatus => ({
        ...{ key, file, state: "unreadable", locked: read.lock.get(key)?.version ?? null },
        ...{ newest: null, mergeable: null, withdrawn: null, live: null, problem: message },
      }),
    );
  return [...rows, ...unreadable].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** @throws HarnessError `key-unknown` for a key that neither side has. */
export function refuseUnknown(asked: readonly string[], known: readonly string[]): void {
  for (const key of asked) {
    if (known.includes(key)) continue;
    const meant = nearestName(key, known);
    throw new HarnessError(
      "key-unknown",
      `Neither the files nor the registry have a prompt ${key}${meant === undefined ? "; `colophon status` shows all that there are." : `; did you mean ${meant}?`}`,
      { details: { key } },
    );
  }
}

/** A prompt whose every version is withdrawn, and that has no file, is nothing to look at. */
export function isKnown({ file, entry, head }: ComparedPrompt): boolean {
  return file !== null || entry !== null || (head !== null && head.head !== null);
}

function statusOf(prompt: ComparedPrompt, environment: string): SyncStatus {
  const { key, file, entry, head, side, compared } = prompt;
  const { state } = compared;
  const isBoth = state === "changed-both" || state === "no-ancestor";
  const left = side?.base?.withdrawn ?? null;
  return {
    key,
    file: file?.name ?? null,
    state,
    locked: entry?.version ?? null,
    newest: newestOf(prompt),
    mergeable: isBoth ? mergeView(prompt)?.kind === "merged" : null,
    withdrawn: left === null ? null : { version: side?.base?.version ?? 0, by: left.by, reason: left.reason },
    live: head !== null && Object.hasOwn(head.live, environment) ? (head.live[environment] ?? null) : null,
    problem: null,
  };
}

function newestOf({ head }: ComparedPrompt): SyncStatus["newest"] {
  if (head?.head == null) return null;
  const { version, author, source, message, at } = head.head;
  return { version, author, source, message, at };
}
