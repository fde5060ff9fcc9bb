/** The scorer `tool-call`: the model called a tool, with these arguments among others, or called none. */
import { holdsJson } from "./compare-json.ts";
import { defineScorer } from "./define-scorer.ts";
import { AMOUNT, badSpec, defaulted, FLAG, OBJECT, optional, TEXT } from "./option.ts";
import { passes } from "./score-outcome.ts";

export const toolCall = defineScorer({
  name: "tool-call",
  options: {
    name: optional(TEXT),
    /** What must be among the arguments; objects may have more, lists may not. */
    arguments: optional(OBJECT),
    tolerance: defaulted(AMOUNT, 0),
    /** No other call may stand beside it. */
    only: defaulted(FLAG, false),
    /** No tool may be called at all. */
    none: defaulted(FLAG, false),
  },
  prepare({ name, arguments: wanted, tolerance, only, none }) {
    if (none ? name !== undefined || wanted !== undefined || only : name === undefined) {
      throw badSpec('Scorer "tool-call" takes the name of a tool, or none: true and nothing else.');
    }
    return ({ toolCalls }) => {
      if (none) return passes(toolCalls.length === 0, `${toolCalls[0]?.name} was called`);
      const named = toolCalls.filter((call) => call.name === name);
      if (named.length === 0) return passes(false, `${name} was not called`);
      const fits = named.some((call) => wanted === undefined || holdsJson(call.arguments, wanted, tolerance));
      if (!fits) return passes(false, `${name} was called with other arguments`);
      return passes(!only || toolCalls.length === 1, `${toolCalls.length} tools were called`);
    };
  },
});
