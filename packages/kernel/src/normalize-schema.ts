/** One form for schemas that say the same, so that code and files come to the same hash. */
import type { JsonSchema } from "./json-schema.ts";
import { isObject, mapFields, sortedSet } from "./said-fields.ts";

/** Keywords that hold a schema, a list of schemas, or schemas by name; what stands under any other is left as it is. */
const SINGLE =
  /^(?:items|additionalProperties|contains|not|if|then|else|propertyNames|unevaluatedProperties)$/;
const LISTS = /^(?:anyOf|oneOf|allOf|prefixItems)$/;
const NAMED = /^(?:properties|\$defs|definitions|patternProperties|dependentSchemas)$/;

/**
 * Without `$schema`, and with `required` as a sorted set: neither says anything about a value. What
 * has meaning keeps its order.
 */
export function normalizeSchema(schema: JsonSchema): JsonSchema {
  return mapFields(schema, (value, keyword) => {
    if (keyword === "$schema") return undefined;
    if (SINGLE.test(keyword)) return normalizeInner(value);
    if (NAMED.test(keyword) && isObject(value)) return mapFields(value, normalizeInner);
    if (!Array.isArray(value)) return value;
    if (keyword === "required") return sortedSet(value);
    return LISTS.test(keyword) ? value.map(normalizeInner) : value;
  });
}

function normalizeInner(value: unknown): unknown {
  return isObject(value) ? normalizeSchema(value) : value;
}
