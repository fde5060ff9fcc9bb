/** Cuts a template of a format call or of a library into its words and its fields. */

/** How fields are written: `{x}`, `%s`, `$x`, `{{ x }}`. */
export type FieldStyle = "format" | "percent" | "substitute" | "mustache";

export interface TemplateField {
  /** By name, or by position as "0", "1", …. */
  readonly field: string;
  /** As written, such as `{user.name!r}`. */
  readonly written: string;
  /** What is asked for, such as `user.name`; empty for a field by position. */
  readonly path: string;
}

const PATTERNS: Readonly<Record<FieldStyle, RegExp>> = {
  format: /\{\{|\}\}|\{([A-Za-z_]\w*|\d*)((?:\.\w+|\[[^\]{}]*\])*)(?:![rsa])?(?::[^{}]*)?\}/g,
  percent: /%%|%(?:\(([^)]+)\))?[#0 +-]*(?:\d+|\*)?(?:\.\d+)?[sdifgrxXeEcoaj]/g,
  substitute: /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g,
  mustache: /\{\{\s*\$?([\p{L}_][\p{L}\p{N}_]*)((?:\.[\p{L}\p{N}_]+)*)\s*(?:\|[^{}]*)?\}\}/gu,
};
const LITERALS: Readonly<Record<string, string>> = { "{{": "{", "}}": "}", "%%": "%", $$: "$" };

/** Positions go on from `start`, the number of fields by position before this text. */
export function splitFields(text: string, style: FieldStyle, start = 0): readonly (string | TemplateField)[] {
  const parts: (string | TemplateField)[] = [];
  let position = start;
  let done = 0;
  let words = "";
  for (const match of text.matchAll(PATTERNS[style])) {
    words += text.slice(done, match.index);
    done = match.index + match[0].length;
    const literal = style === "mustache" ? undefined : LITERALS[match[0]];
    if (literal !== undefined) {
      words += literal;
      continue;
    }
    if (words !== "") parts.push(words);
    words = "";
    const name = match[1] ?? match[2] ?? "";
    const rest = style === "substitute" || style === "percent" ? "" : (match[2] ?? "");
    const field = name === "" ? String(position++) : name;
    parts.push({ field, written: match[0], path: name === "" ? "" : name + rest });
  }
  words += text.slice(done);
  if (words !== "") parts.push(words);
  return parts;
}

/** Cuts out each of the given texts, as `.replace("{x}", …)` does. */
export function splitReplaced(
  text: string,
  replaced: readonly string[],
): readonly (string | TemplateField)[] {
  const names = replaced.filter((name) => name !== "");
  if (names.length === 0) return text === "" ? [] : [text];
  const pattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const parts: (string | TemplateField)[] = [];
  let done = 0;
  for (const { 0: written, index } of text.matchAll(pattern)) {
    if (index > done) parts.push(text.slice(done, index));
    parts.push({ field: written, written, path: /[\p{L}_][\p{L}\p{N}_.]*/u.exec(written)?.[0] ?? "" });
    done = index + written.length;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}
