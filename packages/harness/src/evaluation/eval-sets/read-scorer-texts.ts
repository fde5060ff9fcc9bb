/** Reads scorers as people name them in a command: names, or specs in JSON. */
import { InputProblems, readScorerSpec, type ScorerSpec } from "@colophon/evaluation";
import { parseJson } from "./read-expected-text.ts";

/**
 * @throws HarnessError `input-malformed` with all that is wrong with them.
 * @example
 * const scorers = readScorerTexts(["json-valid", '{"scorer":"length","options":{"max":400}}']);
 */
export function readScorerTexts(texts: readonly string[]): readonly ScorerSpec[] {
  const problems = new InputProblems();
  const specs = texts.flatMap((text) => {
    const complain = (what: string): void => problems.add(`scorer ${text}`, what);
    const value = text.startsWith("{") ? parseJson(text, (why) => complain(`it ${why}`)) : text;
    return value === undefined ? [] : (readScorerSpec(value, complain) ?? []);
  });
  problems.refuse("The scorers");
  return specs;
}
