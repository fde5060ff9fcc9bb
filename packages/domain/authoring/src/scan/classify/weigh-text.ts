/** Gathers what speaks for and against a text being a prompt: its words, its layout and its place. */
import type { ClassifiedText } from "./classified-text.ts";
import { ENGLISH_PHRASES } from "./english-phrases.ts";
import { BIAS, FEATURES, type FeatureFound, type FeatureName } from "./feature-weights.ts";
import { LATIN_LANGUAGES } from "./latin-phrases.ts";
import { layoutFeatures } from "./layout-features.ts";
import type { Phrase } from "./phrase.ts";
import { isElsewhere, placeFeatures } from "./place-features.ts";
import { SCRIPTS } from "./script-phrases.ts";
import { formOf, kindFeatures, type TextForm } from "./text-form.ts";
import { TRAP_PHRASES } from "./trap-phrases.ts";

/** Fewer letters say too little. */
const LEAST_LENGTH = 8;

/**
 * @param needed the score that it must be able to reach.
 * @returns null where no prompt ever stands, for what has no words, and for what cannot reach the score.
 */
export function weighText(text: ClassifiedText, needed: number): readonly FeatureFound[] | null {
  if (text.text.length < LEAST_LENGTH || isElsewhere(text)) return null;
  const form = formOf(text.text);
  if (form.words < 2 || !BLANK.test(form.said)) return null;
  const places = placeFeatures(text, form.words);
  const phrases = phraseFeatures(form.said, phrasesFor(form.said));
  const ordered = phrases.some(({ feature }) => ORDERS.has(feature));
  const layout = layoutFeatures(form).filter(({ feature }) => ordered || feature !== "verbOnVariable");
  const isForModels = MODEL_ORDERS.every((any) => phrases.some(({ feature }) => any.has(feature)));
  const spoken = [...phrases, ...layout, ...places]
    // A table of short orders that speak of models is one of prompts.
    .filter(({ feature }) => feature !== "catalogue" || !isForModels)
    .map((one) => tempered(one, form));
  // Traps and kinds only take away, and most texts of a program are far from a prompt as it is.
  if (scoreOf(spoken) < needed) return null;
  const traps = phraseFeatures(form.said, TRAP_PHRASES).map((one) => tempered(one, form));
  const isNamed = places.some(({ feature }) => INSTRUCTING.has(feature));
  return [...spoken, ...(isNamed ? traps.map(doubted) : traps), ...kindFeatures(form)];
}

/** In log odds. */
export function scoreOf(found: readonly FeatureFound[]): number {
  return found.reduce((sum, { feature, strength }) => sum + FEATURES[feature].weight * strength, BIAS);
}

/** Words stand apart, or need no blanks. */
const BLANK = /\s|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Thai}/u;

/**
 * What a short text says in passing a long one says of its subject: in long texts the signs of messages
 * to people count less the more there is around them.
 */
function tempered(found: FeatureFound, { words }: TextForm): FeatureFound {
  if (!PASSING.has(found.feature)) return found;
  return { ...found, strength: found.strength * Math.min(1, SHORT / Math.max(1, words)) };
}

/** Who writes for a model tells it errors and states too: where a text is named for it, they say less. */
function doubted(found: FeatureFound): FeatureFound {
  return PASSING.has(found.feature) ? { ...found, strength: found.strength * 0.4 } : found;
}

const INSTRUCTING: ReadonlySet<FeatureName> = new Set(["systemName", "instructionName"]);
const MODEL_ORDERS: readonly ReadonlySet<FeatureName>[] = [
  new Set(["modelTalk"]),
  new Set(["verb", "commonVerb"]),
];
const ORDERS: ReadonlySet<FeatureName> = new Set(["verb", "commonVerb", "task", "answerForm"]);
const SHORT = 30;
const FIRST = 100;
const PASSING: ReadonlySet<FeatureName> = new Set([
  "error",
  "status",
  "interface",
  "reply",
  "usage",
  "reference",
  "marketing",
]);

function phraseFeatures(said: string, phrases: Iterable<Phrase>): readonly FeatureFound[] {
  const found = new Map<FeatureName, FeatureFound>();
  for (const { feature, pattern } of phrases) {
    if (found.has(feature)) continue;
    const match = pattern.exec(said);
    if (match === null) continue;
    // Steps for people are orders too; the order to a model comes first.
    const strength = feature === "verb" && match.index > FIRST ? 0.4 : 1;
    found.set(feature, { feature, strength, shown: trimmed(match[0]) });
  }
  if (found.has("verb")) found.delete("commonVerb");
  // “You are a …” with a role is one sign, not two.
  if (found.has("role")) found.delete("address");
  return [...found.values()];
}

function* phrasesFor(said: string): Generator<Phrase> {
  if (/[a-z]{2}/i.test(said)) {
    yield* ENGLISH_PHRASES;
    yield* latinPhrases(said);
  }
  yield* SCRIPTS.find(({ script }) => script.test(said))?.phrases ?? [];
}

/** Of each language of which two common words stand there, and as many as of any other. */
function latinPhrases(said: string): readonly Phrase[] {
  const words = new Set(
    said
      .slice(0, 1_000)
      .toLowerCase()
      .match(/\p{L}+/gu),
  );
  const counts = LATIN_LANGUAGES.map(({ common }) => [...words].filter((word) => common.has(word)).length);
  const most = Math.max(2, ...counts.map((count) => count * 0.6));
  return LATIN_LANGUAGES.flatMap(({ phrases }, at) => ((counts[at] ?? 0) >= most ? phrases : []));
}

const MOST_SHOWN = 40;

function trimmed(text: string): string {
  const plain = text
    .replace(/^[\s.!?:;>)\]"”,*•#-]+/u, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN).trimEnd()}…` : plain;
}
