/** The JSON Schema of a contract, out of any schema that can describe itself. */
import { allowsNull, FILLED_KEYWORD, HarnessError, type JsonSchema, say, words } from "@colophon/kernel";
import type { SchemaCheck } from "@colophon/runtime";
import type { JsonSchemaConverter, StandardSchema } from "./standard-schema.ts";

const TARGET = "draft-2020-12";

interface Where {
  readonly key: string;
  readonly field: string;
  /** Whether a plain JSON Schema will do: where nothing is checked by it. */
  readonly plain?: true;
}

/**
 * The JSON Schema (draft 2020-12) of what a schema takes in. A plain JSON Schema stands for itself.
 *
 * @throws HarnessError `schema-unsupported` for a schema that cannot say what it is.
 */
export function contractSchema(schema: StandardSchema | JsonSchema, where: Where): JsonSchema {
  if (typeof schema !== "function" && !isObject(schema)) {
    throw unsupported(
      where,
      words(() => `is ${typeof schema}; give a schema`),
    );
  }
  const standard = (schema as Partial<StandardSchema>)["~standard"];
  if (!standard) {
    if (where.plain) return schema as JsonSchema;
    throw unsupported(
      where,
      say`is no Standard Schema; give one of zod, valibot or arktype, which can also check values`,
    );
  }
  const { jsonSchema: converter, vendor } = standard as { jsonSchema?: JsonSchemaConverter; vendor: string };
  if (!converter) {
    const how = words(() =>
      vendor === "valibot" ? "wrap it in toStandardJsonSchema() of @valibot/to-json-schema" : "update it",
    );
    throw unsupported(where, say`is a ${vendor} schema that cannot describe itself as JSON Schema; ${how}`);
  }
  try {
    return markFilled(converter.input({ target: TARGET }), outputOrNothing(converter));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw unsupported(where, say`cannot be written as JSON Schema: ${why}`, cause);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function unsupported({ field, key }: Where, sentence: string, cause?: unknown): HarnessError {
  return new HarnessError("schema-unsupported", say`${field} of ${key} ${sentence}.`, { cause });
}

/** What the schema hands out, where it can say so: transforms often cannot. */
function outputOrNothing(converter: JsonSchemaConverter): JsonSchema {
  try {
    return converter.output({ target: TARGET });
  } catch {
    return {};
  }
}

/**
 * Marks the variables that the schema fills in by itself when they are left out, or instead of null:
 * some libraries (arktype, transforms) do not write such a default into the input's schema.
 */
function markFilled(input: JsonSchema, output: JsonSchema): JsonSchema {
  const [taken, given] = [fieldsOf(input), fieldsOf(output)];
  const filled = Object.entries(taken.properties).filter(([name, property]) => {
    const out = given.properties[name];
    if (!out || !given.required.includes(name) || allowsNull(out)) return false;
    return (!taken.required.includes(name) && !("default" in property)) || allowsNull(property);
  });
  if (filled.length === 0) return input;
  const marked = filled.map(([name, property]) => [name, { ...property, [FILLED_KEYWORD]: true }]);
  return { ...input, properties: { ...taken.properties, ...Object.fromEntries(marked) } };
}

function fieldsOf({ properties, required }: JsonSchema) {
  return {
    properties: (isObject(properties) ? properties : {}) as Readonly<Record<string, JsonSchema>>,
    required: Array.isArray(required) ? (required as readonly unknown[]) : [],
  };
}

/** The check of an answer against the output contract in the code; null where it declares none. */
export function outputCheck(schema: StandardSchema | undefined): SchemaCheck | null {
  return schema === undefined ? null : (value) => schema["~standard"].validate(value);
}
