/** Reads the schema of a prompt file: Picoschema or JSON Schema. */
import { type JsonSchema, nearestName } from "@colophon/kernel";
import {
  complain,
  type Field,
  type Fields,
  fieldOf,
  isFields,
  type Read,
  readSchema,
  report,
} from "../field-reader.ts";

const SCALARS = ["string", "number", "integer", "boolean", "null", "any"];
const JSON_TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "null", "object", "array"];
/** Says that a schema is JSON Schema, whatever it looks like. */
export const SCHEMA_MARK = "$schema";
export const WILDCARD = "(*)";

const KEYWORDS = new Set(
  `additionalItems additionalProperties allOf anyOf const contains contentEncoding contentMediaType contentSchema
  default definitions dependentRequired dependentSchemas deprecated description else enum examples exclusiveMaximum
  exclusiveMinimum format id if items maxContains maxItems maxLength maxProperties maximum minContains minItems
  minLength minProperties minimum multipleOf not nullable oneOf pattern patternProperties prefixItems properties
  propertyNames readOnly required then title type unevaluatedItems unevaluatedProperties uniqueItems writeOnly`.split(
    /\s+/,
  ),
);

/**
 * A JSON Schema has `type` with a JSON type, `properties`, a list such as `anyOf`, a `$ref`, or `$schema`;
 * everything else is Picoschema. What could be both is refused.
 */
export const readFileSchema: Read<JsonSchema> = (field) => {
  const { value } = field;
  if (typeof value === "string") return readScalar(field);
  if (!isFields(value)) return complain(field, "give Picoschema or a JSON Schema");
  if (value[SCHEMA_MARK] === undefined) {
    if (!looksLikeJsonSchema(value)) return readFields(field);
    const odd = oddKeyword(value);
    if (odd !== undefined) return reportAmbiguous(field, odd);
  }
  const { [SCHEMA_MARK]: mark, ...schema } = value;
  // The reference reader of Dotprompt takes properties alone for those of an object, too.
  const typed = mark === undefined && isFields(schema.properties) ? { type: "object", ...schema } : schema;
  return readSchema({ ...field, value: typed });
};

function looksLikeJsonSchema({ type, properties, anyOf, oneOf, allOf, enum: values, $ref }: Fields): boolean {
  return (
    isTypeOfJson(type) ||
    isFields(properties) ||
    [anyOf, oneOf, allOf, values].some(Array.isArray) ||
    (typeof $ref === "string" && $ref.startsWith("#"))
  );
}

function isTypeOfJson(type: unknown): boolean {
  return Array.isArray(type)
    ? type.length > 0 && type.every((one) => JSON_TYPES.includes(one))
    : JSON_TYPES.includes(type);
}

/** What makes a schema look like the fields of Picoschema nevertheless. */
function oddKeyword(schema: Fields): string | undefined {
  return Object.keys(schema).find((name) => {
    if (!KEYWORDS.has(name) && !/^(?:\$|x-)/.test(name)) return true;
    const value = schema[name];
    return (
      name !== "type" &&
      typeof value === "string" &&
      /^(?:string|number|integer|boolean|null|any)(?:,|$)/.test(value)
    );
  });
}

function reportAmbiguous(field: Field, odd: string): undefined {
  const cause = field.value as Fields;
  const like = isTypeOfJson(cause.type) ? "type" : "properties";
  return report(
    fieldOf(field, odd),
    `${field.path} may be JSON Schema, by its ${like}, or fields in Picoschema, by its ${odd.slice(0, 60)}: write it as JSON Schema with ${SCHEMA_MARK}, or name the field otherwise.`,
  );
}

/** A value of Picoschema: a type with a description, or fields. */
const readPico: Read<JsonSchema> = (field) => {
  if (typeof field.value === "string") return readScalar(field);
  return isFields(field.value)
    ? readFields(field)
    : complain(field, `give a type (${SCALARS.join(", ")}) or fields`);
};

