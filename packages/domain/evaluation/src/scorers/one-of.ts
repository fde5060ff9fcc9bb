/** The scorer `one-of`: the answer is one of several texts. */
import { defineScorer } from "./define-scorer.ts";
import { required, TEXTS } from "./option.ts";
import { IGNORE_CASE, plainText, TRIM } from "./plain-text.ts";
import { passes, quoted } from "./score-outcome.ts";

export const oneOf = defineScorer({
  name: "one-of",
  options: { values: required(TEXTS), trim: TRIM, ignoreCase: IGNORE_CASE },
  prepare(options) {
    const values = new Set(options.values.map((value) => plainText(value, options)));
    return (input) => {
      const said = plainText(input.text ?? "", options);
      return passes(values.has(said), `${quoted(said)} is none of them`);
    };
  },
});
