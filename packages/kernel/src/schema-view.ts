/** Looks into a JSON Schema as far as contracts are read: properties, items, references, null. */
import type { JsonSchema } from "./json-schema.ts";

/** What a schema says of the values below it, references followed and null left aside. */
export interface SchemaView {
  readonly properties: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required: readonly string[];
  readonly items: JsonSchema | undefined;
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `root` is where references point into. */
export function viewOf(schema: JsonSchema, root: JsonSchema): SchemaView {
  const { properties, required, items } = soleMember(followReference(schema, root), root);
  return {
    properties: isSchema(properties) ? (properties as Readonly<Record<string, JsonSchema>>) : undefined,
    required: Array.isArray(required) ? required : [],
    items: isSchema(items) ? items : undefined,
  };
}

/** `anyOf` of null and one other is how libraries write "may be null": the other says what there is. */
function soleMember(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const [only, ...more] = membersOf(schema).filter((one) => one.type !== "null" && one.const !== null);
  return only && more.length === 0 && schema.properties === undefined ? followReference(only, root) : schema;
}

function membersOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  const members = anyOf ?? oneOf;
  return Array.isArray(members) ? members.filter(isSchema) : [];
}

export function followReference(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  const reference = schema.$ref;
  if (typeof reference !== "string" || !reference.startsWith("#") || depth > 8) return schema;
  let target: unknown = root;
  for (const step of reference.slice(1).split("/").filter(Boolean)) {
    target = isSchema(target) ? target[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return isSchema(target) ? followReference(target, root, depth + 1) : schema;
}

/**
 * Whether a value of this schema may be null; `root` is where its references point into. What was looked
 * at once is not looked at again: many may refer to one.
 */
export function allowsNull(given: JsonSchema, root = given, seen = new Set<JsonSchema>()): boolean {
  const schema = followReference(given, root);
  if (seen.has(schema)) return false;
  seen.add(schema);
  const { type } = schema;
  const isNull =
    type === undefined ? [schema.const, schema.enum].flat().includes(null) : [type].flat().includes("null");
  return isNull || membersOf(schema).some((member) => allowsNull(member, root, seen));
}
