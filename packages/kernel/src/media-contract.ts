/** How a contract says that a variable holds media: by a keyword on the variable, or on the items of a list. */
import type { JsonSchema } from "./json-schema.ts";
import { isObject } from "./said-fields.ts";
import { followReference, propertiesOf, viewOf } from "./schema-view.ts";

/** The keyword, with the value `true`. */
export const MEDIA_KEYWORD = "x-media";

/** What a media variable holds: one medium, perhaps one, or a list of them. */
export type MediaForm = "one" | "optional" | "list";

const ONE: JsonSchema = { [MEDIA_KEYWORD]: true };

/** The schemas of media variables; an optional one is told apart by not being required. */
export const MEDIA_SCHEMAS: Readonly<Record<MediaForm, JsonSchema>> = {
  one: ONE,
  optional: ONE,
  list: { type: "array", items: ONE },
};

/** Where each variable of a contract holds media: `photo`, `pages[]` for the items of a list, "" for nowhere. */
export function mediaByName(input: JsonSchema): ReadonlyMap<string, string> {
  const isMarked = (schema: unknown) => followReference(schema, input)[MEDIA_KEYWORD] === true;
  const paths = new Map<string, string>();
  for (const [name, property] of Object.entries(propertiesOf(input))) {
    const isList = isMarked(viewOf(property, input).items);
    paths.set(name, isMarked(property) ? name : isList ? `${name}[]` : "");
  }
  return paths;
}

/** Where media are in the variables of contracts; of several the last that has a variable says it. */
export function pathsOf(...contracts: readonly ReadonlyMap<string, string>[]): ReadonlySet<string> {
  const paths = new Map(contracts.flatMap((one) => [...one])).values();
  return new Set([...paths].filter(Boolean));
}

/** Where media are in the variables of a contract: `photo`, and `pages[]` for the items of a list. */
export function mediaPaths(input: JsonSchema): ReadonlySet<string> {
  return pathsOf(mediaByName(input));
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
  if (!isObject(value)) return;
  const mark = value[MEDIA_KEYWORD];
  // An object there is the schema of a variable of that name.
  if (mark !== undefined && !isObject(mark)) {
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
