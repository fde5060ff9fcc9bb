/** Holds a JSON Schema to a size, and writes into each of its subschemas what looking at a value by it costs. */
import { HarnessError, type JsonSchema } from "@colophon/kernel";
import { readPattern } from "@colophon/methods";
import { isWithinDepth } from "./bound-value.ts";

/** The keyword that says it, as `Work`. */
export const WORK_KEYWORD = "x-colophon-work";

/** Steps of one look at a value, and those for each of its items, properties or stretches of text. */
export type Work = readonly [once: number, each: number];

const MOST_SUBSCHEMAS = 2_000;
const DEEPEST = 100;
/** From a schema to one within it: a keyword, and a name or an index. */
const STEPS = 2;
const MOST_UNITS = 1_000_000;
/** Characters of a constant that are compared in one step. */
const COMPARED = 16;

/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const SINGLE = [
  "items",
  "additionalProperties",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
  "contentSchema",
];
const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"];
const NAMED = ["properties", "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies"];
/** Formats that say what libraries write as a pattern beside them, often with look-ahead. */
const FORMATS = ["email", "duration", "date", "time", "date-time", "uri", "uuid", "ipv4", "ipv6", "hostname"];
const REFUSED = ["$dynamicRef", "$recursiveRef"];

interface Walk {
  /** JSON pointers of all subschemas, and the names that anchors give them. */
  readonly places: Set<string>;
  readonly references: string[];
  count: number;
}

/**
 * A copy with the work of each subschema in it. References lead to subschemas of the same document alone, so
 * that none is looked at unseen.
 *
 * @throws HarnessError `schema-unsupported` for one that is too large, nests too deep or refers elsewhere.
 */
export function boundSchema(schema: JsonSchema): JsonSchema {
  if (!isWithinDepth(schema, DEEPEST * STEPS)) throw refused(`it nests more than ${DEEPEST} deep`);
  const walk: Walk = { places: new Set(), references: [], count: 0 };
  // What a schema is called elsewhere says nothing of a value.
  const { $id: _, ...own } = schema;
  const bounded = withWork(own, [], walk);
  const units = JSON.stringify(schema).length;
  if (units > MOST_UNITS) throw refused(`it has ${units} characters, and at most ${MOST_UNITS} are taken`);
  const lost = walk.references.find((reference) => !walk.places.has(placeOf(reference)));
  if (lost === undefined) return bounded;
  throw refused(`its reference ${lost} leads to no subschema of it`);
}

function refused(why: string): HarnessError {
  return new HarnessError(
    "schema-unsupported",
    `The schema cannot be used: ${why}; make it smaller or simpler.`,
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withWork(schema: JsonSchema, path: readonly string[], walk: Walk): JsonSchema {
  walk.count += 1;
  if (walk.count > MOST_SUBSCHEMAS) throw refused(`it has more than ${MOST_SUBSCHEMAS} subschemas`);
  if (path.length > DEEPEST * STEPS) throw refused(`it nests more than ${DEEPEST} deep`);
  notePlace(schema, path, walk);
  const patterns = isSchema(schema.patternProperties) ? Object.keys(schema.patternProperties).length : 0;
  let children = 0;
  const inner = (value: unknown, ...steps: readonly string[]): unknown => {
    children += 1;
    return isSchema(value) ? withWork(value, [...path, ...steps], walk) : value;
  };
  const entries = Object.entries(withoutDouble(schema)).map(([keyword, value]): [string, unknown] => {
    if (SINGLE.includes(keyword)) return [keyword, inner(value, keyword)];
    if (LISTS.includes(keyword) && Array.isArray(value)) {
      return [keyword, value.map((item, index) => inner(item, keyword, String(index)))];
    }
    if (NAMED.includes(keyword) && isSchema(value)) {
      const named = Object.entries(value).map(([name, item]) => [name, inner(item, keyword, name)]);
      return [keyword, Object.fromEntries(named)];
    }
    return [keyword, value];
  });
  const compared = JSON.stringify([schema.enum, schema.const]).length / COMPARED;
  const work: Work = [1 + children + Math.floor(compared), 1 + patterns];
  return { ...Object.fromEntries(entries), [WORK_KEYWORD]: work };
}

/** Where a pattern cannot be looked for, its format alone says the same. */
function withoutDouble(schema: JsonSchema): JsonSchema {
  const { pattern, format, ...others } = schema;
  if (typeof pattern !== "string" || typeof format !== "string" || !FORMATS.includes(format)) return schema;
  return readPattern(pattern, "u").kind === "fault" ? { ...others, format } : schema;
}

function notePlace(schema: JsonSchema, path: readonly string[], { places, references }: Walk): void {
  const keyword = REFUSED.find((name) => schema[name] !== undefined);
  if (keyword !== undefined) throw refused(`it has ${keyword}, which is not supported`);
  // A name of its own would give the references below it another meaning.
  if (schema.$id !== undefined) throw refused("it has an $id; leave it out");
  places.add(path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""));
  for (const anchor of [schema.$anchor, schema.$dynamicAnchor]) {
    if (typeof anchor === "string") places.add(`#${anchor}`);
  }
  if (typeof schema.$ref === "string") references.push(schema.$ref);
}

/** As `places` has it; for a reference out of the document, what it never has. */
function placeOf(reference: string): string {
  if (!reference.startsWith("#")) return reference === "" ? "" : ` ${reference}`;
  if (reference !== "#" && !reference.startsWith("#/")) return reference;
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return ` ${reference}`;
  }
}
