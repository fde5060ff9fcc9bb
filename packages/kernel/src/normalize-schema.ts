/** One form for schemas that say the same, so that code and files come to the same hash. */
import type { JsonSchema } from "./json-schema.ts";
import { isObject, mapFields, sortedSet } from "./said-fields.ts";

/** Keywords that hold values, and those that hold schemas by name. */
const VALUES = /^(?:const|default|enum|examples?|x-.*)$/;
const NAMED = /^(?:properties|\$defs|definitions|patternProperties|dependentSchemas)$/;

/**
 * Without `$schema`, and with `required` as a sorted set: neither says anything about a value. What
 * has meaning keeps its order.
 */
export function normalizeSchema(schema: JsonSchema): JsonSchema {
  return mapFields(schema, (value, keyword) => {
    if (keyword === "$schema") return undefined;
    if (keyword === "required" && Array.isArray(value)) return sortedSet(value);
    if (VALUES.test(keyword)) return value;
    return NAMED.test(keyword) && isObject(value) ? mapFields(value, normalizeInner) : normalizeInner(value);
  });
}

function normalizeInner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeInner);
  return isObject(value) ? normalizeSchema(value) : value;
}
