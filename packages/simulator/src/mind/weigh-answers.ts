/** Weighs answers as a judge does: by the words they share with reference, question and criteria, and by its biases. */

import { createSeededRandom } from "../seeded-random.ts";
import type { JudgedAnswer, JudgingReading } from "./read-judging.ts";
import type { Thought } from "./thought.ts";
import { stemsOf, wordsOf } from "./words.ts";

export interface AnswerWeight {
  readonly name: string;
  /** How good it is, from 0 to 1. */
  readonly share: number;
  /** How well it meets each criterion, in their order. */
  readonly criteria: readonly number[];
  /** Stems that spoke for it. */
  readonly evidence: ReadonlySet<string>;
}

const REFERENCE_WEIGHT = 3;
const CONTEXT_WEIGHT = 1.5;
const QUESTION_WEIGHT = 1;
const CRITERIA_WEIGHT = 1.5;
/** Of so many words an answer is neither long nor short. */
const USUAL_WORDS = 40;
const ENOUGH_STEMS = 5;
const EVADES =
  /\b(?:i (?:can(?:no|')t|do(?: not|n't) know|am not (?:sure|able))|as an ai|no idea|cannot help)\b/i;
const EVASION_SHARE = 0.3;
const MISREADING_SHARE = 0.15;

/** Criteria that speak of how an answer is written rather than of what it says. */
const MANNERS: readonly { readonly asked: RegExp; readonly share: (text: string) => number }[] = [
  {
    asked: /\b(?:concise|short|brief|succinct)/i,
    share: (text) => Math.min(1, USUAL_WORDS / Math.max(1, wordsOf(text).length)),
  },
  {
    asked: /\b(?:polite|friendly|empath|courteous|kind|apolog|warm)/i,
    share: (text) =>
      /\b(?:please|thank|sorry|apolog|glad|happy to|appreciate|welcome|understand)/i.test(text) ? 1 : 0.3,
  },
  { asked: /\bjson\b/i, share: (text) => (isJson(text) ? 1 : 0) },
  {
    asked: /\b(?:complete|thorough|detail|comprehensive)/i,
    share: (text) => Math.min(1, wordsOf(text).length / USUAL_WORDS),
  },
];

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** The share of the wanted stems that are there; all of a few, or enough of many. */
function coverage(wanted: ReadonlySet<string>, there: ReadonlySet<string>, enough: number): number {
  if (wanted.size === 0) return 0;
  const hits = [...wanted].filter((stem) => there.has(stem)).length;
  return Math.min(1, hits / Math.min(wanted.size, enough));
}

function criterionShare(criterion: string, answer: JudgedAnswer, base: number): number {
  const manner = MANNERS.find(({ asked }) => asked.test(criterion));
  if (manner !== undefined) return (manner.share(answer.text) + base) / 2;
  const quoted = [...criterion.matchAll(/["“']([^"”']+)["”']/gu)].map((match) => match[1] ?? "");
  const wanted = quoted.length > 0 ? stemsOf(quoted.join(" ")) : stemsOf(criterion);
  return (coverage(wanted, stemsOf(answer.text), ENOUGH_STEMS) + 2 * base) / 3;
}

/** What speaks for an answer without regard to criteria. */
function baseShare({ reference, context, question }: JudgingReading, { text }: JudgedAnswer): number {
  const stems = stemsOf(text);
  if (stems.size === 0) return 0;
  const measures = [
    {
      weight: REFERENCE_WEIGHT,
      wanted: reference,
      share: coverage(stemsOf(reference), stems, Number.POSITIVE_INFINITY),
    },
    {
      weight: CONTEXT_WEIGHT,
      wanted: context,
      share: coverage(stems, stemsOf(context), Number.POSITIVE_INFINITY),
    },
    { weight: QUESTION_WEIGHT, wanted: question, share: coverage(stemsOf(question), stems, ENOUGH_STEMS) },
  ].filter(({ wanted }) => wanted !== "");
  const total = measures.reduce((sum, { weight }) => sum + weight, 0);
  const share =
    total === 0 ? 0.5 : measures.reduce((sum, measure) => sum + measure.weight * measure.share, 0) / total;
  return EVADES.test(text) ? share * EVASION_SHARE : share;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** The weight of each answer, the judge's biases for the first and the longer one included. */
export function weighAnswers(judging: JudgingReading, { profile, noise }: Thought): readonly AnswerWeight[] {
  const { answers, criteria } = judging;
  const usual = (own: JudgedAnswer): number => {
    const others = answers.filter((each) => each !== own);
    const longest = Math.max(...others.map(({ text }) => wordsOf(text).length), 1);
    return others.length === 0 ? USUAL_WORDS : longest;
  };
  return answers.map((answer, index) => {
    const base = baseShare(judging, answer);
    const length = Math.max(1, wordsOf(answer.text).length);
    const bias =
      (index === 0 && answers.length > 1 ? profile.positionBias : 0) +
      profile.lengthBias * Math.max(-2, Math.min(2, Math.log2(length / usual(answer)))) +
      MISREADING_SHARE *
        profile.misreading *
        createSeededRandom(noise.seed, "judge", index, noise.content).normal();
    const shares = criteria.map((criterion) => criterionShare(criterion, answer, base));
    const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
    const whole = shares.length === 0 ? base : (base + CRITERIA_WEIGHT * mean) / (1 + CRITERIA_WEIGHT);
    const wanted = stemsOf(`${judging.reference} ${judging.question} ${criteria.join(" ")}`);
    return {
      name: answer.name,
      share: clamp(whole + bias),
      criteria: shares.map((share) => clamp(share + bias)),
      evidence: new Set([...stemsOf(answer.text)].filter((stem) => wanted.has(stem))),
    };
  });
}
