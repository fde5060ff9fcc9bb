/** Facts about a prompt beside its text: what is given changes, what is not given stays. */
import { canonicalJson, type MetadataData, type ModelChoice, type PromptState } from "@colophon/kernel";

/** What code or a file says of a prompt; an absent field is left as it is, null takes a fact away. */
export type PromptMetadata = Partial<PromptFacts>;

/** Every fact, those that nobody states as what they then are. */
export type PromptFacts = Omit<MetadataData, "key">;

const FIELDS = ["purpose", "owner", "risk", "tags", "evalSet", "backup", "routes"] as const;

/** What facts come to where these are all that was ever said. */
export function wholeFacts(given: PromptMetadata | null | undefined): PromptFacts {
  const { purpose, owner, risk, tags, evalSet, backup, routes } = given ?? {};
  return {
    purpose: purpose ?? null,
    owner: owner ?? null,
    risk: risk ?? "medium",
    tags: tags ?? [],
    evalSet: evalSet ?? null,
    backup: backup ?? [],
    routes: routes ?? ({} as Readonly<Record<string, ModelChoice>>),
  };
}

/** The metadata that has to be recorded, or undefined when it would say nothing new. */
export function changedMetadata(
  prompt: PromptState | undefined,
  key: string,
  given: PromptMetadata = {},
): MetadataData | undefined {
  const before = wholeFacts(prompt?.metadata);
  const after = { ...before };
  for (const field of FIELDS) if (given[field] !== undefined) Object.assign(after, { [field]: given[field] });
  return canonicalJson(before) === canonicalJson(after) ? undefined : { key, ...after };
}
