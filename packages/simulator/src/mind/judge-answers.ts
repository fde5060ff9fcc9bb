/** Judges: gives an answer a mark, or says which of several is better, in the form that the prompt asks for. */

import { chooseLabel } from "./choose-label.ts";
import { classifyAmong } from "./classify-text.ts";
import { extractField } from "./extract-fields.ts";
import type { Field } from "./extract-value.ts";
import { wordsOfName } from "./extract-value.ts";
import { fillSchema } from "./fill-schema.ts";
import type { JudgingReading } from "./read-judging.ts";
import { conditionsOf, randomOf, type TaskAnswer, type Thought } from "./thought.ts";
import { type AnswerWeight, weighAnswers } from "./weigh-answers.ts";
import { stemsOf, wordsWithStems } from "./words.ts";

interface Verdict {
  readonly judging: JudgingReading;
  readonly weights: readonly AnswerWeight[];
  /** Index of the better answer; undefined for a tie. */
  readonly better: number | undefined;
  /** The mark of the only answer, or of the better one. */
  readonly share: number;
  readonly reason: string;
}

const TIE = /\b(?:tie|equal|same|both|neither|draw)\b/i;
const GOOD =
  /^(?:pass(?:ed|es)?|yes|true|correct|good|accept(?:able|ed)?|relevant|faithful|supported|helpful|excellent|safe|ok)\b/i;
const BAD =
  /^(?:fail(?:ed|s)?|no|false|incorrect|wrong|bad|unacceptable|rejected|irrelevant|unfaithful|unsupported|unhelpful|poor|unsafe)\b/i;
/** How much a difference in quality outweighs chance. */
const CONTRAST = 4;
/** A tie is likely where the answers differ by less than this. */
const TIE_MARGIN = 0.1;
const ORDINALS = ["first", "second", "third", "fourth"];

/** Whether an option of the prompt means the answer with this place. */
function means(option: string, { name }: AnswerWeight, index: number): boolean {
  const words = option.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const letter = String.fromCharCode("a".charCodeAt(0) + index);
  const names = name === "" ? [letter, String(index + 1)] : [name.toLowerCase()];
  return [...names, ORDINALS[index] ?? ""].some((each) => words.includes(each));
}

function reasonOf({ answers }: JudgingReading, { evidence }: AnswerWeight, index: number): string {
  const words = wordsWithStems(answers[index]?.text ?? "", evidence).slice(0, 3);
  if (words.length === 0) return "Little in the answer meets what was asked.";
  return `The answer speaks of ${words.map((word) => `"${word}"`).join(", ")}.`;
}

function decide(thought: Thought, judging: JudgingReading): Verdict {
  const weights = weighAnswers(judging, thought);
  const shares = weights.map(({ share }) => share);
  const gap = Math.max(...shares) - Math.min(...shares);
  const options = weights.map(({ share, evidence }, index) => ({
    label: String(index),
    weight: CONTRAST * share,
    evidence,
  }));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const tie = { label: "tie", weight: CONTRAST * (mean + TIE_MARGIN - gap), evidence: new Set<string>() };
  const drawn =
    weights.length === 1 ? "0" : chooseLabel([...options, tie], conditionsOf(thought, "preference")).label;
  const better = drawn === "tie" ? undefined : Number(drawn);
  const chosen = weights[better ?? 0];
  if (chosen === undefined) throw new Error("A judgement needs at least one answer.");
  const jitter = thought.request.temperature * randomOf(thought, "mark").normal();
  const share = Math.min(1, Math.max(0, chosen.share + (0.1 * jitter) / thought.profile.sharpness));
  return { judging, weights, better, share, reason: reasonOf(judging, chosen, better ?? 0) };
}

/** The mark on the prompt's scale: whole on a scale of whole steps, two places from 0 to 1. */
function markOf(share: number, scale: readonly [number, number] | undefined): number {
  if (scale === undefined) return Number(share.toFixed(2));
  const [low, high] = scale;
  const mark = low + share * (high - low);
  return high - low > 1 ? Math.round(mark) : Number(mark.toFixed(2));
}

/** Which of the options says what the judge found; undefined where they are about something else. */
function optionFor(verdict: Verdict, options: readonly string[]): string | undefined {
  const { weights, better, share } = verdict;
  if (weights.length > 1) {
    const named = weights.map((weight, index) => options.find((option) => means(option, weight, index)));
    if (named.some((option) => option === undefined)) return undefined;
    if (better !== undefined) return named[better];
    const best = weights.reduce(
      (top, weight, index) => (weight.share > (weights[top]?.share ?? 0) ? index : top),
      0,
    );
    return options.find((option) => TIE.test(option)) ?? named[best];
  }
  const marks = options.map(Number);
  if (marks.every(Number.isFinite)) {
    const wanted = markOf(share, [Math.min(...marks), Math.max(...marks)]);
    return options.toSorted(
      (left, right) => Math.abs(Number(left) - wanted) - Math.abs(Number(right) - wanted),
    )[0];
  }
  const [good, bad] = [
    options.find((option) => GOOD.test(option)),
    options.find((option) => BAD.test(option)),
  ];
  if (good === undefined || bad === undefined) return undefined;
  return share >= 0.5 ? good : bad;
}

