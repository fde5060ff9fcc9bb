/** Finds what a contract says of a variable's path, and whether it is free text. */
import type { JsonSchema } from "@colophon/kernel";

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inside(schema: JsonSchema, step: string): JsonSchema | undefined {
  const found =
    step === "[]"
      ? schema.items
      : isSchema(schema.properties) && Object.hasOwn(schema.properties, step)
        ? schema.properties[step]
        : undefined;
  return isSchema(found) ? found : undefined;
}

/** The schema of a path such as `items[].name`; undefined where the contract does not say. */
export function schemaAt(input: JsonSchema, path: string): JsonSchema | undefined {
  const steps = path.match(/\[\]|[^.[\]]+/g) ?? [];
  return steps.reduce<JsonSchema | undefined>(
    (schema, step) => (schema === undefined ? undefined : inside(schema, step)),
    input,
  );
}

const SHORT = 40;

/** Whether any text may stand there: no number, no list of words, no date, nothing short. Unsaid is any. */
export function isFreeText(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return true;
  const { type, enum: words, const: one, format, pattern, maxLength } = schema;
  if (words !== undefined || one !== undefined || format !== undefined || pattern !== undefined) return false;
  if (typeof maxLength === "number" && maxLength <= SHORT) return false;
  const types = Array.isArray(type) ? type : [type];
  if (types.includes("array")) return isFreeText(inside(schema, "[]"));
  return types.some((name) => name === undefined || name === "string" || name === "object");
}

/** Whether it is an object, or a list of them, of which no field is described. */
export function isOpenShape(schema: JsonSchema | undefined): boolean {
  if (schema === undefined) return true;
  const { type, properties, items, anyOf, oneOf, allOf, $ref, enum: words } = schema;
  if (type === "array") return isOpenShape(isSchema(items) ? items : undefined);
  const isDescribed = [anyOf, oneOf, allOf, $ref, words].some((one) => one !== undefined);
  if (isDescribed || (type !== undefined && type !== "object")) return false;
  return properties === undefined || Object.keys(properties as object).length === 0;
}
