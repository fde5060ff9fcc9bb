/** The JSON Schema of a contract, out of any schema that can describe itself. */
import {
  allowsNull,
  FILLED_KEYWORD,
  HarnessError,
  isObject,
  type JsonSchema,
  mapFields,
  say,
  words,
} from "@colophon/kernel";
import type { JsonSchemaConverter, StandardJsonSchema, StandardSchema } from "./standard-schema.ts";

const OPTIONS = { target: "draft-2020-12" } as const;

/**
 * The JSON Schema (draft 2020-12) of what a schema takes in.
 *
 * @param field names it, such as `input of support.triage`.
 * @param plain whether a plain JSON Schema will do, and stands for itself: where nothing is checked by it.
 * @throws HarnessError `schema-unsupported` for a schema that cannot say what it is.
 */
export function contractSchema(
  schema: StandardSchema | JsonSchema,
  field: string,
  plain?: "plain",
): JsonSchema {
  const standard = (schema as Partial<StandardJsonSchema> | undefined)?.["~standard"];
  if (plain && !standard && isObject(schema)) return schema;
  const converter = standard?.jsonSchema as JsonSchemaConverter;
  try {
    return markFilled(converter.input(OPTIONS), outputOrNothing(converter));
  } catch (cause) {
    throw new HarnessError(
      "schema-unsupported",
      say`${field} ${words(() => whyNot(schema, cause))}.`,
      converter ? { cause } : {},
    );
  }
}

function whyNot(schema: unknown, cause: unknown): string {
  if (Object(schema) !== schema) return `is ${typeof schema}; give a schema`;
  const standard = (schema as Partial<StandardJsonSchema>)["~standard"];
  if (!standard) {
    return "is no Standard Schema; give one of zod, valibot or arktype, which can also check values";
  }
  if (standard.jsonSchema) {
    return `cannot be written as JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
  const { vendor } = standard;
  const how =
    vendor === "valibot" ? "wrap it in toStandardJsonSchema() of @valibot/to-json-schema" : "update it";
  return `is a ${vendor} schema that cannot describe itself as JSON Schema; ${how}`;
}

/** What the schema hands out, where it can say so: transforms often cannot. */
function outputOrNothing(converter: JsonSchemaConverter): JsonSchema {
  try {
    return converter.output(OPTIONS);
  } catch {
    return {};
  }
}

interface Fields extends JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/**
 * Marks the variables that the schema fills in by itself when they are left out, or instead of null:
 * some libraries (arktype, transforms) do not write such a default into the input's schema.
 */
function markFilled(input: Fields, output: Fields): JsonSchema {
  const { properties, required } = input;
  if (!properties) return input;
  const marked = mapFields(properties, (property, name) => {
    const given = output.properties?.[name];
    const isGiven = given && output.required?.includes(name) && !allowsNull(given);
    const mayMiss = allowsNull(property) || !(required?.includes(name) || "default" in Object(property));
    return isGiven && mayMiss ? { ...property, [FILLED_KEYWORD]: true } : property;
  });
  return { ...input, properties: marked };
}
