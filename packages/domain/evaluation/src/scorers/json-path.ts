/** The scorer `json-path`: at one place of the answer's JSON stands the expected value. */
import { holdsJson } from "./compare-json.ts";
import { defineScorer } from "./define-scorer.ts";
import { expectedJson } from "./expected-json.ts";
import { ALLOW_FENCE } from "./json-valid.ts";
import { AMOUNT, defaulted, FLAG, JSON_VALUE, optional, required, TEXT } from "./option.ts";
import { parseJson } from "./parse-json.ts";
import { parseJsonPath, readJsonPath } from "./read-json-path.ts";
import { noScore, passes } from "./score-outcome.ts";

export const jsonPath = defineScorer({
  name: "json-path",
  options: {
    path: required(TEXT),
    value: optional(JSON_VALUE),
    /** Asks only that something stands there. */
    exists: defaulted(FLAG, false),
    tolerance: defaulted(AMOUNT, 0),
    allowFence: ALLOW_FENCE,
  },
  prepare({ path, value, exists, tolerance, allowFence }) {
    const steps = parseJsonPath(path);
    return ({ text, expected }) => {
      // A JSON expectation is read at the same place, any other is the value of the place itself.
      const whole = expectedJson(expected);
      const own = expected.kind === "json" ? readJsonPath(whole, steps) : whole;
      const wanted = value === undefined ? own : value;
      if (!exists && wanted === undefined) {
        return noScore(`The case expects nothing at ${path}; give the scorer a value, or exists: true.`);
      }
      const parsed = parseJson(text, allowFence);
      if (!parsed.ok) return passes(false, parsed.why);
      const said = readJsonPath(parsed.value, steps);
      if (exists || said === undefined) return passes(said !== undefined, `there is nothing at ${path}`);
      return passes(holdsJson(said, wanted, tolerance), `${path} is not what is expected`);
    };
  },
});
