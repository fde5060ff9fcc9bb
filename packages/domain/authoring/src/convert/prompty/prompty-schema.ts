/** Makes contracts of the inputs and outputs of a Prompty file, of its first edition or its second. */
import type { JsonSchema } from "@colophon/kernel";
import { type Fields, isFields } from "../../field-reader.ts";
import { CannotConvert } from "../cannot-convert.ts";

export interface PromptyProperty {
  readonly name: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
  /** Undefined where it has none. */
  readonly standard: unknown;
  readonly example: unknown;
  /** Names of what it says that has no counterpart. */
  readonly left: readonly string[];
}

const READ = new Set(
  "name kind type description default enumValues example sample required is_required items properties strict".split(
    " ",
  ),
);
/** Bounds that JSON Schema has by the same names. */
const BOUNDS = new Set(
  "enum format pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems".split(
    " ",
  ),
);

const MEDIA: readonly string[] = ["image", "file", "audio"];
const KINDS: Readonly<Record<string, string>> = {
  string: "string",
  integer: "integer",
  int: "integer",
  float: "number",
  number: "number",
  boolean: "boolean",
  bool: "boolean",
  array: "array",
  list: "array",
  object: "object",
};

/** @throws CannotConvert for a kind without a counterpart. */
export function readPromptyProperties(value: unknown): readonly PromptyProperty[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((one) => readProperty(isFields(one) ? one : {}, ""));
  if (!isFields(value))
    throw new CannotConvert("its inputs or outputs are neither fields nor a list of them.");
  return Object.entries(value).map(([name, one]) =>
    readProperty(isFields(one) ? one : { default: one }, name),
  );
}

function readProperty(fields: Fields, name: string): PromptyProperty {
  const { description, default: standard, enumValues, example, sample } = fields;
  const named = name === "" ? fields.name : name;
  if (typeof named !== "string" || named === "")
    throw new CannotConvert("one of its inputs or outputs has no name.");
  const kind = fields.kind ?? fields.type ?? (typeof standard === "object" ? "object" : "string");
  const left = Object.keys(fields).filter((one) => !READ.has(one) && !BOUNDS.has(one));
  if (MEDIA.includes(String(kind))) {
    return {
      name: named,
      kind: "media",
      isRequired: true,
      schema: { "x-media": true },
      standard: undefined,
      example: undefined,
      left,
    };
  }
  const type = Object.hasOwn(KINDS, String(kind)) ? KINDS[String(kind)] : undefined;
  if (type === undefined) {
    throw new CannotConvert(
      `${named} is of the kind ${String(kind)}, which has no counterpart; write it as a text, object or list.`,
    );
  }
  const schema: JsonSchema = {
    type,
    ...Object.fromEntries(Object.entries(fields).filter(([one]) => BOUNDS.has(one))),
    ...(typeof description === "string" && description !== "" && { description }),
    ...(Array.isArray(enumValues) && { enum: enumValues }),
    ...(type === "array" && isFields(fields.items) && { items: readProperty(fields.items, "item").schema }),
    ...(type === "object" &&
      fields.properties !== undefined &&
      objectOf(readPromptyProperties(fields.properties))),
  };
  return {
    name: named,
    kind: type,
    isRequired: fields.required === true || fields.is_required === true,
    schema,
    standard,
    example: example ?? sample,
    left,
  };
}

/** The arguments of a tool: a list or fields of properties, also within `properties`, or JSON Schema as it is. */
export function argumentsOf(value: unknown): unknown {
  if (isFields(value) && value.type === "object") return value;
  const given = isFields(value) && value.properties !== undefined ? value.properties : value;
  if (!Array.isArray(given) && !isFields(given)) return value;
  const properties = readPromptyProperties(given);
  const needed = properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const { required: _, ...schema } = objectOf(properties);
  return needed.length === 0 ? schema : { ...schema, required: needed.sort() };
}

/** All of them there, as an answer has them. */
export function objectOf(properties: readonly PromptyProperty[]): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, schema])),
    required: properties.map(({ name }) => name).sort(),
    additionalProperties: false,
  };
}
