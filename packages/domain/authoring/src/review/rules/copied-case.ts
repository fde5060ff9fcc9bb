/** The rule about bodies that hold what they are measured by. */
import { SPAN_WORDS, wordTokens } from "@colophon/methods";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import { type ReviewedCase, type ReviewedText, TAG_MARK } from "../reviewed-text.ts";

/** A whole text of fewer words is a phrase that anybody may use. */
const LEAST_WHOLE = 4;
/** So much of a text, and it is as good as all of it. */
const MOST = 0.8;

interface Copied {
  readonly case: ReviewedCase;
  /** Whether most of a text of the case stands there. */
  readonly whole: boolean;
}

/** Whether so many words stand in the body in a row; each length is looked up in a set that is made once. */
function runsIn(body: string): (run: readonly string[]) => boolean {
  const words = wordTokens(body);
  const known = new Map<number, ReadonlySet<string>>();
  return (run) => {
    const { length } = run;
    const runs = known.get(length) ?? new Set(runsOf(words, length).map((one) => one.join(" ")));
    known.set(length, runs);
    return runs.has(run.join(" "));
  };
}

function runsOf(words: readonly string[], length: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.max(0, words.length - length + 1) }, (_, at) =>
    words.slice(at, at + length),
  );
}

/** The most words of a text that stand in the body in a row, by the measure of `sharedSpan`; 0 for too few. */
function sharedWords(words: readonly string[], isThere: (run: readonly string[]) => boolean): number {
  const length = Math.min(SPAN_WORDS, words.length);
  if (length < LEAST_WHOLE) return 0;
  let row = 0;
  let most = 0;
  for (const run of runsOf(words, length)) {
    row = isThere(run) ? row + 1 : 0;
    most = Math.max(most, row);
  }
  return most === 0 ? 0 : most + length - 1;
}

function copiesIn(body: string, cases: readonly ReviewedCase[]): readonly Copied[] {
  const isThere = runsIn(body);
  return cases.flatMap((one) => {
    const shared = one.texts.map(wordTokens).map((words) => {
      const length = sharedWords(words, isThere);
      return { length, whole: length >= SPAN_WORDS && length >= MOST * words.length };
    });
    if (shared.every(({ length }) => length === 0)) return [];
    return [{ case: one, whole: shared.some(({ whole }) => whole) }];
  });
}

const SHOWN = 5;

function hitOf(
  split: "dev" | "test",
  copies: readonly Copied[],
  { parts }: ReviewedText,
): readonly RuleHit[] {
  const [part] = parts;
  const ids = copies.map((one) => one.case.id).toSorted();
  if (ids.length === 0 || part === undefined) return [];
  const shown =
    ids.slice(0, SHOWN).join(", ") + (ids.length > SHOWN ? `, and ${ids.length - SHOWN} more` : "");
  const isTest = split === "test";
  const whole = copies.some((one) => one.whole);
  return [
    {
      severity: isTest && whole ? "high" : isTest || whole ? "medium" : "low",
      message: `Words of ${ids.length === 1 ? "a case" : `${ids.length} cases`} of the ${split} split stand in the body (${shown}): ${isTest ? "a gate that asks them measures what the text was told" : "what is tuned against them looks better than it is"}.`,
      about: `${split} ${ids.join(" ")}`,
      spot: { part, offset: 0 },
    },
  ];
}

export const COPIED_CASE: ReviewRule = {
  id: "copied-case",
  severity: "high",
  summary: "The body holds cases of its eval set.",
  advice: "Write examples that are no cases, or take the cases out of the set.",
  find: (text) => {
    if (text.cases === null || text.cases.length === 0) return [];
    const body = text.parts.map(({ words }) => words.replaceAll(TAG_MARK, " ")).join("\n");
    const copies = copiesIn(body, text.cases);
    return (["dev", "test"] as const).flatMap((split) =>
      hitOf(
        split,
        copies.filter((one) => one.case.split === split),
        text,
      ),
    );
  },
};
