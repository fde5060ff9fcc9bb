/** Lists the prompts of the registry, each with what is live and what the code declares. */
import { listEnvironments, liveOf } from "@colophon/delivery";
import type { PromptState, RegistryState, Risk } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

/** What one application's code says of a prompt. */
export interface DeclaredText {
  /** Null for the one without a name. */
  readonly application: string | null;
  /** Null for a text without a number. */
  readonly version: number | null;
}

export interface PromptSummary {
  readonly key: string;
  readonly purpose: string | null;
  readonly owner: string | null;
  readonly risk: Risk;
  readonly tags: readonly string[];
  readonly evalSet: string | null;
  readonly versions: number;
  readonly newest: number | null;
  /** By environment, inheritance followed. */
  readonly live: Readonly<Record<string, number>>;
  /** By environment: the text that each application declared last there, the newest at the end. */
  readonly declared: Readonly<Record<string, readonly DeclaredText[]>>;
  readonly overrides: number;
}

/**
 * In the order of their keys.
 *
 * @example
 * for (const { key, live } of await listPrompts(harness)) console.log(key, live["production"]);
 */
export async function listPrompts(harness: Harness): Promise<readonly PromptSummary[]> {
  const state = await harness.records.state();
  return [...state.prompts.values()]
    .map((prompt) => summarize(state, prompt))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

export function summarize(state: RegistryState, prompt: PromptState): PromptSummary {
  const { key, metadata, versions, declarations, overrides } = prompt;
  const live = listEnvironments(state).flatMap(({ name }) => {
    const found = liveOf(state, key, name);
    return found === undefined ? [] : [[name, found.version] as const];
  });
  const declared = Array.from(declarations, ([name, entries]) => {
    const texts = entries.map(({ application, hash }) => {
      return { application, version: prompt.versionByHash.get(hash) ?? null };
    });
    return [name, texts] as const;
  });
  return {
    key,
    purpose: metadata?.purpose ?? null,
    owner: metadata?.owner ?? null,
    risk: metadata?.risk ?? "medium",
    tags: metadata?.tags ?? [],
    evalSet: metadata?.evalSet ?? null,
    versions: versions.size,
    newest: versions.size === 0 ? null : Math.max(...versions.keys()),
    live: Object.fromEntries(live),
    declared: Object.fromEntries(declared),
    overrides: [...overrides.values()].reduce((sum, entries) => sum + entries.length, 0),
  };
}
