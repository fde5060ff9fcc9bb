/** Tells whether a text is written as a template whose fields somebody fills who is not in sight. */
import type { SourceValue } from "../source/source-value.ts";
import type { FieldStyle } from "./split-fields.ts";
import type { FilledFields } from "./text-place.ts";

interface Style {
  readonly style: FieldStyle;
  readonly field: RegExp;
  /** Braces that are written twice to stand for themselves. */
  readonly escaped?: RegExp;
}

const STYLES: readonly Style[] = [
  { style: "format", field: /\{[A-Za-z_]\w*(?:\[\w+\]|\.\w+)*\}/g, escaped: /\{\{|\}\}/g },
  { style: "mustache", field: /\{\{\s*[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*\s*\}\}/gu },
];

/** What is no field beside those in double braces; single braces may be those of a JSON example. */
const OTHER_FIELD = /\{\{(?!\s*\}\})|\{[A-Za-z_]\w*\}/;

/** Only where all its braces are fields: else they may be those of a JSON example. */
export function filledLater(value: SourceValue): FilledFields | null {
  const words = writtenWords(value);
  if (words === null) return null;
  // With both kinds of fields nobody can tell which are meant.
  const isMustache = /\{\{\s*[\p{L}_][\p{L}\p{N}_]*\s*\}\}/u.test(words);
  const found = STYLES.find(({ field, escaped }) => {
    if (isMustache && escaped !== undefined) return false;
    const said = escaped === undefined ? words : words.replace(escaped, "");
    const rest = said.replace(field, "");
    return rest.length < said.length && !(escaped === undefined ? OTHER_FIELD : /[{}]/).test(rest);
  });
  return found === undefined ? null : { style: found.style, values: new Map() };
}

/** The words of a text that has no holes of its own; null for any other. */
function writtenWords(value: SourceValue): string | null {
  if (value.kind === "text") {
    return value.pieces.every((piece) => typeof piece === "string") ? value.pieces.join("") : null;
  }
  if (value.kind !== "concatenation") return null;
  const parts = value.parts.map(writtenWords);
  return parts.includes(null) ? null : parts.join("");
}
