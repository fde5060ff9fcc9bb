/** Weighs the lexical evidence for each label: its name, its definition, the examples, what the model knows. */

import type { ModelProfile } from "../profiles.ts";
import { backgroundHits } from "./background.ts";
import type { LabelReading } from "./find-definitions.ts";
import type { WorkedExample } from "./find-examples.ts";
import { stemOf, stemsOf, wordsOf } from "./words.ts";

const NAME_WEIGHT = 1.2;
const DEFINITION_WEIGHT = 1.5;
const HINT_WEIGHT = 0.6;
const EXCLUSION_WEIGHT = 0.8;
const EXAMPLE_WEIGHT = 1.3;
const BACKGROUND_WEIGHT = 1;
const DOUBT_BONUS = 0.7;
/** What speaks for a catch-all before anything else does; more where the prompt says what it is for. */
const CATCH_ALL_BASE = 0.7;
const CATCH_ALL_DEFINED = 0.2;

export interface LabelWeight {
  readonly label: string;
  readonly weight: number;
  /** Stems of the data that spoke for it. */
  readonly evidence: ReadonlySet<string>;
}

export interface Weighing {
  readonly data: string;
  readonly labels: readonly LabelReading[];
  readonly examples: readonly WorkedExample[];
  readonly profile: ModelProfile;
}

/** Many hits say less and less: the second definition word counts less than the first. */
function saturate(hits: number): number {
  return hits ** 0.75;
}

/** A stem that several labels claim says little about any of them. */
function sharedHits(
  own: ReadonlySet<string>,
  data: ReadonlySet<string>,
  all: readonly ReadonlySet<string>[],
): number {
  let hits = 0;
  for (const stem of own) if (data.has(stem)) hits += 1 / all.filter((set) => set.has(stem)).length ** 1.5;
  return hits;
}

/** Likeness to the label's examples: shared stems, rare ones among the examples counting more. */
function exampleLikeness(
  label: string,
  data: ReadonlySet<string>,
  stems: readonly { label: string; stems: ReadonlySet<string> }[],
): number {
  const scores = stems
    .filter((example) => example.label === label)
    .map((example) => {
      let score = 0;
      for (const stem of example.stems) {
        if (!data.has(stem)) continue;
        const elsewhere = stems.filter((other) => other.label !== label && other.stems.has(stem)).length;
        score += 1 / (1 + 2 * elsewhere);
      }
      return score;
    })
    .toSorted((left, right) => right - left);
  return saturate((scores[0] ?? 0) + 0.5 * (scores[1] ?? 0) + 0.25 * (scores[2] ?? 0));
}

/** The weight of the evidence for each label, in the order of the prompt. */
export function weighLabels({ data, labels, examples, profile }: Weighing): readonly LabelWeight[] {
  const stems = stemsOf(data);
  const exampleStems = examples.map((example) => ({ label: example.label, stems: stemsOf(example.text) }));
  const definitions = labels.map((label) => label.defined);
  const hints = labels.map((label) => label.hinted);
  return labels.map((reading) => {
    const name = new Set(wordsOf(reading.label).map(stemOf));
    const named = reading.catchAll ? 0 : [...name].filter((stem) => stems.has(stem)).length;
    const base = reading.catchAll ? CATCH_ALL_BASE + (reading.hasDefinition ? CATCH_ALL_DEFINED : 0) : 0;
    const weight =
      base +
      NAME_WEIGHT * Math.min(named, 2) +
      DEFINITION_WEIGHT * saturate(sharedHits(reading.defined, stems, definitions)) +
      HINT_WEIGHT * saturate(sharedHits(reading.hinted, stems, hints)) -
      EXCLUSION_WEIGHT * saturate(sharedHits(reading.excluded, stems, [reading.excluded])) +
      EXAMPLE_WEIGHT * exampleLikeness(reading.label, stems, exampleStems) +
      BACKGROUND_WEIGHT * saturate(backgroundHits(reading.label, stems, profile.knowledge)) +
      (reading.preferredInDoubt ? DOUBT_BONUS : 0);
    const shown = exampleStems.filter((example) => example.label === reading.label);
    const known = [reading.defined, reading.hinted, name, ...shown.map((example) => example.stems)];
    const evidence = new Set([...stems].filter((stem) => known.some((set) => set.has(stem))));
    return { label: reading.label, weight, evidence };
  });
}
