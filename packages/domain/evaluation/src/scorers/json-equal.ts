/** The scorer `json-equal`: the answer is the expected JSON, or how much of it. */
import { compareJson } from "./compare-json.ts";
import { defineScorer } from "./define-scorer.ts";
import { againstJson } from "./expected-json.ts";
import { ALLOW_FENCE } from "./json-valid.ts";
import { AMOUNT, defaulted, FLAG, JSON_VALUE, optional } from "./option.ts";
import { parseJson } from "./parse-json.ts";
import { graded, passes } from "./score-outcome.ts";

export const jsonEqual = defineScorer({
  name: "json-equal",
  options: {
    value: optional(JSON_VALUE),
    tolerance: defaulted(AMOUNT, 0),
    /** The share of leaves that agree, instead of all or nothing. */
    partial: defaulted(FLAG, false),
    allowFence: ALLOW_FENCE,
  },
  prepare:
    ({ value, tolerance, partial, allowFence }) =>
    (input) =>
      againstJson(input, value, (wanted) => {
        const parsed = parseJson(input.text, allowFence);
        if (!parsed.ok) return passes(false, parsed.why);
        const { equal, all } = compareJson(parsed.value, wanted, tolerance);
        if (partial) return graded(equal / all, undefined);
        return passes(equal === all, `${all - equal} of ${all} values differ`);
      }),
});