/** The part before the first comma, and what is said after it. */
function splitDescription(text: string): readonly [string, string] {
  const comma = text.indexOf(",");
  return comma === -1 ? [text.trim(), ""] : [text.slice(0, comma).trim(), text.slice(comma + 1).trim()];
}

const readScalar: Read<JsonSchema> = (field) => {
  const [type, description] = splitDescription(field.value as string);
  if (SCALARS.includes(type)) {
    return { ...(type !== "any" && { type }), ...(description !== "" && { description }) };
  }
  const meant = type.length > 20 ? undefined : nearestName(type, SCALARS);
  const advice =
    type === "array" || type === "object"
      ? `write it as name(${type}), or the whole schema as JSON Schema`
      : `the types are ${SCALARS.join(", ")}, with a description after a comma; a schema that has a name elsewhere is written out here`;
  return complain(field, meant === undefined || type === meant ? advice : `did you mean ${meant}?`);
};

interface PicoKey {
  readonly name: string;
  readonly isOptional: boolean;
  /** What the brackets say, with its description. */
  readonly form: string | null;
  readonly description: string;
}

const readFields: Read<JsonSchema> = (field) => {
  const properties = new Map<string, JsonSchema>();
  const required: string[] = [];
  let rest: JsonSchema | false = false;
  for (const key of Object.keys(field.value as Fields)) {
    const inside = fieldOf(field, key);
    if (key === WILDCARD) {
      rest = readPico(inside) ?? {};
      continue;
    }
    const parsed = parseKey(key);
    if (parsed === undefined) {
      report(
        inside,
        `${inside.path} is no field of Picoschema: write name, name?, or name(array, description).`,
      );
      continue;
    }
    if (properties.has(parsed.name)) report(inside, `${field.path}.${parsed.name} is there twice: keep one.`);
    const schema = readProperty(inside, parsed);
    if (schema === undefined) continue;
    properties.set(parsed.name, schema);
    if (!parsed.isOptional) required.push(parsed.name);
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required: required.sort() }),
    additionalProperties: rest,
  };
};

function parseKey(key: string): PicoKey | undefined {
  const open = key.indexOf("(");
  if (open !== -1 && !key.endsWith(")")) return undefined;
  const head = (open === -1 ? key : key.slice(0, open)).trim();
  const name = head.endsWith("?") ? head.slice(0, -1) : head;
  if (name === "") return undefined;
  const [form, description] = open === -1 ? [null, ""] : splitDescription(key.slice(open + 1, -1));
  return { name, isOptional: head !== name, form, description };
}

function readProperty(field: Field, { form, isOptional, description }: PicoKey): JsonSchema | undefined {
  const schema = form === null ? readPico(field) : readForm(field, form);
  if (schema === undefined) return undefined;
  return { ...(isOptional ? orNull(schema) : schema), ...(description !== "" && { description }) };
}

function readForm(field: Field, form: string): JsonSchema | undefined {
  switch (form) {
    case "array": {
      const items = readPico(field);
      return items && { type: "array", items };
    }
    case "object":
      return isFields(field.value) ? readFields(field) : complain(field, "give the fields of the object");
    case "enum":
      return readEnum(field);
    default:
      return report(
        field,
        `${field.path} has ${form.slice(0, 60)} in its brackets: write array, object or enum.`,
      );
  }
}

const readEnum: Read<JsonSchema> = (field) => {
  const values = field.value;
  return Array.isArray(values) &&
    values.length > 0 &&
    values.every((one) => typeof one !== "object" || one === null)
    ? { enum: values }
    : complain(field, "give a list of values");
};

/** An optional field may be null as well, as in the reference reader of Dotprompt. */
function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (Array.isArray(values)) return { ...schema, enum: values.includes(null) ? values : [...values, null] };
  return typeof type === "string" && type !== "null" ? { ...schema, type: [type, "null"] } : schema;
}
