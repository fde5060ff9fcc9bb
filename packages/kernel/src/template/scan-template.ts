/** Cuts a template into texts and tags, exactly where Handlebars cuts, whitespace of standalone tags taken out. */

import { say } from "../say.ts";
import { syntaxError } from "./tag-error.ts";
import type { Position } from "./template.ts";

export type TemplateToken =
  | { readonly kind: "text"; readonly text: string; readonly at: Position }
  | {
      readonly kind: "tag";
      readonly tag: string;
      readonly inner: string;
      /** The blanks that were taken out before it. */
      readonly indent: string;
      readonly at: Position;
    };

// Where blocks and partials stand alone on a line, the line goes with them.
const TAKES_LINE = /^(?:[#/>]|\s*else\s*$)/;
/** The rest of a line on which nothing more stands: what is taken out of it. */
const REST_OF_LINE = /(?=[^\S\n]*(?:\n|$))[ \t]*\r?\n?/y;

/** Tells positions for growing offsets, in one pass over the source. */
function createPositions(source: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    for (let next = source.indexOf("\n", lineStart); next !== -1 && next < offset; ) {
      line += 1;
      lineStart = next + 1;
      next = source.indexOf("\n", lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}

/** How many backslashes at the end belong to the tag that follows: two at the most. */
function backslashesOf(text: string): number {
  return text.endsWith("\\\\") ? 2 : Number(text.endsWith("\\"));
}

/** What a tag takes out of the line that it stands alone on; undefined where something else stands there. */
function lineOf(source: string, { from, open, end }: Record<"from" | "open" | "end", number>) {
  // No regular expression looks backwards here: it would be quadratic.
  const begin = source.slice(from, open).lastIndexOf("\n");
  const before = source.slice(from + begin + 1, open);
  if ((begin < 0 && from > 0) || before.trim() !== "") return undefined;
  REST_OF_LINE.lastIndex = end;
  const after = REST_OF_LINE.exec(source)?.[0];
  return after === undefined ? undefined : { indent: before.split(/[^ \t]/).at(-1) ?? "", after };
}

/** Tags come as they are written, whatever they say. */
export function* scanTemplate(source: string): Generator<TemplateToken, void, void> {
  const positionOf = createPositions(source);
  const nul = source.indexOf("\0");
  if (nul !== -1) {
    throw syntaxError(
      { tag: say`A NUL character`, at: positionOf(nul) },
      say`cannot stand in a template: remove it`,
    );
  }
  function* text(start: number, end: number): Generator<TemplateToken> {
    if (end > start) yield { kind: "text", text: source.slice(start, end), at: positionOf(start) };
  }
  // Where the text before the next tag begins, what is left of it by the tag before, and where to look on.
  let [from, offset, next] = [0, 0, 0];
  for (let open = source.indexOf("{{"); open !== -1; open = source.indexOf("{{", next)) {
    const backslashes = backslashesOf(source.slice(next, open));
    // One makes the tag literal, which begins the next text; two are a literal backslash before a real tag.
    if (backslashes === 1) {
      yield* text(offset, open - 1);
      from = offset = open;
      next = open + 2;
      continue;
    }
    const close = source.indexOf("}}", open + 2);
    const inner = source.slice(open + 2, close);
    const end = close + (source[close + 2] === "}" ? 3 : 2);
    const line = close !== -1 && TAKES_LINE.test(inner) ? lineOf(source, { from, open, end }) : undefined;
    const { indent, after } = line ?? { indent: "", after: "" };
    yield* text(offset, open - indent.length - backslashes / 2);
    const at = positionOf(open);
    if (close === -1) {
      throw syntaxError(
        { tag: source.slice(open), at },
        say`is never closed: write }} at its end, or \\{{ for two literal braces`,
      );
    }
    yield { kind: "tag", tag: source.slice(open, end), inner, indent, at };
    from = end;
    offset = next = end + after.length;
  }
  yield* text(offset, source.length);
}
