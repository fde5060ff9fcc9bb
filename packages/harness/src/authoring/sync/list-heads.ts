/** The newest version of every prompt that has one, in pages: what files are held against. */
import { factsHash, type KnownVersion } from "@colophon/authoring";
import { listEnvironments, liveOf } from "@colophon/delivery";
import type { PromptState, RegistryState } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { headOf, knownVersion } from "./known-version.ts";

export interface HeadsQuery {
  /** Goes on after this key; null begins with the first. */
  readonly after: string | null;
}

export interface PromptHead {
  readonly key: string;
  /** The newest number, of a withdrawn version too. */
  readonly newest: number;
  /** The newest version that is not withdrawn. */
  readonly head: KnownVersion | null;
  /** Hash of the facts beside the text. */
  readonly metadata: string;
  /** By environment, inheritance followed. */
  readonly live: Readonly<Record<string, number>>;
}

export interface PromptHeads {
  readonly heads: readonly PromptHead[];
  /** The key to go on after; null at the end. */
  readonly next: string | null;
}

const MOST_HEADS = 500;

/** In the order of their keys; prompts without a version are left out. */
export async function listHeads(harness: Harness, { after }: HeadsQuery): Promise<PromptHeads> {
  const state = await harness.records.state();
  const prompts = [...state.prompts.values()]
    .filter(({ key, versions }) => versions.size > 0 && (after === null || key > after))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = prompts.slice(0, MOST_HEADS);
  return {
    heads: page.map((prompt) => promptHead(state, prompt)),
    next: prompts.length > page.length ? (page.at(-1)?.key ?? null) : null,
  };
}

function promptHead(state: RegistryState, prompt: PromptState): PromptHead {
  const { key, versions, metadata } = prompt;
  const head = headOf(prompt);
  const live = listEnvironments(state).flatMap(({ name }) => {
    const found = liveOf(state, key, name);
    return found === undefined ? [] : [[name, found.version] as const];
  });
  return {
    key,
    newest: Math.max(...versions.keys()),
    head: head === undefined ? null : knownVersion(head),
    metadata: factsHash(metadata),
    live: Object.fromEntries(live),
  };
}
