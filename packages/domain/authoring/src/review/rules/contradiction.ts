/** The rule about instructions that cannot both be followed. */
import { languagesIn } from "../languages/languages-of.ts";
import {
  OPPOSITES,
  type OppositeName,
  type ReviewLanguage,
  type Unit,
  unitOf,
} from "../languages/review-language.ts";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import type { ReviewedText } from "../reviewed-text.ts";
import { type Sentence, sentencesOf } from "../sentences-of.ts";

interface Clash {
  readonly one: Sentence;
  readonly other: Sentence;
  readonly why: string;
  readonly about: string;
}

const WHY: Readonly<Record<OppositeName, string>> = {
  "only json, explained": "one sentence wants JSON and nothing else, another one prose beside it",
  "one word, explained": "one sentence wants a single word, another one an explanation",
  "language of the user, another":
    "one sentence wants the language of the question, another one always the same",
};

/** What is said, and the languages that it may be said in. */
interface Said {
  readonly sentences: readonly Sentence[];
  readonly languages: readonly ReviewLanguage[];
}

type PatternName = {
  [K in keyof ReviewLanguage]: ReviewLanguage[K] extends RegExp ? K : never;
}[keyof ReviewLanguage];

function says({ languages }: Said, name: PatternName, text: string): boolean {
  return languages.some((language) => language[name].test(text));
}

/** Sentences that hold for every answer, so that none of them leaves room for the other. */
function plainOf(said: Said): readonly Sentence[] {
  return said.sentences.filter(({ text }) => !says(said, "conditional", text));
}

function opposites(said: Said): readonly Clash[] {
  const plain = plainOf(said);
  return OPPOSITES.flatMap((about) => {
    const has = (side: 0 | 1, text: string): boolean =>
      said.languages.some((language) => language.opposites[about][side].test(text));
    const one = plain.find(({ text }) => has(0, text));
    const other = plain.find(({ text }) => has(1, text) && !says(said, "inField", text));
    return one === undefined || other === undefined ? [] : [{ one, other, why: WHY[about], about }];
  });
}

function languages(said: Said): readonly Clash[] {
  const asked = said.sentences.flatMap((sentence) => {
    const language = languageAsked(said, sentence.text);
    return language === undefined || says(said, "conditional", sentence.text) ? [] : [{ sentence, language }];
  });
  const [first] = asked;
  const second = asked.find(({ language }) => language !== first?.language);
  if (first === undefined || second === undefined) return [];
  const why = `answers are to be in ${nameOf(first.language)} and in ${nameOf(second.language)}`;
  return [
    { one: first.sentence, other: second.sentence, why, about: `${first.language} ${second.language}` },
  ];
}

function languageAsked({ languages: spoken }: Said, text: string): string | undefined {
  for (const { answersIn, languages: names } of spoken) {
    const word = answersIn.exec(text)?.groups?.language;
    if (word !== undefined) return names[word.toLowerCase()];
  }
  return undefined;
}

function nameOf(language: string): string {
  return language.charAt(0).toUpperCase() + language.slice(1);
}

/** So many words are not brief. */
const LONG_WORDS = 150;

interface Limit {
  readonly sentence: Sentence;
  readonly count: number;
  readonly unit: Unit;
}

function limitsOf(said: Said, sentences: readonly Sentence[], name: "most" | "least"): readonly Limit[] {
  return sentences.flatMap((sentence) => {
    if (says(said, "partOfAnswer", sentence.text)) return [];
    const found = said.languages.flatMap((language) => limitIn(language, name, sentence));
    return found.slice(0, 1);
  });
}

function limitIn(language: ReviewLanguage, name: "most" | "least", sentence: Sentence): readonly Limit[] {
  const { count, unit: word = "" } = language[name].exec(sentence.text)?.groups ?? {};
  const unit = unitOf(language, word);
  return count === undefined || unit === undefined ? [] : [{ sentence, count: Number(count), unit }];
}

