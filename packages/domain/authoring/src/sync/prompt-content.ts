/** What a file and the registry are compared by: a text without what the registry pins into it, and all facts beside it. */
import {
  bodiesOf,
  canonicalJson,
  hashText,
  sha256,
  templatePartials,
  type VersionText,
} from "@colophon/kernel";
import { type PromptFacts, type PromptMetadata, wholeFacts } from "../prompt-metadata.ts";

export interface PromptContent {
  /** Without the hashes of its pinned partials: the body names them, and a version never changes. */
  readonly text: VersionText;
  readonly facts: PromptFacts;
}

/** The facts of a prompt of which nobody has said any. */
export const NO_FACTS: PromptFacts = wholeFacts(undefined);

export function promptContent(text: VersionText, metadata: PromptMetadata | null): PromptContent {
  const { partials: _, ...bare } = text;
  return { text: bare, facts: wholeFacts(metadata) };
}

export function sameText(a: Pick<PromptContent, "text">, b: Pick<PromptContent, "text">): boolean {
  return canonicalJson(a.text) === canonicalJson(b.text);
}

export function sameContent(a: PromptContent, b: PromptContent): boolean {
  return sameText(a, b) && factsHash(a.facts) === factsHash(b.facts);
}

/** The first 16 hex digits of SHA-256 over the facts. */
export function factsHash(facts: PromptMetadata | null): string {
  return sha256(canonicalJson(wholeFacts(facts))).slice(0, 16);
}

/** What a file has to say for its facts to hold: what it states, and what it no longer states. */
export function factsToSay(stated: PromptMetadata, before: PromptFacts): PromptMetadata {
  const after = wholeFacts(stated);
  const names = Object.keys(after) as (keyof PromptFacts)[];
  const dropped = names.filter((name) => canonicalJson(after[name]) !== canonicalJson(before[name]));
  return { ...stated, ...Object.fromEntries(dropped.map((name) => [name, after[name]])) };
}

/**
 * The hash that a text has as a version, once its pinned partials are known; null while one is not.
 *
 * @param pins hashes of versions, by reference such as `shared.tone@v2`.
 */
export function pinnedHash(text: VersionText, pins: ReadonlyMap<string, string>): string | null {
  const refs = bodiesOf(text).flatMap((body) =>
    templatePartials(body).filter(({ version }) => version !== null),
  );
  if (refs.length === 0) return hashText(text);
  const hashes = refs.map(({ ref }) => [ref, pins.get(ref)] as const);
  if (hashes.some(([, hash]) => hash === undefined)) return null;
  return hashText({ ...text, partials: Object.fromEntries(hashes) as Readonly<Record<string, string>> });
}
