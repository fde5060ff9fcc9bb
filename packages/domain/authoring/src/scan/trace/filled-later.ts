/** Tells whether a text is written as a template whose fields somebody fills who is not in sight. */
import type { SourceValue } from "../source/source-value.ts";
import type { FieldStyle } from "./split-fields.ts";
import type { FilledFields } from "./text-place.ts";

const STYLES: readonly (readonly [style: FieldStyle, field: RegExp])[] = [
  ["format", /\{[A-Za-z_]\w*\}/g],
  ["mustache", /\{\{\s*[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*\s*\}\}/gu],
];

/** Only where all its braces are fields: else they may be those of a JSON example. */
export function filledLater(value: SourceValue): FilledFields | null {
  const words = writtenWords(value);
  if (words === null) return null;
  const style = STYLES.find(([, field]) => {
    const rest = words.replace(field, "");
    return rest.length < words.length && !/[{}]/.test(rest);
  });
  return style === undefined ? null : { style: style[0], values: new Map() };
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
