/** The errors of prompt files: one sentence for each problem, with file, line and column. */
import { type ErrorCode, HarnessError } from "@colophon/kernel";

/** Both count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly place: Place;
  readonly sentence: string;
}

/** More would only hide the first ones. */
const MOST_SHOWN = 20;
const LONGEST = 600;

/** The place of an offset in a text. */
export function placeAt(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1 && end < offset; end = text.indexOf("\n", start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** An error with one problem, at one place. */
export function problemAt(name: string, place: Place, sentence: string): HarnessError {
  return promptFileError(name, [{ place, sentence }]);
}

/** `details` has what the sentence says, for tools: file, line and column of the first problem, and all of them. */
export function promptFileError(
  name: string,
  given: readonly Problem[],
  code: ErrorCode = "prompt-invalid",
): HarnessError {
  const problems = given.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => lineOf(name, problem));
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more.`);
  const message =
    shown.length === 1
      ? (shown[0] ?? name)
      : `${name} is no valid prompt:${shown.map((one) => `\n- ${one}`).join("")}`;
  return new HarnessError(code, message, {
    details: { file: name, ...problems[0]?.place, problems: shown },
  });
}

function lineOf(name: string, { place, sentence }: Problem): string {
  const said = sentence.length > LONGEST ? `${sentence.slice(0, LONGEST)}…` : sentence;
  return `${name}:${place.line}:${place.column}: ${said}`;
}
