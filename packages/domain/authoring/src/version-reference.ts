/** Reads `KEY@vN`, the one way of writing a version. */
import { HarnessError } from "@colophon/kernel";
import { promptKey } from "./prompt-key.ts";

export interface VersionReference {
  readonly key: string;
  /** Null where only the key was written. */
  readonly version: number | null;
}

/**
 * Reads `v7`.
 *
 * @throws HarnessError `usage` for anything else, `latest` included.
 * @example
 * versionNumber("v7"); // 7
 */
export function versionNumber(text: string): number {
  const digits = /^v([1-9][0-9]{0,8})$/.exec(text)?.[1];
  if (digits === undefined) {
    const latest = text === "latest" ? "; there is no latest, because it would change under the caller" : "";
    throw new HarnessError("usage", `"${text}" names no version: write it as v7${latest}.`);
  }
  return Number(digits);
}

/**
 * Reads `support.triage` or `support.triage@v7`.
 *
 * @throws HarnessError `usage` or `prompt-invalid`.
 * @example
 * versionReference("support.triage@v7"); // { key: "support.triage", version: 7 }
 */
export function versionReference(text: string): VersionReference {
  const at = text.indexOf("@");
  if (at < 0) return { key: promptKey(text), version: null };
  return { key: promptKey(text.slice(0, at)), version: versionNumber(text.slice(at + 1)) };
}
