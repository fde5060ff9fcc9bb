/** Gathers what a review of a text looks at: its partials, its prompt's facts, and the cases that it is measured by. */
import { collectPartials, type ReviewedCase, type ReviewSubject } from "@colophon/authoring";
import { tellingTexts } from "@colophon/evaluation";
import {
  errorCodeOf,
  type MetadataData,
  type PromptState,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { withTexts } from "../../change-registry.ts";
import { openEvalSet } from "../../evaluation/eval-sets/load-eval-set.ts";
import type { Harness } from "../../harness.ts";

export interface TextToReview {
  readonly key: string;
  readonly text: VersionText;
  /** What a file says of the prompt beside what the registry knows. */
  readonly metadata?: ReviewSubject["metadata"];
  /** Texts of other files, by key: an unpinned partial is looked for among them first. */
  readonly alongside?: ReadonlyMap<string, VersionText>;
}

export interface GatheredSubject {
  readonly subject: ReviewSubject;
  /** In words, what could not be looked at. */
  readonly unseen: readonly string[];
}

/** Without a house only what the file itself says is looked at. */
export async function gatherSubject(
  harness: Harness | null,
  state: RegistryState | null,
  { key, text, metadata = {}, alongside = new Map() }: TextToReview,
): Promise<GatheredSubject> {
  const unseen: string[] = [];
  const known = factsOf(state?.prompts.get(key));
  const facts = { ...known, ...metadata };
  let partials: ReadonlyMap<string, VersionText> = alongside;
  let cases: readonly ReviewedCase[] | null = null;
  if (harness !== null && state !== null) {
    try {
      partials = await withTexts(harness, async (texts) =>
        collectPartials({ key, text }, { state, texts, alongside }),
      );
    } catch (error) {
      unseen.push(sentenceOf(error));
    }
    try {
      cases = await casesOf(harness, state, facts.evalSet ?? null);
    } catch (error) {
      unseen.push(sentenceOf(error));
    }
  }
  return { subject: { key, text, partials, metadata: facts, cases }, unseen };
}

/** What a rule cannot see is said, and keeps none of the others from looking. */
function sentenceOf(error: unknown): string {
  if (errorCodeOf(error) === undefined) throw error;
  return (error as Error).message;
}

function factsOf(prompt: PromptState | undefined): Partial<MetadataData> {
  if (prompt?.metadata == null) return {};
  const { purpose, owner, risk, tags, evalSet, backup = [], routes = {} } = prompt.metadata;
  return { purpose, owner, risk, tags, evalSet, backup, routes };
}

/** Null where the prompt names no set, or one that is not there. */
async function casesOf(
  harness: Harness,
  state: RegistryState,
  name: string | null,
): Promise<readonly ReviewedCase[] | null> {
  const entry = name === null ? undefined : state.evalSets.get(name)?.at(-1);
  if (entry === undefined) return null;
  const set = await openEvalSet(harness, entry);
  const cases: ReviewedCase[] = [];
  for (let at = 0; at < set.chunks.length; at++) {
    for (const one of await set.chunk(at)) {
      cases.push({ id: one.id, split: one.split, texts: tellingTexts(one) });
    }
  }
  return cases;
}
