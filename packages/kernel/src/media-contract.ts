/** How a contract says that a variable holds media: by a keyword on the variable, or on the items of a list. */
import type { JsonSchema } from "./json-schema.ts";
import { followReference, isSchema, viewOf } from "./schema-view.ts";

/** The keyword, with the value `true`. */
export const MEDIA_KEYWORD = "x-media";

export const MEDIA_FORMS = ["one", "optional", "list"] as const;
/** What a media variable holds: one medium, perhaps one, or a list of them. */
export type MediaForm = (typeof MEDIA_FORMS)[number];

/** The schema of a media variable; an optional one is told apart by not being required. */
export function mediaSchema(form: MediaForm): JsonSchema {
  const medium = { [MEDIA_KEYWORD]: true };
  return form === "list" ? { type: "array", items: medium } : medium;
}

/** Where media are in the variables of a contract: `photo`, and `pages[]` for the items of a list. */
export function mediaPaths(input: JsonSchema): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [name, given] of Object.entries(viewOf(input, input).properties ?? {})) {
    // A property may be declared by true alone.
    if (!isSchema(given)) continue;
    const property = followReference(given, input);
    const { items } = viewOf(property, input);
    if (property[MEDIA_KEYWORD] === true) paths.add(name);
    else if (items !== undefined && followReference(items, input)[MEDIA_KEYWORD] === true) {
      paths.add(`${name}[]`);
    }
  }
  return paths;
}

/** What is wrong with a contract's media, one sentence each; empty when nothing is. */
export function mediaContractProblems(input: JsonSchema): readonly string[] {
  const problems: string[] = [];
  collect(input, [], problems);
  return problems;
}

const VARIABLE = /^properties\.[^.]+(?:\.items)?$|^(?:\$defs|definitions)\.[^.]+$/;

function collect(value: unknown, path: readonly string[], problems: string[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, String(index)], problems);
    return;
  }
  if (!isSchema(value)) return;
  const mark = value[MEDIA_KEYWORD];
  // An object there is the schema of a variable of that name.
  if (mark !== undefined && !isSchema(mark)) {
    const at = path.join(".") || "input";
    if (mark !== true) problems.push(`${at} has ${MEDIA_KEYWORD} with another value than true`);
    else if (!VARIABLE.test(path.join("."))) {
      problems.push(`${at} has ${MEDIA_KEYWORD}; only a whole variable or the items of a list can be media`);
    } else if (value.type !== undefined && value.type !== "object") {
      problems.push(`${at} has ${MEDIA_KEYWORD} and a type of its own; leave the type out`);
    }
  }
  for (const [name, inner] of Object.entries(value)) collect(inner, [...path, name], problems);
}
