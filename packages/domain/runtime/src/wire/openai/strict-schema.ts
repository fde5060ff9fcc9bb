/** Tells whether a schema is one that OpenAI's strict mode takes: there the model is held to it word by word. */
import type { JsonSchema } from "@colophon/kernel";
import { isRecord } from "../../answer.ts";

/** Of https://platform.openai.com/docs/guides/structured-outputs#supported-schemas, what every model takes. */
const KEYWORDS: ReadonlySet<string> = new Set([
  "$defs",
  "$ref",
  "$schema",
  "additionalProperties",
  "anyOf",
  "const",
  "description",
  "enum",
  "items",
  "properties",
  "required",
  "title",
  "type",
]);
/** Schemas within schemas; what nests deeper is refused by older models. */
const DEPTH = 5;

export function isStrict(schema: JsonSchema): boolean {
  return schema.type === "object" && schema.anyOf === undefined && fits(schema, DEPTH);
}

function fits(schema: unknown, depth: number): boolean {
  if (!isRecord(schema) || !Object.keys(schema).every((keyword) => KEYWORDS.has(keyword))) return false;
  const { properties, items, anyOf, $defs } = schema;
  if (schema.type === "object" && (depth === 0 || !isClosed(schema))) return false;
  return (
    all(properties, depth - 1) &&
    all($defs, depth) &&
    all(anyOf, depth) &&
    (items === undefined || fits(items, depth))
  );
}

/** No property may be missing, and none may come in addition. */
function isClosed({ properties, required, additionalProperties }: JsonSchema): boolean {
  if (additionalProperties !== false || !isRecord(properties)) return false;
  const names = Array.isArray(required) ? required : [];
  return Object.keys(properties).every((name) => names.includes(name));
}

function all(schemas: unknown, depth: number): boolean {
  return (
    schemas === undefined || (isRecord(schemas) && Object.values(schemas).every((one) => fits(one, depth)))
  );
}
