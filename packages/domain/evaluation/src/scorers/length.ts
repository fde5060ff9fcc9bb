/** The scorer `length`: the answer is neither too short nor too long. */
import { wordTokens } from "@colophon/methods";
import { defineScorer } from "./define-scorer.ts";
import { AMOUNT, badSpec, defaulted, oneOfWords, optional } from "./option.ts";
import { passes } from "./score-outcome.ts";

export const length = defineScorer({
  name: "length",
  options: {
    min: optional(AMOUNT),
    max: optional(AMOUNT),
    unit: defaulted(oneOfWords(["characters", "words"]), "characters"),
  },
  prepare({ min, max, unit }) {
    if (min === undefined && max === undefined) throw badSpec('Scorer "length" needs min, max or both.');
    if (min !== undefined && max !== undefined && min > max) {
      throw badSpec(`Scorer "length" has min ${min} above max ${max}; swap them.`);
    }
    return ({ text }) => {
      const said = text ?? "";
      const size = unit === "words" ? wordTokens(said).length : said.length;
      return passes(size >= (min ?? 0) && size <= (max ?? Number.POSITIVE_INFINITY), `${size} ${unit}`);
    };
  },
});