function strictest(
  limits: readonly Limit[],
  unit: Unit,
  order: (a: Limit, b: Limit) => number,
): Limit | undefined {
  return limits.filter((one) => one.unit === unit).toSorted(order)[0];
}

function numbers(said: Said): readonly Clash[] {
  const plain = plainOf(said);
  const most = limitsOf(said, plain, "most");
  const least = limitsOf(said, plain, "least");
  for (const unit of new Set(most.map((one) => one.unit))) {
    const upper = strictest(most, unit, (a, b) => a.count - b.count);
    const lower = strictest(least, unit, (a, b) => b.count - a.count);
    if (upper === undefined || lower === undefined || lower.count <= upper.count) continue;
    const why = `at most ${upper.count} ${upper.unit}s and at least ${lower.count} are asked for`;
    return [{ one: upper.sentence, other: lower.sentence, why, about: `limits in ${upper.unit}s` }];
  }
  const brief = plain.find(({ text }) => says(said, "brief", text) && !says(said, "partOfAnswer", text));
  const long = least.find(({ unit, count }) => unit === "word" && count >= LONG_WORDS);
  if (brief === undefined || long === undefined) return [];
  const why = `the answer is to be brief and to have at least ${long.count} words`;
  return [{ one: brief, other: long.sentence, why, about: "brief, long" }];
}

/** A shorter command, such as "do so", may be about anything. */
const LEAST_WORDS = 2;
/** Without blanks between words, characters tell. */
const LEAST_CHARACTERS = 4;

function commandOf(said: Said, text: string, name: "never" | "always"): string | null {
  if (says(said, "conditional", text)) return null;
  for (const language of said.languages) {
    const command = (language[name].exec(text) ?? []).slice(1).filter(Boolean).join(" ");
    if (command === "" || /,|，|、|\uFFFC|\bbut\b|\binstead\b/.test(command)) continue;
    const words = command.toLowerCase().match(/[\p{L}\d'’-]+/gu) ?? [];
    const isLong =
      language.script === null ? words.length >= LEAST_WORDS : words.join("").length >= LEAST_CHARACTERS;
    if (isLong) return words.join(" ");
  }
  return null;
}

function commands(said: Said): readonly Clash[] {
  const forbidden = new Map(
    said.sentences.flatMap((sentence) => {
      const command = commandOf(said, sentence.text, "never");
      return command === null ? [] : [[command, sentence] as const];
    }),
  );
  return said.sentences.flatMap((other) => {
    const command = commandOf(said, other.text, "always");
    const one = command === null ? undefined : forbidden.get(command);
    if (one === undefined || command === null) return [];
    return [{ one, other, why: "one sentence always wants what another one forbids", about: command }];
  });
}

function clashesOf(text: ReviewedText, locale: string | null): readonly Clash[] {
  const sentences = text.parts
    .filter((part) => part.locale === locale && part.role !== "assistant")
    .flatMap(sentencesOf)
    // Of what is only there at times nobody knows that it meets the rest.
    .filter(({ isAlways }) => isAlways);
  const said = { sentences, languages: languagesIn(text, locale).read };
  return [opposites, languages, numbers, commands].flatMap((find) => find(said));
}

function hitOf({ one, other, why, about }: Clash): RuleHit {
  const [first, second] = [one, other].map(({ part, offset }) => part.placeOf(offset));
  const where = first === second ? "" : ` (${first} and ${second})`;
  return {
    message: `Two instructions contradict each other: ${why}${where}. Which one is followed is left to chance.`,
    about,
    spot: { part: other.part, offset: other.offset },
  };
}

export const CONTRADICTION: ReviewRule = {
  id: "contradiction",
  severity: "medium",
  summary: "Two instructions cannot both be followed.",
  advice: "Keep one of the two, or say when each of them holds.",
  find: (text) =>
    [...new Set(text.parts.map(({ locale }) => locale))].flatMap((locale) =>
      clashesOf(text, locale).map(hitOf),
    ),
};
