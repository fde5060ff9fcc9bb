/** Replaces tags of a Handlebars text, and leaves everything else as it is. */

export interface HandlebarsTag {
  /** With its braces. */
  readonly tag: string;
  /** Between the braces, trimmed. */
  readonly inner: string;
  /** How many `{{#each}}` are around it. */
  readonly depth: number;
}

/** @param rewrite undefined keeps a tag. Escaped tags are text. */
export function rewriteTags(source: string, rewrite: (tag: HandlebarsTag) => string | undefined): string {
  let out = "";
  let offset = 0;
  let depth = 0;
  for (;;) {
    const open = source.indexOf("{{", offset);
    if (open === -1) return out + source.slice(offset);
    const isEscaped = source[open - 1] === "\\" && source[open - 2] !== "\\";
    const end = isEscaped ? -1 : endOf(source, open);
    if (end === -1) {
      out += source.slice(offset, open + 2);
      offset = open + 2;
      continue;
    }
    const tag = source.slice(open, end);
    const inner = tag.replace(/^\{\{+|\}\}+$/g, "").trim();
    if (inner === "/each") depth -= 1;
    out += source.slice(offset, open) + (rewrite({ tag, inner, depth }) ?? tag);
    if (/^#each\b/.test(inner)) depth += 1;
    offset = end;
  }
}

function endOf(source: string, open: number): number {
  const isLongComment = source.startsWith("{{!--", open);
  const close = source.indexOf(isLongComment ? "--}}" : "}}", open + 2);
  if (close === -1) return -1;
  const end = close + (isLongComment ? 4 : 2);
  return source[open + 2] === "{" && source[end] === "}" ? end + 1 : end;
}
