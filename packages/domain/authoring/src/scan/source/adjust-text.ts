/** What a call such as `dedent` or `strip` does to a text, with each hole taken for one word. */
import type { SourceValue, Span, TextValue } from "./source-value.ts";

/** A character that no program has in its texts, in place of a hole. */
const HOLE = "\u{10FFFF}";

const ADJUSTMENTS: Readonly<Record<string, (text: string) => string>> = {
  trim: (text) => text.trim(),
  trimStart: (text) => text.trimStart(),
  trimEnd: (text) => text.trimEnd(),
  strip: (text) => text.trim(),
  lstrip: (text) => text.trimStart(),
  rstrip: (text) => text.trimEnd(),
  "textwrap.dedent": (text) => withoutMargin(text, 0),
  "inspect.cleandoc": (text) => withoutMargin(text.replaceAll("\t", " ".repeat(8)).trimStart(), 1).trim(),
  dedent: (text) => withoutMargin(text, 1).trim(),
  outdent: (text) => withoutMargin(text, 1).trim(),
  stripIndent: (text) => withoutMargin(text, 1).trim(),
};

/** The value as a reader sees it through a call; `call` may be one of those that change the text, or any other. */
export function seenThrough(value: SourceValue, call: string, span: Span): SourceValue {
  return {
    ...adjusted(value, call),
    through: [...(value.through ?? []), call],
    from: span.from,
    to: span.to,
  };
}

/** The same value with a cast, an `await` or the like around it. */
export function widened(value: SourceValue, span: Span): SourceValue {
  return { ...value, from: span.from, to: span.to };
}

function adjusted(value: SourceValue, call: string): SourceValue {
  if (value.kind === "text") return adjustedText(value, call);
  if (value.kind !== "concatenation" || value.separator !== null || value.parts.length === 0) return value;
  const [isStart, isEnd] = [/^(trim|trimStart|strip|lstrip)$/, /^(trim|trimEnd|strip|rstrip)$/].map(
    (pattern) => pattern.test(call),
  );
  const parts = [...value.parts];
  if (isStart) parts[0] = adjusted(parts[0]!, "trimStart");
  if (isEnd) parts[parts.length - 1] = adjusted(parts.at(-1)!, "trimEnd");
  return { ...value, parts };
}

/** The text with its pieces adjusted; as it was where the call is none that changes texts. */
export function adjustedText(value: TextValue, call: string): TextValue {
  const adjust = Object.hasOwn(ADJUSTMENTS, call) ? ADJUSTMENTS[call] : undefined;
  const holes = value.pieces.filter((piece) => typeof piece !== "string");
  const words = value.pieces.map((piece) => (typeof piece === "string" ? piece : HOLE)).join("");
  if (adjust === undefined || words.split(HOLE).length !== holes.length + 1) return value;
  const pieces: (string | SourceValue)[] = [];
  adjust(words)
    .split(HOLE)
    .forEach((text, index) => {
      if (text !== "") pieces.push(text);
      if (index < holes.length) pieces.push(holes[index]!);
    });
  return { ...value, pieces };
}

/** Without the margin that all lines share, blank ones and those before `first` left out of account. */
function withoutMargin(text: string, first: number): string {
  const lines = text.split("\n");
  let margin: string | null = null;
  for (const line of lines.slice(first)) {
    if (line.trim() === "") continue;
    const indent = /^[ \t]*/.exec(line)![0];
    margin = margin === null ? indent : sharedStart(margin, indent);
  }
  const width = margin?.length ?? 0;
  return lines
    .map((line, index) => (index < first ? line : line.trim() === "" ? "" : line.slice(width)))
    .join("\n");
}

function sharedStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}
