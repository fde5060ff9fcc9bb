/** Names a text of a prompt: a version (`KEY@v7`), or a candidate that is not one yet (`KEY@c3`). */
import { promptKey, versionReference } from "@colophon/authoring";
import { getCandidate, getPrompt, getServable, HarnessError, type RegistryState } from "@colophon/kernel";
import { candidateNumber } from "@colophon/learning";

export type TextReference =
  | { readonly key: string; readonly version: number; readonly candidate?: undefined }
  | { readonly key: string; readonly version?: undefined; readonly candidate: number };

/** A text that may be asked. */
export interface FoundText {
  /** `v7` or `c3`, as records name it. */
  readonly subject: string;
  /** Null for a candidate. */
  readonly version: number | null;
  readonly hash: string;
}

/**
 * Reads `support.triage@v7` or `support.triage@c3`.
 *
 * @throws HarnessError `usage` or `prompt-invalid`.
 * @example
 * textReference("support.triage@c3"); // { key: "support.triage", candidate: 3 }
 */
export function textReference(text: string): TextReference {
  const at = text.indexOf("@");
  if (at >= 0 && text.startsWith("c", at + 1)) {
    return { key: promptKey(text.slice(0, at)), candidate: candidateNumber(text.slice(at + 1)) };
  }
  const { key, version } = versionReference(text);
  if (version !== null) return { key, version };
  throw new HarnessError("usage", `"${text}" names no version; write it as ${text}@v7, a candidate as @c3.`);
}

/** The reference alone, out of a request that says more. */
export function referenceOf({ key, version, candidate }: TextReference): TextReference {
  return candidate === undefined ? { key, version } : { key, candidate };
}

/** @throws HarnessError `key-unknown`, `version-unknown` or `withdrawn`. */
export function findText(state: RegistryState, { key, version, candidate }: TextReference): FoundText {
  const prompt = getPrompt(state, key);
  if (candidate !== undefined) {
    return { subject: `c${candidate}`, version: null, hash: getCandidate(prompt, candidate).hash };
  }
  return { subject: `v${version}`, version, hash: getServable(prompt, version).hash };
}
