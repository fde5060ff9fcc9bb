/** Registers a text as the next version of a prompt, unless it is one already. */
import {
  type Actor,
  HarnessError,
  type PromptState,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type VersionSource,
} from "@colophon/kernel";
import { checkedText, type TextProposal } from "./checked-text.ts";
import { changedMetadata, type PromptMetadata } from "./prompt-metadata.ts";

export interface VersionCommand extends TextProposal {
  readonly metadata?: PromptMetadata;
  readonly author: string;
  /** Others who wrote on it; absent for nobody. */
  readonly coAuthors?: readonly string[];
  readonly message: string | null;
  readonly source: VersionSource;
  readonly commit: string | null;
  /** Absent: it was made from the newest version. */
  readonly parent?: number | null;
  readonly by: Actor;
}

export interface RegisteredVersion {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly bodyHash: string;
  /** False when the same content was a version already. */
  readonly created: boolean;
  readonly metadataChanged: boolean;
}

/**
 * @throws HarnessError `prompt-invalid`, `misfit`, `partial-missing`, `partial-cycle`, `withdrawn` (a
 * pinned partial), `version-unknown` (the parent), or what the template language says of a body.
 */
export function decideVersion(
  state: RegistryState,
  command: VersionCommand,
): RecordDecision<RegisteredVersion> {
  const { by } = command;
  const { key, text, hash, bodyHash, version: known } = checkedText(state, command);
  const prompt = state.prompts.get(key);
  const metadata = changedMetadata(prompt, key, command.metadata);
  const drafts: RecordDraft[] = metadata === undefined ? [] : [{ kind: "metadata", by, data: metadata }];
  const result = { key, hash, bodyHash, metadataChanged: metadata !== undefined };
  if (known !== null) return { drafts, result: { ...result, version: known, created: false } };

  const newest = Math.max(0, ...(prompt?.versions.keys() ?? []));
  const version = newest + 1;
  const { author, message, source, commit } = command;
  const others = [...new Set(command.coAuthors)].filter((one) => one !== author).toSorted();
  const coAuthors = others.length === 0 ? {} : { coAuthors: others };
  const parent = checkParent(prompt, { ...command, newest });
  drafts.push({
    kind: "version",
    by,
    data: { key, version, hash, bodyHash, author, ...coAuthors, message, parent, source, commit },
  });
  return { drafts, texts: [text], result: { ...result, version, created: true } };
}

function checkParent(
  prompt: PromptState | undefined,
  { key, parent, newest }: Pick<VersionCommand, "key" | "parent"> & { readonly newest: number },
): number | null {
  if (parent === undefined) return newest === 0 ? null : newest;
  if (parent !== null && !prompt?.versions.has(parent)) {
    throw new HarnessError(
      "version-unknown",
      `${key} has no version v${parent} that a new one could be made from; ${newest === 0 ? "it has none yet" : `its newest is v${newest}`}.`,
    );
  }
  return parent;
}
