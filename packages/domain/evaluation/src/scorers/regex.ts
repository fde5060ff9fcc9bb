/** The scorer `regex`: a pattern is found in the answer. */
import { defineScorer } from "./define-scorer.ts";
import { badSpec, defaulted, required, TEXT } from "./option.ts";
import { patternRisk } from "./pattern-risk.ts";
import { noScore, passes } from "./score-outcome.ts";

/** A pattern without a risk of its own still takes time with the square of the answer and more. */
const LONGEST_ANSWER = 20_000;
const LONGEST_PATTERN = 500;
const FLAGS = /^[imsu]*$/;

export const regex = defineScorer({
  name: "regex",
  options: { pattern: required(TEXT), flags: defaulted(TEXT, "u") },
  prepare({ pattern, flags }) {
    const found = compile(pattern, flags);
    return ({ text }) => {
      const said = text ?? "";
      if (said.length > LONGEST_ANSWER) {
        return noScore(
          `The answer has ${said.length} characters, more than the ${LONGEST_ANSWER} that a pattern is looked for in.`,
        );
      }
      return passes(found.test(said), `/${pattern}/${flags} is not found in the answer`);
    };
  },
});

function compile(pattern: string, flags: string): RegExp {
  if (!FLAGS.test(flags) || new Set(flags).size !== flags.length) {
    throw badSpec(`The flags of scorer "regex" are "${flags}"; take some of i, m, s and u, each once.`);
  }
  if (pattern.length > LONGEST_PATTERN) {
    throw badSpec(
      `The pattern of scorer "regex" has ${pattern.length} characters; take at most ${LONGEST_PATTERN}.`,
    );
  }
  const risk = patternRisk(pattern);
  if (risk !== undefined) {
    throw badSpec(`The pattern /${pattern}/ can take exponential time: ${risk}; write it without that.`);
  }
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw badSpec(`The pattern /${pattern}/${flags} is no regular expression: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.slice(said.lastIndexOf(": ") + 1).trim();
}
