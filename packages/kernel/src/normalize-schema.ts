/** One form for schemas that say the same, so that code and files come to the same hash. */
import type { JsonSchema } from "./json-schema.ts";
import { isSchema } from "./schema-view.ts";

/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const SINGLE =
  /^(?:items|additionalProperties|contains|not|if|then|else|propertyNames|unevaluatedProperties)$/;
const LISTS = /^(?:anyOf|oneOf|allOf|prefixItems)$/;
const NAMED = /^(?:properties|\$defs|definitions|patternProperties|dependentSchemas)$/;

/**
 * Without `$schema`, and with `required` as a sorted set: neither says anything about a value. What
 * has meaning keeps its order.
 */
export function normalizeSchema(schema: JsonSchema): JsonSchema {
  const entries: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "$schema" || value === undefined) continue;
    const isRequired = keyword === "required" && Array.isArray(value);
    if (isRequired && value.length === 0) continue;
    entries.push([keyword, isRequired ? [...new Set(value)].sort() : normalizeKeyword(keyword, value)]);
  }
  return Object.fromEntries(entries);
}

function normalizeKeyword(keyword: string, value: unknown): unknown {
  const inner = (item: unknown): unknown => (isSchema(item) ? normalizeSchema(item) : item);
  if (SINGLE.test(keyword)) return inner(value);
  if (LISTS.test(keyword) && Array.isArray(value)) return value.map(inner);
  if (NAMED.test(keyword) && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inner(item)]));
  }
  return value;
}
