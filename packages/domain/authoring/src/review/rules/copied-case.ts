/** The rule about bodies that hold what they are measured by. */
import { SPAN_WORDS, sharedSpan, wordTokens } from "@colophon/methods";
import type { ReviewRule, RuleHit } from "../review-rule.ts";
import { type ReviewedCase, type ReviewedText, TAG_MARK } from "../reviewed-text.ts";

/** Shorter runs of words of a case are looked up first: a case that shares none of them shares no span. */
const RUN = 4;

function runsOf(words: readonly string[]): ReadonlySet<string> {
  const last = Math.max(0, words.length - RUN);
  return new Set(Array.from({ length: last + 1 }, (_, at) => words.slice(at, at + RUN).join(" ")));
}

interface Copied {
  readonly case: ReviewedCase;
  /** Whether most of a text of the case stands there. */
  readonly whole: boolean;
}

const MOST = 0.8;

function copiesIn(body: string, cases: readonly ReviewedCase[]): readonly Copied[] {
  const known = runsOf(wordTokens(body));
  return cases.flatMap((one) => {
    let best: Copied | null = null;
    for (const text of one.texts) {
      const words = wordTokens(text);
      if (words.length < RUN || ![...runsOf(words)].some((run) => known.has(run))) continue;
      const span = sharedSpan(text, body);
      if (span === null) continue;
      const length = wordTokens(span).length;
      const whole = length >= SPAN_WORDS && length >= MOST * words.length;
      if (best === null || whole) best = { case: one, whole };
    }
    return best === null ? [] : [best];
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
