/** Proposes a text as a candidate of a prompt; nothing is served by it. */
import { checkedText, readPromptSpec } from "@colophon/authoring";
import { type CandidateOrigin, HarnessError } from "@colophon/kernel";
import { type CandidateDecided, decideCandidate } from "@colophon/learning";
import { boundFile, boundText, checkContracts } from "../bounds/bound-text.ts";
import { changeRegistry } from "../change-registry.ts";
import type { Harness } from "../harness.ts";

export interface CandidateFile {
  readonly key: string;
  /** The parsed file; its text is proposed, and what it says of the prompt beside it is left out. */
  readonly value: unknown;
  /** Its name, for errors. */
  readonly file: string;
  /** Why it should be better. */
  readonly rationale: string;
  /** `human` unless given. */
  readonly origin?: CandidateOrigin | undefined;
  /** A version (`v7`) or a candidate (`c2`); the newest version unless given. */
  readonly parent?: string | null | undefined;
}

/**
 * Holds the text to what a version must be, and numbers it. A text that is there already, as a candidate or as a
 * version, is answered with that.
 *
 * @throws HarnessError `key-unknown`, `reason-missing`, `usage` for a file of another prompt, `version-unknown` for a
 * parent, and what `registerPrompt` throws.
 * @example
 * const { candidate } = await addCandidate(harness, {
 *   key: "support.triage",
 *   file: "idea.yaml",
 *   value: { model: "gpt-5-mini", body: "Sort the ticket into billing, bug or other." },
 *   rationale: "names the labels",
 * });
 */
export async function addCandidate(harness: Harness, command: CandidateFile): Promise<CandidateDecided> {
  const { key, file, rationale, origin = "human", parent } = command;
  boundFile(command.value, file);
  const { key: named, text } = readPromptSpec(withKey(command.value, key), file);
  boundText(text, key);
  checkContracts(text);
  if (named !== key) {
    throw new HarnessError(
      "usage",
      `${file} is about ${named}, not ${key}; name the prompt that it is about.`,
    );
  }
  const by = harness.actor;
  const { result } = await changeRegistry(harness, (state, texts) => {
    const { text: checked, hash } = checkedText(state, { key, text, texts });
    return decideCandidate(state, { key, text: checked, hash, origin, rationale, parent, by });
  });
  return result;
}

/** A file need not repeat the key that the command names. */
function withKey(value: unknown, key: string): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { key, ...value } : value;
}
