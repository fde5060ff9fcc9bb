/** A place in the source where a text is written, and how much of it is written right there. */
import type { FormatValue, SourceValue, Span } from "../source/source-value.ts";
import { countWords } from "./count-words.ts";
import type { Located } from "./entity.ts";
import type { FieldStyle } from "./split-fields.ts";

export interface TextPlace extends Span {
  /** Index into the modules of the index. */
  readonly module: number;
  /** A text, a concatenation or a format. */
  readonly value: SourceValue;
  /** How its fields are filled later, by a call elsewhere or by a library; null where what it says is final. */
  readonly filled: FilledFields | null;
}

export interface FilledFields {
  /** `replace` has the replaced texts as the names of its values. */
  readonly style: FieldStyle | "replace";
  readonly values: ReadonlyMap<string, Located>;
}

/** The values of a format call, by the name of their field. */
export function fieldsOf(
  { style, values }: FormatValue,
  { module, frame }: Pick<Located, "module" | "frame">,
): FilledFields {
  return {
    style,
    values: new Map(
      values
        .filter(({ value }) => value.kind !== "spread")
        .map(({ name, value }) => [name, { module, value, frame }] as const),
    ),
  };
}

/** The words that stand in an expression itself, those of nested texts among them. */
export function ownWords(value: SourceValue): number {
  switch (value.kind) {
    case "text":
      return value.pieces.reduce(
        (sum, piece) =>
          sum + (typeof piece === "string" ? countWords(withoutFields(piece)) : ownWords(piece)),
        0,
      );
    case "concatenation":
      return value.parts.reduce((sum, part) => sum + ownWords(part), 0);
    case "format":
      return ownWords(value.template);
    case "choice":
      return value.options.reduce((sum, option) => sum + ownWords(option), 0);
    case "list":
      return value.items.reduce((sum, item) => sum + ownWords(item), 0);
    case "spread":
      return ownWords(value.value);
    default:
      return 0;
  }
}

function withoutFields(text: string): string {
  return text.replace(/\{\{?[^{}\n]{0,80}\}\}?|%\(\w+\)s|\$\{?\w+\}?/g, " ");
}

/** Whether something is put in: without it, a word or two are no prompt. */
export function hasHoles(value: SourceValue): boolean {
  switch (value.kind) {
    case "text":
      return value.pieces.some((piece) => typeof piece !== "string" || /\{[^{}\n]{1,80}\}/.test(piece));
    case "concatenation":
      return value.parts.some((part) => part.kind !== "text" || hasHoles(part));
    default:
      return true;
  }
}
