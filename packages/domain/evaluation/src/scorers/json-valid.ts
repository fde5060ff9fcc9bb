/** The scorer `json-valid`: the answer is JSON. */
import { defineScorer } from "./define-scorer.ts";
import { defaulted, FLAG } from "./option.ts";
import { parseJson } from "./parse-json.ts";
import { passes } from "./score-outcome.ts";

export const ALLOW_FENCE = defaulted(FLAG, false);

export const jsonValid = defineScorer({
  name: "json-valid",
  options: { allowFence: ALLOW_FENCE },
  prepare:
    ({ allowFence }) =>
    ({ text }) => {
      const parsed = parseJson(text, allowFence);
      return passes(parsed.ok, parsed.ok ? "" : parsed.why);
    },
});
