/** Takes a text from those that were loaded for a decision, and tells the caller which ones to load. */
import { HarnessError, type VersionText } from "@colophon/kernel";

export type Texts = ReadonlyMap<string, VersionText>;

/**
 * Decisions are synchronous and cannot load: one that lacks texts throws, and the caller loads what
 * `missingTexts` names and decides again. What the store does not have either is a corrupt store.
 */
export function textsMissing(hashes: Iterable<string>, what: string): HarnessError {
  const missing = [...hashes];
  return new HarnessError(
    "store-corrupt",
    `The store has no text ${missing[0]?.slice(0, 12)}… for ${what}: run \`colophon verify\`.`,
    { details: { missingTexts: missing } },
  );
}

/** Hashes of the texts that a decision asked for and was not given; empty for every other error. */
export function missingTexts(error: unknown): readonly string[] {
  if (typeof error !== "object" || error === null || !("details" in error)) return [];
  const { details } = error as { readonly details: unknown };
  if (typeof details !== "object" || details === null || !("missingTexts" in details)) return [];
  return Array.isArray(details.missingTexts) ? details.missingTexts : [];
}
