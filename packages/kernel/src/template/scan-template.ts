/** Cuts a template into texts and tags, exactly where the lexer of Handlebars cuts. */

import { say } from "../say.ts";
import { syntaxError } from "./tag-error.ts";
import type { Position } from "./template.ts";

export type TemplateToken =
  | { readonly kind: "text"; readonly text: string; readonly at: Position }
  | { readonly kind: "tag"; readonly tag: string; readonly inner: string; readonly at: Position };

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

/** The end of a literal that begins with an escaped `{{`: the next tag, escaped or not. */
function endOfEscaped(source: string, start: number): number {
  const next = source.indexOf("{{", start + 2);
  if (next === -1) return source.length;
  // The backslashes that belong to the next tag are left to it, two at the most.
  let end = next;
  while (end > start + 2 && next - end < 2 && source[end - 1] === "\\") end -= 1;
  return end;
}

/**
 * Texts beside an escaped tag stay separate tokens, since the whitespace rules look at neighbours.
 */
export function* scanTemplate(source: string): Generator<TemplateToken, void, void> {
  const positionOf = createPositions(source);
  const nul = source.indexOf("\0");
  if (nul !== -1) {
    throw syntaxError(
      { tag: say`A NUL character`, at: positionOf(nul) },
      say`cannot stand in a template: remove it`,
    );
  }
  let offset = 0;
  while (offset < source.length) {
    const open = source.indexOf("{{", offset);
    if (open === -1) {
      yield { kind: "text", text: source.slice(offset), at: positionOf(offset) };
      return;
    }
    const before = source.slice(offset, open);
    const backslashes = before.endsWith("\\\\") ? 2 : before.endsWith("\\") ? 1 : 0;
    // One backslash makes the tag literal; two are a literal backslash before a real tag.
    const text = backslashes === 0 ? before : before.slice(0, -1);
    if (text !== "") yield { kind: "text", text, at: positionOf(offset) };
    if (backslashes === 1) {
      offset = endOfEscaped(source, open);
      yield { kind: "text", text: source.slice(open, offset), at: positionOf(open) };
      continue;
    }
    const token = readTagToken(source, open, positionOf(open));
    offset = open + token.tag.length;
    yield token;
  }
}

function readTagToken(source: string, open: number, at: Position): TemplateToken & { readonly kind: "tag" } {
  const close = source.indexOf("}}", open + 2);
  if (close === -1) {
    throw syntaxError(
      { tag: source.slice(open), at },
      say`is never closed: write }} at its end, or \\{{ for two literal braces`,
    );
  }
  const triple = source[open + 2] === "{" || source[close + 2] === "}";
  const tag = source.slice(open, close + (triple && source[close + 2] === "}" ? 3 : 2));
  return { kind: "tag", tag, inner: source.slice(open + 2, close), at };
}
