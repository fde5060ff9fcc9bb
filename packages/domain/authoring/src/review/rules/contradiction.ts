/** The rule about instructions that cannot both be followed. */
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import type { ReviewedText } from "../reviewed-text.ts";
import { type Sentence, sentencesOf } from "../sentences-of.ts";

/** A sentence with one of these holds for some answers only, so that another one may hold for the rest. */
const CONDITIONAL =
  /\b(?:if|when|whenever|unless|except|where|only\s+for|in\s+case|otherwise|for\s+(?:each|every|example)|e\.g\.|such\s+as|optionally|may|can)\b/i;

interface Clash {
  readonly one: Sentence;
  readonly other: Sentence;
  readonly why: string;
  readonly about: string;
}

interface Opposites {
  readonly about: string;
  readonly one: RegExp;
  readonly other: RegExp;
  readonly why: string;
}

/** What makes words about a field of the answer, or about what is not said aloud. */
const IN_FIELD =
  /\b(?:field|key|property|attribute|column|silently|internally|privately|to\s+yourself)\b|["`']/i;

const OPPOSITES: readonly Opposites[] = [
  {
    about: "only json, explained",
    one: /\b(?:only|just|nothing\s+but|exclusively|solely)\b[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}\b(?:only|alone|and\s+nothing\s+else)\b/i,
    other:
      /\b(?:explain|describe|justify|elaborate)\b[^.]{0,50}\b(?:at\s+length|in\s+(?:full\s+)?detail|step\s+by\s+step|in\s+depth|thoroughly)\b|\bshow\s+your\s+(?:work|reasoning)\b|\bthink\s+(?:out\s+loud|aloud)\b|\b(?:begin|start|end|finish|conclude)\s+(?:your\s+(?:answer|reply|response)\s+)?with\s+(?:a|an|your)\s+(?:\w+\s+)?(?:explanation|summary|greeting|introduction)\b/i,
    why: "one sentence wants JSON and nothing else, another one prose beside it",
  },
  {
    about: "one word, explained",
    one: /\b(?:answer|reply|respond|output|return)\b[^.]{0,30}\b(?:(?:with|in|by)\s+(?:exactly\s+|only\s+|just\s+)?(?:one|a\s+single)\s+word|the\s+label\s+(?:alone|only)|only\s+the\s+label|(?:yes\s+or\s+no|["']?yes["']?\/["']?no["']?)\s+only)\b/i,
    other:
      /\b(?:explain|justify)\s+(?:your|the|why|how|each|every)\b|\bgive\s+(?:your\s+)?reasons?\b|\bshow\s+your\s+(?:work|reasoning)\b/i,
    why: "one sentence wants a single word, another one an explanation",
  },
  {
    about: "language of the user, another",
    one: /\b(?:answer|respond|reply|write)\b[^.]{0,30}\bin\s+the\s+(?:same\s+)?language\s+(?:of|in\s+which|as|that)\b/i,
    other:
      /\b(?:always|only)\s+(?:answer|respond|reply|write)\b[^.]{0,20}\bin\s+(?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|japanese|chinese|korean|arabic|turkish|swedish)\b/i,
    why: "one sentence wants the language of the question, another one always the same",
  },
];

function opposites(sentences: readonly Sentence[]): readonly Clash[] {
  const plain = sentences.filter(({ text }) => !CONDITIONAL.test(text));
  return OPPOSITES.flatMap(({ about, one, other, why }) => {
    const first = plain.find(({ text }) => one.test(text));
    const second = plain.find((sentence) => other.test(sentence.text) && !IN_FIELD.test(sentence.text));
    return first === undefined || second === undefined ? [] : [{ one: first, other: second, why, about }];
  });
}

const LANGUAGE =
  /^(?:always\s+|please\s+|only\s+)?(?:answer|respond|reply)\b(?:\s+(?:only|always|to\s+the\s+\w+|the\s+\w+))?\s+in\s+(english|german|french|spanish|italian|portuguese|dutch|polish|russian|japanese|chinese|korean|arabic|turkish|swedish)\b/i;

function languages(sentences: readonly Sentence[]): readonly Clash[] {
  const asked = sentences.flatMap((sentence) => {
    const language = LANGUAGE.exec(sentence.text)?.[1]?.toLowerCase();
    return language === undefined || CONDITIONAL.test(sentence.text) ? [] : [{ sentence, language }];
  });
  const [first] = asked;
  const second = asked.find(({ language }) => language !== first?.language);
  if (first === undefined || second === undefined) return [];
  const why = `answers are to be in ${nameOf(first.language)} and in ${nameOf(second.language)}`;
  return [
    { one: first.sentence, other: second.sentence, why, about: `${first.language} ${second.language}` },
  ];
}

function nameOf(language: string): string {
  return language.charAt(0).toUpperCase() + language.slice(1);
}

const MOST =
  /\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|maximum\s+of|max\.?|up\s+to|(?:fewer|less)\s+than|under|within)\s+(\d{1,6})\s+(word|sentence|character|paragraph|bullet)/i;
const LEAST =
  /\b(?:at\s+least|no\s+(?:fewer|less)\s+than|not\s+(?:fewer|less)\s+than|minimum\s+of|more\s+than|over)\s+(\d{1,6})\s+(word|sentence|character|paragraph|bullet)/i;
const BRIEF =
  /\b(?:be|keep\s+(?:it|your\s+(?:answer|reply|response)s?))\s+(?:very\s+|as\s+)?(?:brief|short|concise)\b|\b(?:answer|reply|respond)\s+(?:briefly|in\s+(?:one|a\s+single)\s+sentence)\b/i;
/** A limit on a part of the answer says nothing of the whole. */
const PART_OF_ANSWER =
  /\b(?:titles?|headlines?|headings?|subjects?|summar(?:y|ies)|sections?|each|every|per|fields?|items?|introduction|conclusion|bullets?\s+of|quotes?|names?|captions?|descriptions?|abstract|first|last|second|input|question|document|ticket|text\s+is)\b/i;
/** So many words are not brief. */
const LONG_WORDS = 150;

interface Limit {
  readonly sentence: Sentence;
  readonly count: number;
  readonly unit: string;
}

function limitsOf(sentences: readonly Sentence[], pattern: RegExp): readonly Limit[] {
  return sentences.flatMap((sentence) => {
    const [, count, unit = ""] = pattern.exec(sentence.text) ?? [];
    if (count === undefined || PART_OF_ANSWER.test(sentence.text)) return [];
    return [{ sentence, count: Number(count), unit: unit.toLowerCase() }];
  });
}

function strictest(
  limits: readonly Limit[],
  unit: string,
  order: (a: Limit, b: Limit) => number,
): Limit | undefined {
  return limits.filter((one) => one.unit === unit).toSorted(order)[0];
}

function numbers(sentences: readonly Sentence[]): readonly Clash[] {
  const plain = sentences.filter(({ text }) => !CONDITIONAL.test(text));
  const most = limitsOf(plain, MOST);
  const least = limitsOf(plain, LEAST);
  for (const unit of new Set(most.map((one) => one.unit))) {
    const upper = strictest(most, unit, (a, b) => a.count - b.count);
    const lower = strictest(least, unit, (a, b) => b.count - a.count);
    if (upper === undefined || lower === undefined || lower.count <= upper.count) continue;
    const why = `at most ${upper.count} ${upper.unit}s and at least ${lower.count} are asked for`;
    return [{ one: upper.sentence, other: lower.sentence, why, about: `limits in ${upper.unit}s` }];
  }
  const brief = plain.find(({ text }) => BRIEF.test(text) && !PART_OF_ANSWER.test(text));
  const long = least.find(({ unit, count }) => unit === "word" && count >= LONG_WORDS);
  if (brief === undefined || long === undefined) return [];
  const why = `the answer is to be brief and to have at least ${long.count} words`;
  return [{ one: brief, other: long.sentence, why, about: "brief, long" }];
}

const NEVER =
  /^(?:you\s+(?:must|should|may)\s+)?(?:never|do\s+not(?:\s+ever)?|don['’]t(?:\s+ever)?|must\s+not|not)\s+(.+)$/i;
const ALWAYS = /^(?:you\s+(?:must|should)\s+)?always\s+(.+)$/i;
/** A shorter command, such as "do so", may be about anything. */
const LEAST_WORDS = 2;

function commandOf(text: string, pattern: RegExp): string | null {
  const said = pattern.exec(text)?.[1];
  if (said === undefined || CONDITIONAL.test(text) || /,|\uFFFC|\bbut\b|\binstead\b/.test(said)) return null;
  const words = said.toLowerCase().match(/[\p{L}\d'’-]+/gu) ?? [];
  return words.length < LEAST_WORDS ? null : words.join(" ");
}

function commands(sentences: readonly Sentence[]): readonly Clash[] {
  const forbidden = new Map(
    sentences.flatMap((sentence) => {
      const command = commandOf(sentence.text, NEVER);
      return command === null ? [] : [[command, sentence] as const];
    }),
  );
  return sentences.flatMap((other) => {
    const command = commandOf(other.text, ALWAYS);
    const one = command === null ? undefined : forbidden.get(command);
    if (one === undefined || command === null) return [];
    return [{ one, other, why: "one sentence always wants what another one forbids", about: command }];
  });
}

function clashesOf({ parts }: ReviewedText, locale: string | null): readonly Clash[] {
  const sentences = parts
    .filter((part) => part.locale === locale && part.role !== "assistant")
    .flatMap(sentencesOf)
    // Of what is only there at times nobody knows that it meets the rest.
    .filter(({ isAlways }) => isAlways);
  return [opposites, languages, numbers, commands].flatMap((find) => find(sentences));
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
