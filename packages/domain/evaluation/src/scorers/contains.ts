/** The scorer `contains`: the answer has a text in it, any of several, or all of them. */
import { defineScorer } from "./define-scorer.ts";
import { againstText } from "./expected-text.ts";
import { badSpec, optional, TEXT, TEXTS } from "./option.ts";
import { IGNORE_CASE, plainText } from "./plain-text.ts";
import { passes, quoted } from "./score-outcome.ts";

export const contains = defineScorer({
  name: "contains",
  options: { value: optional(TEXT), any: optional(TEXTS), all: optional(TEXTS), ignoreCase: IGNORE_CASE },
  prepare(options) {
    const { value, any, all } = options;
    if ([value, any, all].filter((given) => given !== undefined).length > 1) {
      throw badSpec('Scorer "contains" takes one of value, any and all; keep one of them.');
    }
    const has = (said: string, wanted: string): boolean => said.includes(plainText(wanted, options));
    return (input) => {
      const said = plainText(input.text ?? "", options);
      if (any !== undefined) {
        return passes(
          any.some((wanted) => has(said, wanted)),
          "none of the texts is in the answer",
        );
      }
      if (all !== undefined) {
        const missing = all.find((wanted) => !has(said, wanted));
        return passes(missing === undefined, `${quoted(missing ?? "")} is not in the answer`);
      }
      return againstText(input, value, (wanted) =>
        passes(has(said, wanted), `${quoted(wanted)} is not in the answer`),
      );
    };
  },
});
