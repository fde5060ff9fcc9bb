/** What text an answer is held against: the option of the spec, else what the case expects. */
import type { Expectation } from "../eval-case.ts";
import type { ScoreInput, ScoreOutcome } from "../scorer.ts";
import { noScore } from "./score-outcome.ts";

/** Undefined where the case expects no text. */
export function expectedText(expected: Expectation): string | undefined {
  if (expected.kind === "label" || expected.kind === "reference") return expected.value;
  if (expected.kind !== "json") return undefined;
  const { value } = expected;
  return typeof value === "object" && value !== null ? undefined : String(value);
}

/** Scores against the text; an error where there is none. */
export function againstText(
  { expected }: ScoreInput,
  given: string | undefined,
  score: (wanted: string) => ScoreOutcome,
): ScoreOutcome {
  const wanted = given ?? expectedText(expected);
  if (wanted !== undefined) return score(wanted);
  return noScore(
    `The case expects ${expected.kind === "none" ? "nothing" : `a ${expected.kind}`}, no text to compare with; give the case a label or reference, or the scorer a value.`,
  );
}
