/** Writes a chosen label down in the format the prompt asked for, or breaks it as models do. */

import type { ModelProfile } from "../profiles.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { LabelChoice } from "./choose-label.ts";
import type { FormatReading } from "./read-format.ts";
import { wordsWithStems } from "./words.ts";

export interface Phrasing {
  readonly choice: LabelChoice;
  readonly data: string;
  readonly profile: ModelProfile;
  readonly random: SeededRandom;
}

type JsonReading = Extract<FormatReading, { kind: "json" }>;

/** Share of answers that a contradictory or vague instruction leaves in the clear format. */
const KEPT_WHEN_CONTRADICTORY = 0.55;
const KEPT_WHEN_VAGUE = 0.45;
const BARE_WHEN_FREE = 0.15;
const MAX_EVIDENCE_WORDS = 3;

/** "a" or "an", by the first letter. */
function withArticle(label: string): string {
  return /^[aeiou]/i.test(label) ? `an ${label}` : `a ${label}`;
}

/** Why the label was chosen, in words of the text itself. */
export function reasonFor({ choice, data }: Pick<Phrasing, "choice" | "data">): string {
  const words = wordsWithStems(data, choice.evidence).slice(0, MAX_EVIDENCE_WORDS);
  if (words.length === 0) return "Nothing in the text points clearly to another label.";
  return `The text mentions ${words.map((word) => `"${word}"`).join(", ")}.`;
}

function sentenceFor(phrasing: Phrasing, explained: boolean): string {
  const { choice, random, profile } = phrasing;
  const sentence = random.pick([
    `This looks like ${withArticle(choice.label)} issue.`,
    `This is about ${choice.label}.`,
    `I would file this under ${choice.label}.`,
    `It seems to be ${withArticle(choice.label)} ticket.`,
    `The best fit is ${choice.label}.`,
  ]);
  return explained || random.next() < profile.verbosity ? `${sentence} ${reasonFor(phrasing)}` : sentence;
}

/** The small slips of a model that means to answer with the label alone. */
function slippedBare(phrasing: Phrasing): string {
  const { label } = phrasing.choice;
  const capital = label.charAt(0).toUpperCase() + label.slice(1);
  return phrasing.random.pick([`${capital}.`, `Label: ${label}`, sentenceFor(phrasing, false)]);
}

function phraseBare(phrasing: Phrasing, contradictory: boolean): string {
  const { choice, random, profile } = phrasing;
  const kept = contradictory ? KEPT_WHEN_CONTRADICTORY : profile.obedience;
  if (random.next() < kept) return choice.label;
  if (!contradictory) return slippedBare(phrasing);
  return random.pick([
    `${choice.label}. ${reasonFor(phrasing)}`,
    `${choice.label} - ${reasonFor(phrasing)}`,
    sentenceFor(phrasing, true),
  ]);
}

/** The value of a key, guessed from its name. */
function valueOfKey(key: string, phrasing: Phrasing): unknown {
  const { choice, data } = phrasing;
  if (/reason|why|explan|rationale|justif|evidence|comment/i.test(key)) return reasonFor(phrasing);
  if (/confiden|score|probab|certain/i.test(key))
    return Number((choice.probabilities[choice.label] ?? 0).toFixed(2));
  if (/summary|title|subject/i.test(key)) return data.trim().slice(0, 80);
  return choice.label;
}

function phraseJson(format: JsonReading, phrasing: Phrasing): string {
  const keys = format.keys.length > 0 ? format.keys : ["label"];
  const json = JSON.stringify(Object.fromEntries(keys.map((key) => [key, valueOfKey(key, phrasing)])));
  if (format.enforced) return json;
  const { random, profile, choice } = phrasing;
  const kept = format.clarity === "contradictory" ? KEPT_WHEN_CONTRADICTORY : profile.obedience;
  if (random.next() < kept) return json;
  if (format.clarity === "contradictory")
    return random.pick([choice.label, `${choice.label}\n${json}`, sentenceFor(phrasing, false)]);
  return random.pick([`\`\`\`json\n${json}\n\`\`\``, `Here is the answer: ${json}`]);
}

/** The label as text; a schema is filled elsewhere. */
export function phraseLabel(format: Exclude<FormatReading, { kind: "schema" }>, phrasing: Phrasing): string {
  switch (format.kind) {
    case "bare":
      return phraseBare(phrasing, format.clarity === "contradictory");
    case "json":
      return phraseJson(format, phrasing);
    case "explained":
      return sentenceFor(phrasing, true);
    case "free": {
      const bare = format.clarity === "vague" ? KEPT_WHEN_VAGUE : BARE_WHEN_FREE;
      return phrasing.random.next() < bare ? phrasing.choice.label : sentenceFor(phrasing, false);
    }
  }
}
