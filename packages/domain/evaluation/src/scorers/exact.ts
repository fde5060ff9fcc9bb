/** The scorer `exact`: the answer is the expected text. */
import { defineScorer } from "./define-scorer.ts";
import { againstText } from "./expected-text.ts";
import { optional, TEXT } from "./option.ts";
import { IGNORE_CASE, plainText, TRIM } from "./plain-text.ts";
import { passes, quoted } from "./score-outcome.ts";

export const exact = defineScorer({
  name: "exact",
  options: { value: optional(TEXT), trim: TRIM, ignoreCase: IGNORE_CASE },
  prepare: (options) => (input) =>
    againstText(input, options.value, (wanted) => {
      const said = plainText(input.text ?? "", options);
      return passes(said === plainText(wanted, options), `${quoted(said)} is not ${quoted(wanted)}`);
    }),
});
