/** Holds a text to what a version must be, and gives it as it would be registered. */
import { hashBody, hashText, type RegistryState, type VersionText } from "@colophon/kernel";
import { checkSyntax, checkText } from "./check-text.ts";
import { collectPartials, type PartialSources, pinPartials } from "./partials.ts";
import { promptKey } from "./prompt-key.ts";
import type { Texts } from "./text-of.ts";

export interface TextProposal {
  readonly key: string;
  readonly text: VersionText;
  /** Texts of its partials, by hash. */
  readonly texts: Texts;
  /** By key: texts declared at the same time. */
  readonly alongside?: PartialSources["alongside"];
}

export interface CheckedText {
  readonly key: string;
  /** With the hashes of its pinned partials. */
  readonly text: VersionText;
  readonly hash: string;
  readonly bodyHash: string;
  /** Of the same text, where it is a version already; null where it is none. */
  readonly version: number | null;
}

/**
 * A text that is a version already is held to nothing anew.
 *
 * @throws HarnessError `prompt-invalid`, `misfit`, `partial-missing`, `partial-cycle`, `withdrawn` (a
 * pinned partial), or what the template language says of a body.
 */
export function checkedText(
  state: RegistryState,
  { text: given, texts, alongside, ...proposal }: TextProposal,
): CheckedText {
  const key = promptKey(proposal.key);
  checkSyntax(key, given);
  const text = pinPartials(given, state);
  const hash = hashText(text);
  const version = state.prompts.get(key)?.versionByHash.get(hash) ?? null;
  if (version === null) {
    checkText({ key, text, partials: collectPartials({ key, text }, { state, texts, alongside }) });
  }
  return { key, text, hash, bodyHash: hashBody(text), version };
}
