/** Cuts a Jinja text into words, outputs and statements: comments go, and what whitespace control takes goes with them. */
import { CannotConvert, excerpt, linesOf } from "../cannot-convert.ts";

export type JinjaToken =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output" | "statement"; readonly inner: string; readonly line: number };

const CLOSING: Readonly<Record<string, string>> = { "{{": "}}", "{%": "%}", "{#": "#}" };
const OPENING = /\{[{%#]/g;
const RAW_END = /\{%[-+]?\s*endraw\s*([-+]?)%\}/g;

/** Strings may hold what closes a tag. */
const INNER = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?![%}]\})[\s\S])*?(?=[-+]?[%}]\})/y;

/** @throws CannotConvert for a tag that is never closed. */
export function lexJinja(source: string): readonly JinjaToken[] {
  const tokens: JinjaToken[] = [];
  const lineAt = linesOf(source);
  let offset = 0;
  /** Whether the tag before takes the white space that follows. */
  let trims = false;
  const addText = (end: number, trimsEnd: boolean): void => {
    let text = source.slice(offset, end);
    if (trims) text = text.trimStart();
    if (trimsEnd) text = text.trimEnd();
    if (text !== "") tokens.push({ kind: "text", text });
  };
  for (;;) {
    OPENING.lastIndex = offset;
    const opening = OPENING.exec(source);
    if (opening === null) break;
    const [sign] = opening;
    const start = opening.index;
    const line = lineAt(start);
    addText(start, source[start + 2] === "-");
    const { inner, end } = readTag(source, { start, sign, line });
    trims = source[end - 3] === "-" && end - 3 > start + 1;
    offset = end;
    if (sign === "{#") continue;
    if (sign === "{%" && inner === "raw") {
      RAW_END.lastIndex = end;
      const close = RAW_END.exec(source);
      if (close === null) throw new CannotConvert("{% raw %} is never closed: write {% endraw %}.", line);
      addText(close.index, close[0].startsWith("{%-"));
      trims = close[1] === "-";
      offset = close.index + close[0].length;
      continue;
    }
    tokens.push({ kind: sign === "{{" ? "output" : "statement", inner, line });
  }
  addText(source.length, false);
  return tokens;
}

interface TagStart {
  readonly start: number;
  readonly sign: string;
  readonly line: number;
}

function readTag(
  source: string,
  { start, sign, line }: TagStart,
): { readonly inner: string; readonly end: number } {
  const closing = CLOSING[sign] ?? "}}";
  let close = source.indexOf(closing, start + 2);
  if (sign !== "{#" && close !== -1) {
    INNER.lastIndex = start + 2;
    const found = INNER.exec(source);
    const end = found === null ? -1 : source.indexOf(closing, start + 2 + found[0].length);
    if (end !== -1) close = end;
  }
  if (close === -1) {
    throw new CannotConvert(
      `${excerpt(source.slice(start, start + 40))} is never closed: write ${closing}.`,
      line,
    );
  }
  const inner = source
    .slice(start + 2, close)
    .replace(/^[-+]/, "")
    .replace(/[-+]$/, "")
    .trim();
  return { inner, end: close + 2 };
}
