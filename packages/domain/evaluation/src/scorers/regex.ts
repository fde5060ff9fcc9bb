/** The scorer `regex`: a pattern is found in the answer. */
import { type LinearPattern, readPattern } from "@colophon/methods";
import { defineScorer } from "./define-scorer.ts";
import { badSpec, defaulted, required, TEXT } from "./option.ts";
import { noScore, passes } from "./score-outcome.ts";

/** What it takes grows with the answer, and with the pattern. */
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

function compile(pattern: string, flags: string): LinearPattern {
  if (!FLAGS.test(flags) || new Set(flags).size !== flags.length) {
    throw badSpec(`The flags of scorer "regex" are "${flags}"; take some of i, m, s and u, each once.`);
  }
  if (pattern.length > LONGEST_PATTERN) {
    throw badSpec(
      `The pattern of scorer "regex" has ${pattern.length} characters; take at most ${LONGEST_PATTERN}.`,
    );
  }
  const read = readPattern(pattern, flags);
  if (read.kind === "pattern") return read.pattern;
  throw badSpec(`The pattern /${pattern}/${flags} cannot be looked for: ${read.why}.`);
}
