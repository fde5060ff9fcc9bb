/** Rewrites a schema as Anthropic's structured outputs take it: closed objects, and only the keywords that they know. */
import type { JsonSchema } from "@colophon/kernel";
import { isRecord } from "../../answer.ts";

type Schema = { [key: string]: unknown };

/** Kept as they are; see https://docs.claude.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations. */
const KNOWN: ReadonlySet<string> = new Set([
  "$ref",
  "const",
  "description",
  "enum",
  "required",
  "title",
  "type",
]);
const FORMATS: ReadonlySet<string> = new Set([
  "date",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "time",
  "uri",
  "uuid",
]);

/**
 * What the endpoint does not know stands in the description instead, for the model to read, as the
 * client's own helpers have it. The contract itself is checked on our side.
 */
export function closedSchema(schema: JsonSchema): Schema {
  const closed: Schema = {};
  const told: Schema = {};
  const isLiteral = schema.enum !== undefined || schema.const !== undefined;
  for (const [keyword, value] of Object.entries(schema)) {
    const known = closedKeyword(keyword, value);
    if (known === undefined) told[keyword] = value;
    // What is listed value by value needs no type.
    else if (known !== null && !(isLiteral && known === "type")) closed[known] = closedValue(known, value);
  }
  if (schema.type === "object") Object.assign(closed, { additionalProperties: false });
  const rest = Object.entries(told).map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`);
  if (rest.length > 0) {
    const description = typeof closed.description === "string" ? `${closed.description}\n\n` : "";
    closed.description = `${description}{${rest.join(", ")}}`;
  }
  return closed;
}

/** The name under which a keyword is sent; null for one that says nothing, undefined for one that is unknown. */
function closedKeyword(keyword: string, value: unknown): string | null | undefined {
  if (keyword === "$schema" || keyword === "additionalProperties") return null;
  if (keyword === "oneOf") return "anyOf";
  const isKnown =
    KNOWN.has(keyword) ||
    NESTING.has(keyword) ||
    (keyword === "format" && FORMATS.has(String(value))) ||
    (keyword === "minItems" && (value === 0 || value === 1));
  return isKnown ? keyword : undefined;
}

/** Keywords with schemas in them: one, several by name, or several in order. */
const NESTING: ReadonlySet<string> = new Set(["$defs", "allOf", "anyOf", "items", "properties"]);

function closedValue(keyword: string, value: unknown): unknown {
  if (!NESTING.has(keyword) || !isRecord(value)) return structuredClone(value);
  if (keyword === "items") return closedSchema(value);
  if (Array.isArray(value)) return value.map((one) => closedOrSame(one));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closedOrSame(one)]));
}

function closedOrSame(schema: unknown): unknown {
  return isRecord(schema) ? closedSchema(schema) : schema;
}
