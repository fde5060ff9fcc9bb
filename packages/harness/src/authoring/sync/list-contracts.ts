/** What every version takes and gives, in pages: what declarations are written from. */
import type { TypedPrompt, TypedVersion } from "@colophon/authoring";
import type { PromptState } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

/** Where a page ended, or begins. */
export interface ContractsPlace {
  readonly key: string;
  readonly version: number;
}

export interface PromptContracts {
  readonly prompts: readonly TypedPrompt[];
  /** Null at the end. */
  readonly next: ContractsPlace | null;
}

const MOST_VERSIONS = 200;

/** In the order of keys and numbers; a prompt that is long may go on in the next page. Withdrawn versions are left out. */
export async function listContracts(
  harness: Harness,
  { after }: { readonly after: ContractsPlace | null },
): Promise<PromptContracts> {
  const state = await harness.records.state();
  const places = [...state.prompts.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap(versionsOf)
    .filter((place) => after === null || isBeyond(place, after));
  const page = places.slice(0, MOST_VERSIONS);
  const texts = await harness.records.listTexts(page.map(({ hash }) => hash));
  const prompts = new Map<string, TypedVersion[]>();
  for (const { key, version, hash } of page) {
    const text = texts.get(hash);
    if (text === undefined) continue;
    const versions = prompts.get(key) ?? [];
    versions.push({ version, input: text.input, output: text.output ?? null });
    prompts.set(key, versions);
  }
  const last = places.length > page.length ? page.at(-1) : undefined;
  return {
    prompts: Array.from(prompts, ([key, versions]) => ({ key, versions })),
    next: last === undefined ? null : { key: last.key, version: last.version },
  };
}

function versionsOf({ versions }: PromptState) {
  return [...versions.values()]
    .filter(({ withdrawn }) => withdrawn === null)
    .sort((a, b) => a.version - b.version)
    .map(({ key, version, hash }) => ({ key, version, hash }));
}

function isBeyond(place: ContractsPlace, { key, version }: ContractsPlace): boolean {
  return place.key > key || (place.key === key && place.version > version);
}
