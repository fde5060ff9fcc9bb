/** The texts of a version beside its body: parameters, tools and contracts. */
import type { VersionText } from "@colophon/kernel";

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

function textsIn(value: unknown, words: string): readonly Omit<TextField, "field">[] {
  if (typeof value === "string") return [{ words, value }];
  if (Array.isArray(value)) return value.flatMap((item, at) => textsIn(item, `${words}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, `${words}.${name}`));
}
