/** The texts of a version beside its body: parameters, tools and contracts. */
import type { VersionText } from "@colophon/kernel";
import type { FindingSpot } from "./review-rule.ts";
import type { ReviewedText } from "./reviewed-text.ts";

export interface TextField {
  /** Top field of the file. */
  readonly field: string;
  /** The way to it, such as `tools[0].description`. */
  readonly words: string;
  readonly value: string;
}

export function textFields({ model, tools, input, output }: VersionText): readonly TextField[] {
  const { parameters } = model;
  return Object.entries({ parameters, tools, input, output }).flatMap(([field, value]) =>
    textsIn(value, field).map((text) => ({ field, ...text })),
  );
}

/** A text that a model may come to read, wherever it stands. */
export interface PlacedText {
  readonly source: string;
  /** As long as `source`, each tag replaced by marks. */
  readonly words: string;
  spotAt(offset: number): FindingSpot;
}

export function placedTexts({ parts, text }: ReviewedText): readonly PlacedText[] {
  return [
    ...parts.map((part) => ({
      source: part.source,
      words: part.words,
      spotAt: (offset: number) => ({ part, offset }),
    })),
    ...textFields(text).map(({ field, words: place, value }) => ({
      source: value,
      words: value,
      spotAt: () => ({ field, words: place }),
    })),
  ];
}

function textsIn(value: unknown, words: string): readonly Omit<TextField, "field">[] {
  if (typeof value === "string") return [{ words, value }];
  if (Array.isArray(value)) return value.flatMap((item, at) => textsIn(item, `${words}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, `${words}.${name}`));
}
