/** Makes versions of what files say, all of them or none, unless the registry has moved on meanwhile. */
import {
  type Actor,
  applyRecord,
  errorCodeOf,
  type PromptState,
  type RecordDecision,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { decideVersion, type RegisteredVersion } from "../decide-version.ts";
import type { PromptMetadata } from "../prompt-metadata.ts";
import { missingTexts, type Texts } from "../text-of.ts";
import { factsHash } from "./prompt-content.ts";

/** What one file says, with where it comes from. */
export interface PushedFile {
  /** Its name, for people. */
  readonly file: string;
  readonly key: string;
  readonly text: VersionText;
  readonly metadata: PromptMetadata;
  /** The newest version that the file was held against; 0 for none. */
  readonly after: number;
  /** `factsHash` of the registry's facts that the file was held against; null or absent where nobody looked. */
  readonly facts?: string | null;
  /** The commit that last touched the file; null for content that is in none. */
  readonly commit: string | null;
  /** Who made that commit; null stands for whoever pushes. */
  readonly author: string | null;
  /** Others who wrote on the file since the version that it was made from; absent for nobody. */
  readonly coAuthors?: readonly string[];
  readonly message: string | null;
}

export interface PushCommand {
  /** In the order in which they become versions. */
  readonly files: readonly PushedFile[];
  readonly texts: Texts;
  readonly by: Actor;
}

export interface PushedVersion extends RegisteredVersion {
  /** `factsHash` of the facts that the registry has now. */
  readonly metadata: string;
}

/** A file that cannot be a version, and why. */
export interface PushProblem {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** With `moved` or `problems`, nothing is written. */
export interface PushedFiles {
  readonly versions: readonly PushedVersion[];
  /** Prompts that have a newer version, or other facts, than the file was held against. */
  readonly moved: readonly { readonly key: string; readonly newest: number }[];
  readonly problems: readonly PushProblem[];
}

/** @throws HarnessError as `missingTexts` reads it, for texts of partials that were not loaded. */
export function decidePush(state: RegistryState, command: PushCommand): RecordDecision<PushedFiles> {
  const ahead = new StateAhead(state);
  const texts = new Map(command.texts);
  const drafts: RecordDraft[] = [];
  const made: VersionText[] = [];
  const versions: PushedVersion[] = [];
  const moved: { key: string; newest: number }[] = [];
  const problems: PushProblem[] = [];
  for (const file of command.files) {
    try {
      const decision = decideVersion(ahead.state, {
        ...file,
        source: "file",
        author: file.author ?? command.by.id,
        by: doorOf(file, command.by),
        texts,
      });
      const prompt = state.prompts.get(file.key);
      const newest = newestOf(prompt);
      const { created, metadataChanged } = decision.result;
      const hasMoved = created && newest > file.after;
      const { facts = null } = file;
      const othersSaid = metadataChanged && facts !== null && facts !== factsHash(prompt?.metadata ?? null);
      if (hasMoved || othersSaid) moved.push({ key: file.key, newest });
      ahead.apply(decision.drafts);
      drafts.push(...decision.drafts);
      for (const text of decision.texts ?? []) {
        texts.set(decision.result.hash, text);
        made.push(text);
      }
      versions.push({ ...decision.result, metadata: ahead.factsHash(file.key) });
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === undefined || missingTexts(error).length > 0) throw error;
      problems.push({ file: file.file, code, message: (error as Error).message });
    }
  }
  const isRefused = moved.length > 0 || problems.length > 0;
  if (isRefused) return { drafts: [], result: { versions: [], moved, problems } };
  return { drafts, texts: made, result: { versions, moved, problems } };
}

/** What stands in a commit came in through git; other content through the door that it was pushed at. */
function doorOf({ commit }: PushedFile, by: Actor): Actor {
  return commit === null ? by : { ...by, via: "git" };
}

function newestOf(prompt: PromptState | undefined): number {
  return Math.max(0, ...(prompt?.versions.keys() ?? []));
}

/** The state as it will be once what was decided so far is written; the store's own stays as it is. */
class StateAhead {
  readonly state: RegistryState;
  readonly #copied = new Set<string>();

  constructor(state: RegistryState) {
    this.state = { ...state, prompts: new Map(state.prompts) };
  }

  apply(drafts: readonly RecordDraft[]): void {
    for (const draft of drafts) {
      if ("key" in draft.data && typeof draft.data.key === "string") this.#copy(draft.data.key);
      const { revision, at } = this.state;
      applyRecord(this.state, { ...draft, revision: revision + 1, at } as RegistryRecord);
    }
  }

  factsHash(key: string): string {
    return factsHash(this.state.prompts.get(key)?.metadata ?? null);
  }

  /** What a version or a fact changes of a prompt is a copy then. */
  #copy(key: string): void {
    const prompt = this.state.prompts.get(key);
    if (prompt === undefined || this.#copied.has(key)) return;
    this.#copied.add(key);
    this.state.prompts.set(key, {
      ...prompt,
      versions: new Map(prompt.versions),
      versionByHash: new Map(prompt.versionByHash),
    });
  }
}
