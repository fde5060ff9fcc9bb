/** The scorer `starts-with`: the answer begins with a text. */
import { defineScorer } from "./define-scorer.ts";
import { againstText } from "./expected-text.ts";
import { optional, TEXT } from "./option.ts";
import { IGNORE_CASE, plainText, TRIM } from "./plain-text.ts";
import { passes, quoted } from "./score-outcome.ts";

export const startsWith = defineScorer({
  name: "starts-with",
  options: { value: optional(TEXT), trim: TRIM, ignoreCase: IGNORE_CASE },
  prepare: (options) => (input) =>
    againstText(input, options.value, (wanted) =>
      passes(
        plainText(input.text ?? "", options).startsWith(plainText(wanted, options)),
        `the answer does not begin with ${quoted(wanted)}`,
      ),
    ),
});
