/** Looks into a JSON Schema as far as contracts are read: properties, items, references, null. */
import type { JsonSchema } from "./json-schema.ts";
import { isObject } from "./said-fields.ts";

/** What a schema says of the values below it, references followed and null left aside. */
export interface SchemaView extends JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

/** `root` is where references point into. */
export function viewOf(given: unknown, root: JsonSchema): SchemaView {
  const schema = followReference(given, root);
  // `anyOf` of null and one other is how libraries write "may be null": the other says what there is.
  const members = membersOf(schema).filter((one) => one.type !== "null" && one.const !== null);
  return members.length === 1 && !schema.properties ? followReference(members[0], root) : schema;
}

/** The variables of a contract. */
export function propertiesOf(input: JsonSchema): Readonly<Record<string, unknown>> {
  return viewOf(input, input).properties ?? {};
}

function membersOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  const members = anyOf ?? oneOf;
  return Array.isArray(members) ? members.filter(isObject) : [];
}

/** The schema that a schema refers to, or itself; what is no schema, such as true, says nothing. */
export function followReference(schema: unknown, root: JsonSchema, depth = 0): JsonSchema {
  if (!isObject(schema)) return {};
  const [start, ...steps] = String(schema.$ref).split("/");
  const target = steps.reduce<unknown>(
    (at, step) => (at as JsonSchema | undefined)?.[step.replaceAll("~1", "/").replaceAll("~0", "~")],
    root,
  );
  return start === "#" && depth < 9 && isObject(target) ? followReference(target, root, depth + 1) : schema;
}

/** Marks a variable that the calling code fills in itself when it is left out or null. */
export const FILLED_KEYWORD = "x-filled";

/**
 * Whether a value of this schema may be null; `root` is where its references point into. What was looked
 * at once is not looked at again: many may refer to one.
 */
export function allowsNull(given: JsonSchema, root = given, seen = new Set<JsonSchema>()): boolean {
  const schema = followReference(given, root);
  if (seen.has(schema)) return false;
  seen.add(schema);
  const { type, enum: values, const: value } = schema;
  const isNull = [type ?? values ?? value].flat().includes(type ? "null" : null);
  return isNull || membersOf(schema).some((member) => allowsNull(member, root, seen));
}
