/** Compares two versions of a prompt, or what is live of it in two environments. */

import { compareTexts, type TextDiff } from "@colophon/authoring";
import { liveOf } from "@colophon/delivery";
import {
  getEnvironment,
  getPrompt,
  getVersion,
  HarnessError,
  type PromptState,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export type DiffSides =
  | { readonly versions: readonly [number, number] }
  | { readonly environments: readonly [string, string] };

interface DiffSide {
  readonly version: number;
  readonly hash: string;
  readonly environment: string | null;
}

export interface VersionDiff extends TextDiff {
  readonly key: string;
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/**
 * Compares two versions, or what is live in two environments.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` or `environment-unknown`.
 * @example
 * const { same, body } = await diffVersions(harness, "support.triage", { versions: [3, 4] });
 */
export async function diffVersions(harness: Harness, key: string, sides: DiffSides): Promise<VersionDiff> {
  const state = await harness.records.state();
  const prompt = getPrompt(state, key);
  const [before, after] =
    "versions" in sides
      ? [versionSide(prompt, sides.versions[0]), versionSide(prompt, sides.versions[1])]
      : [liveSide(state, prompt, sides.environments[0]), liveSide(state, prompt, sides.environments[1])];
  const texts = await harness.records.listTexts(new Set([before.hash, after.hash]));
  return { key, before, after, ...compareTexts(textOf(texts, before), textOf(texts, after)) };
}

function versionSide(prompt: PromptState, version: number): DiffSide {
  return { version, hash: getVersion(prompt, version).hash, environment: null };
}

function liveSide(state: RegistryState, prompt: PromptState, environment: string): DiffSide {
  getEnvironment(state, environment);
  const live = liveOf(state, prompt.key, environment);
  if (live === undefined) {
    throw new HarnessError(
      "version-unknown",
      `Nothing of ${prompt.key} is live in ${environment}; release a version there, or compare versions by number.`,
    );
  }
  return { ...versionSide(prompt, live.version), environment };
}

function textOf(texts: ReadonlyMap<string, VersionText>, side: DiffSide): VersionText {
  const text = texts.get(side.hash);
  if (text !== undefined) return text;
  throw new HarnessError(
    "store-corrupt",
    `The store has no text of v${side.version}; run \`colophon verify\`.`,
  );
}
