/** Finds one side of a comparison: a version, what is live, or what a file says. */
import { collectPartials, type PromptSpec, pinPartials, readPromptSpec } from "@colophon/authoring";
import { liveOf } from "@colophon/delivery";
import {
  errorCodeOf,
  getEnvironment,
  getPrompt,
  getVersion,
  HarnessError,
  hashText,
  type ModelChoice,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { boundFile, boundText } from "../../bounds/bound-text.ts";
import { withTexts } from "../../change-registry.ts";
import { modelOf } from "../../evaluation/runs/load-contender.ts";
import type { Harness } from "../../harness.ts";
import { versionText } from "../review/review-version.ts";
import type { ComparePlace } from "./compare-prompt.ts";

export type AskedSide =
  | { readonly kind: "version"; readonly version: number }
  /** What an environment serves; an error where it serves nothing. */
  | { readonly kind: "live"; readonly environment: string }
  /** What the environment serves, else the newest version that is not withdrawn; nothing where there is none. */
  | { readonly kind: "current"; readonly environment: string | null }
  | {
      readonly kind: "file";
      /** Its name, for people. */
      readonly file: string;
      /** What it says, parsed, as `registerPrompt` takes it. */
      readonly value: unknown;
    };

export interface TextSide {
  /** Null for a text that is no version. */
  readonly version: number | null;
  /** Null where it cannot be known, since a pinned partial is not at hand. */
  readonly hash: string | null;
  /** Where it is live, if that was asked for. */
  readonly environment: string | null;
  /** Null for a version. */
  readonly file: string | null;
}

export interface FoundSide {
  readonly side: TextSide;
  readonly text: VersionText;
  /** By reference, as it is written; those that are not at hand are not in it. */
  readonly partials: ReadonlyMap<string, VersionText>;
  /** The model that answers: that of its release, where it is live. */
  readonly model: ModelChoice;
  /** What a file says of the prompt beside the text. */
  readonly metadata?: PromptSpec["metadata"];
  /** In words, what could not be looked at. */
  readonly unseen: readonly string[];
}

/** Null for a `current` side where nothing is. @throws HarnessError as `comparePrompt` does. */
export async function findSide(
  place: ComparePlace,
  key: string,
  asked: AskedSide,
): Promise<FoundSide | null> {
  if (asked.kind === "file") return fileSide(place, key, asked);
  const { harness, state } = place;
  if (harness === null || state === null) {
    throw new HarnessError(
      "usage",
      `A version of ${key} is in a store, and there is none: compare two files.`,
    );
  }
  const found = versionOf(state, key, asked);
  if (found === null) return null;
  const { version, environment, releasedOn } = found;
  const { hash } = getVersion(getPrompt(state, key), version);
  const text = await versionText(harness, { key, version, hash });
  const { partials, unseen } = await partialsOf(harness, state, { key, text });
  const side = { version, hash, environment, file: null };
  return { side, text, partials, model: modelOf(text, releasedOn), unseen };
}

interface FoundVersion {
  readonly version: number;
  readonly environment: string | null;
  readonly releasedOn: ModelChoice | null;
}

function versionOf(
  state: RegistryState,
  key: string,
  asked: Exclude<AskedSide, { readonly kind: "file" }>,
): FoundVersion | null {
  if (asked.kind === "version") return { version: asked.version, environment: null, releasedOn: null };
  const { environment } = asked;
  if (environment !== null) getEnvironment(state, environment);
  const live = environment === null ? undefined : liveOf(state, key, environment);
  if (live !== undefined) return { version: live.version, environment, releasedOn: live.release.model };
  if (asked.kind === "live") {
    getPrompt(state, key);
    throw new HarnessError(
      "version-unknown",
      `Nothing of ${key} is live in ${environment}; release a version there, or compare versions by number.`,
    );
  }
  const versions = [...(state.prompts.get(key)?.versions.values() ?? [])];
  const newest = versions.findLast(({ withdrawn }) => withdrawn === null);
  return newest === undefined ? null : { version: newest.version, environment: null, releasedOn: null };
}

async function fileSide(
  { harness, state }: ComparePlace,
  key: string,
  { file, value }: Extract<AskedSide, { readonly kind: "file" }>,
): Promise<FoundSide> {
  boundFile(value, file);
  const { key: named, text: written, metadata } = readPromptSpec(value, file);
  if (named !== key) {
    throw new HarnessError("usage", `${file} is about ${named}, not ${key}; compare texts of one prompt.`);
  }
  boundText(written, key);
  const { text, unseen } = pinnedText(written, state);
  const hash = text === null || state === null ? null : hashText(text);
  const version = hash === null ? null : (state?.prompts.get(key)?.versionByHash.get(hash) ?? null);
  const found =
    harness === null || state === null
      ? { partials: new Map(), unseen: [] }
      : await partialsOf(harness, state, { key, text: text ?? written });
  return {
    side: { version, hash, environment: null, file },
    text: text ?? written,
    partials: found.partials,
    model: written.model,
    metadata,
    unseen: [...unseen, ...found.unseen],
  };
}

/** Null for a text whose pinned partials are not there. */
function pinnedText(
  text: VersionText,
  state: RegistryState | null,
): { readonly text: VersionText | null; readonly unseen: readonly string[] } {
  if (state === null) return { text, unseen: [] };
  try {
    return { text: pinPartials(text, state), unseen: [] };
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return { text: null, unseen: [(error as Error).message] };
  }
}

async function partialsOf(
  harness: Harness,
  state: RegistryState,
  root: { readonly key: string; readonly text: VersionText },
): Promise<Pick<FoundSide, "partials" | "unseen">> {
  try {
    const partials = await withTexts(harness, async (texts) => collectPartials(root, { state, texts }));
    return { partials, unseen: [] };
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return { partials: new Map(), unseen: [(error as Error).message] };
  }
}
