/** Reads the fields of an operation out of text: names in a path and a query, by the kind that its schema says. */
import { z } from "zod";
import { readJson } from "./read-json.ts";

type Schema = z.core.$ZodType;
type Field = readonly [name: string, value: unknown];

/** Nothing is said of a list by leaving it out but that it is empty, and of what may be null but that it is. */
export function readQuery(shape: Readonly<Record<string, Schema>>, query: URLSearchParams): object {
  const said = [...new Set(query.keys())].map((name): Field => {
    const texts = query.getAll(name);
    // A name that the schema does not know is refused by it, with the others.
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return [name, schema === undefined ? texts[0] : readTexts(schema, texts, name)];
  });
  const unsaid = Object.entries(shape).flatMap(([name, schema]): readonly Field[] => {
    if (query.has(name) || schema._zod.optin !== undefined) return [];
    const { type } = schema._zod.def;
    return type === "array" ? [[name, []]] : type === "nullable" ? [[name, null]] : [];
  });
  // Made of entries, so that no name reaches a prototype.
  return Object.fromEntries([...said, ...unsaid]);
}

function readTexts(schema: Schema, texts: readonly string[], name: string): unknown {
  const kind = innerOf(schema);
  if (kind instanceof z.core.$ZodArray) {
    return texts.map((text) => readText(kind._zod.def.element, text, name));
  }
  return texts.length === 1 ? readText(schema, texts[0] ?? "", name) : texts;
}

/** What cannot be read stays text: the schema refuses it with its own words. */
export function readText(schema: Schema, text: string, name: string): unknown {
  const kind = innerOf(schema);
  const { def } = kind._zod;
  switch (def.type) {
    case "number":
    case "int":
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "union":
      return readUnion((kind as z.core.$ZodUnion)._zod.def.options, text, name);
    case "object":
    case "record":
    case "array":
    case "tuple":
    case "unknown":
      return readJson(text, `The query's ${name}`);
    default:
      return text;
  }
}

/** The first reading that an option takes. */
function readUnion(options: readonly Schema[], text: string, name: string): unknown {
  for (const option of options) {
    const looksLikeJson = /^[[{]/.test(text);
    const kind = innerOf(option)._zod.def.type;
    if ((kind === "object" || kind === "record" || kind === "array") && !looksLikeJson) continue;
    const value = readText(option, text, name);
    if (z.core.safeParse(option, value).success) return value;
  }
  return text;
}

/** What is left when it is said that it may be missing, null or given by default. */
function innerOf(schema: Schema): Schema {
  const { def } = schema._zod;
  if ("innerType" in def) return innerOf(def.innerType as Schema);
  if (schema instanceof z.core.$ZodPipe) return innerOf(schema._zod.def.in);
  if (schema instanceof z.core.$ZodLazy) return innerOf(schema._zod.def.getter());
  return schema;
}
