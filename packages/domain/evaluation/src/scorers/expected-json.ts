/** What JSON an answer is held against: the option of the spec, else what the case expects. */
import type { Expectation } from "../eval-case.ts";
import type { ScoreInput, ScoreOutcome } from "../scorer.ts";
import { noScore } from "./score-outcome.ts";

/** Undefined where the case expects no value: rubrics are none. */
export function expectedJson(expected: Expectation): unknown {
  return expected.kind === "none" || expected.kind === "rubric" ? undefined : expected.value;
}

/** Scores against the value; an error where there is none. */
export function againstJson(
  { expected }: ScoreInput,
  given: unknown,
  score: (wanted: unknown) => ScoreOutcome,
): ScoreOutcome {
  const wanted = given === undefined ? expectedJson(expected) : given;
  if (wanted !== undefined) return score(wanted);
  return noScore("The case expects no JSON to compare with; give it some, or the scorer a value.");
}