/** The mark for a field: that of the criterion or the answer it is named after, else the whole one. */
function gradeFor({ judging, weights, better, share }: Verdict, { name, description }: Field): number {
  const owner =
    weights.length > 1 ? weights.findIndex((weight, index) => means(wordsOfName(name), weight, index)) : -1;
  const own = stemsOf(`${wordsOfName(name)} ${description}`);
  const criterion = judging.criteria.findIndex((text) => {
    const head = [...stemsOf(text.split(/[:(–]/)[0] ?? "")];
    return head.length > 0 && head.some((stem) => own.has(stem));
  });
  const weight = weights[owner >= 0 ? owner : (better ?? 0)];
  return weight?.criteria[criterion] ?? (owner >= 0 ? weight?.share : undefined) ?? share;
}

function fillVerdict(thought: Thought, verdict: Verdict): string {
  const { request } = thought;
  if (request.format.kind !== "schema") throw new Error("Only a request with a schema can be filled.");
  const { scale, answers } = verdict.judging;
  const value = fillSchema({
    root: request.format.schema,
    data: answers.map(({ text }) => text).join("\n"),
    choose: (path, options) => optionFor(verdict, options) ?? classifyAmong(thought, path, options),
    extract: (path, field) => extractField(thought, path, field),
    reason: verdict.reason,
    confidence: verdict.share,
    grade: (field) => gradeFor(verdict, field),
    ...(scale !== undefined && { scale }),
  });
  return JSON.stringify(value);
}

const MARK = "(?:number|score|mark|grade|letter|rating)";
const ASKS_BARE = new RegExp(
  `\\b(?:only|just) (?:with )?(?:the |a )?${MARK}\\b|\\b${MARK} (?:only|alone)\\b`,
  "i",
);
const PREFERENCE = "preference";

function valueOfKey(verdict: Verdict, key: string, found: string): unknown {
  if (/reason|why|explan|rationale|justif|feedback|comment|critique/i.test(key)) return verdict.reason;
  if (/^(?:pass(?:ed)?|correct|acceptable|ok|is_\w+)$/i.test(key)) return verdict.share >= 0.5;
  if (/winner|prefer|better|best|verdict|choice|label/i.test(key)) return found;
  return markOf(gradeFor(verdict, { name: key, description: "", kinds: [] }), verdict.judging.scale);
}

/** The verdict in a word: the option that means it, the name of the better answer, or the mark. */
function wordFor(verdict: Verdict, options: readonly string[]): string {
  const option = options.length === 0 ? undefined : optionFor(verdict, options);
  if (option !== undefined) return option;
  const { weights, better, share, judging } = verdict;
  if (weights.length === 1) return String(markOf(share, judging.scale));
  return better === undefined
    ? "tie"
    : weights[better]?.name || String.fromCharCode("A".charCodeAt(0) + better);
}

function inWords({ weights, better, reason }: Verdict, word: string): string {
  if (weights.length === 1) return `${reason} Score: ${word}`;
  return better === undefined
    ? "Both answers are about equally good."
    : `Answer ${word} is better. ${reason}`;
}

/** Judges the answers of the prompt. */
export function judgeAnswers(thought: Thought, judging: JudgingReading): TaskAnswer {
  const { reading, profile, request } = thought;
  const verdict = decide(thought, judging);
  const word = wordFor(
    verdict,
    reading.labels.map((label) => label.label),
  );
  const { reason } = verdict;
  const label = verdict.weights.length > 1 || reading.labels.length > 0 ? { label: word } : {};
  if (request.format.kind === "schema") return { ...label, reason, text: fillVerdict(thought, verdict) };
  const { format } = reading;
  const obeys = randomOf(thought, "phrase").next() < profile.obedience;
  if (format.kind === "json") {
    const usual = verdict.weights.length > 1 ? PREFERENCE : "score";
    const keys = format.keys.length > 0 ? format.keys : [usual];
    const json = JSON.stringify(Object.fromEntries(keys.map((key) => [key, valueOfKey(verdict, key, word)])));
    return { ...label, reason, text: obeys || format.enforced ? json : `\`\`\`json\n${json}\n\`\`\`` };
  }
  const bare = format.kind === "bare" || ASKS_BARE.test(judging.instructions);
  return { ...label, reason, text: bare && obeys ? word : inWords(verdict, word) };
}
