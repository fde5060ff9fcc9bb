/** Cuts a prompt file into its front matter and its body. */
import { problemAt } from "./prompt-file-error.ts";

export interface SplitPromptFile {
  /** The YAML, after as many line ends as lines stand before it: its lines count as the file's. */
  readonly front: string;
  /** Line of the opening `---`. */
  readonly openingLine: number;
  /** Without the file's last line end. */
  readonly body: string;
  /** Line of the file that the body begins in. */
  readonly bodyLine: number;
}

const FENCE = "---";

interface Line {
  readonly text: string;
  readonly start: number;
  /** Of the next line. */
  readonly next: number;
  readonly number: number;
}

function* linesOf(text: string): Generator<Line, void, void> {
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    const end = text.indexOf("\n", start);
    const next = end === -1 ? text.length : end + 1;
    yield { text: text.slice(start, end === -1 ? next : end), start, next, number };
    start = next;
  }
}

/**
 * Empty lines and lines that begin with `#` may stand before the front matter.
 *
 * @throws HarnessError `prompt-invalid` for a file without front matter, or with one that never ends.
 */
export function splitPromptFile(text: string, name: string): SplitPromptFile {
  const lines = linesOf(text);
  let opening: Line | undefined;
  for (const line of lines) {
    if (opening === undefined) {
      if (isFence(line)) opening = line;
      else if (line.text.trim() !== "" && !line.text.startsWith("#")) throw frontMissing(name, line);
    } else if (isFence(line)) {
      return {
        front: "\n".repeat(opening.number) + text.slice(opening.next, line.start),
        openingLine: opening.number,
        body: withoutLastEnd(text.slice(line.next)),
        bodyLine: line.number + 1,
      };
    }
  }
  if (opening === undefined) throw frontMissing(name);
  throw problemAt(
    name,
    { line: opening.number, column: 1 },
    "the front matter that begins here never ends: write --- alone on a line after it, then the body.",
  );
}

function isFence({ text }: Line): boolean {
  return text.startsWith(FENCE) && text.trimEnd() === FENCE;
}

function frontMissing(name: string, line?: Line): Error {
  return problemAt(
    name,
    { line: line?.number ?? 1, column: 1 },
    "the front matter is missing: write --- alone on a line, then fields such as model, then --- again, then the body.",
  );
}

function withoutLastEnd(body: string): string {
  return body.endsWith("\n") ? body.slice(0, -1) : body;
}
