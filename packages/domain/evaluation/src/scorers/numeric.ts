/** The scorer `numeric`: the number in the answer is the expected one, within a tolerance. */
import { defineScorer } from "./define-scorer.ts";
import { expectedText } from "./expected-text.ts";
import { AMOUNT, defaulted, NUMBER, oneOfWords, optional } from "./option.ts";
import { noScore, passes } from "./score-outcome.ts";

const NUMBERS = /[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

export const numeric = defineScorer({
  name: "numeric",
  options: {
    value: optional(NUMBER),
    /** Absolute. */
    tolerance: defaulted(AMOUNT, 0),
    /** In shares of the expected number; the wider of both tolerances counts. */
    relative: defaulted(AMOUNT, 0),
    /** Which number of the answer; `only` wants the answer to be a number and nothing else. */
    take: defaulted(oneOfWords(["only", "first", "last"]), "only"),
  },
  prepare:
    ({ value, tolerance, relative, take }) =>
    ({ text, expected }) => {
      const wanted = value ?? numberIn(expectedText(expected) ?? "", "only");
      if (wanted === undefined) {
        return noScore("The case expects no number to compare with; give it one, or the scorer a value.");
      }
      const said = numberIn(text ?? "", take);
      if (said === undefined) return passes(false, "there is no number in the answer");
      const reach = Math.max(tolerance, relative * Math.abs(wanted));
      // A tolerance that is met in decimals is met, whatever their binary forms add up to.
      const isNear = Math.abs(said - wanted) <= reach + Number.EPSILON * Math.abs(wanted) * 4;
      return passes(isNear, `${said} is not ${wanted}`);
    },
});

/** Digits as English writes them: 1,234.5. Undefined for none. */
function numberIn(text: string, take: "only" | "first" | "last"): number | undefined {
  const found = text.match(NUMBERS) ?? [];
  const one = take === "last" ? found.at(-1) : found[0];
  if (one === undefined || (take === "only" && text.trim() !== one)) return undefined;
  return Number(one.replaceAll(",", "").replace("−", "-"));
}
