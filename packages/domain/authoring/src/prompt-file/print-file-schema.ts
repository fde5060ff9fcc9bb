/** Writes a schema for a prompt file: as Picoschema where that says exactly the same, else as JSON Schema. */
import { canonicalJson, type JsonSchema } from "@colophon/kernel";
import { isFields } from "../field-reader.ts";
import { readFileSchema, SCHEMA_MARK, WILDCARD } from "./read-file-schema.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The value that `readFileSchema` reads back as the same schema. */
export function printFileSchema(schema: JsonSchema): unknown {
  const forms = [picoOf(schema), schema];
  return forms.find((form) => isReadAs(form, schema)) ?? { [SCHEMA_MARK]: DIALECT, ...schema };
}

/** Whether reading a form comes to the schema; this alone decides, so that writing one may guess. */
function isReadAs(form: unknown, schema: JsonSchema): boolean {
  if (form === undefined) return false;
  const problems: string[] = [];
  const read = readFileSchema({ value: form, path: "schema", problems });
  return problems.length === 0 && read !== undefined && canonicalJson(read) === canonicalJson(schema);
}

/** Undefined for what Picoschema cannot say; what it can is looked at by reading it again. */
function picoOf(schema: unknown): unknown {
  if (!isFields(schema)) return undefined;
  const { type, description, properties } = schema;
  if (isFields(properties)) return fieldsOf(schema);
  if (typeof description === "string" && !isPlain(description)) return undefined;
  const said = description === undefined ? "" : `, ${description}`;
  return typeof type === "object" ? undefined : `${type ?? "any"}${said}`;
}

function fieldsOf({ properties, required, additionalProperties }: JsonSchema): unknown {
  const fields: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties as JsonSchema)) {
    const isOptional = !(Array.isArray(required) && required.includes(name));
    const field = fieldOf(`${name}${isOptional ? "?" : ""}`, isOptional ? withoutNull(property) : property);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  if (additionalProperties !== false) {
    const rest = picoOf(additionalProperties);
    if (rest === undefined) return undefined;
    fields.push([WILDCARD, rest]);
  }
  return Object.fromEntries(fields);
}

function fieldOf(head: string, property: unknown): [string, unknown] | undefined {
  if (!isFields(property)) return undefined;
  const { type, items, enum: values, properties, description } = property;
  if (typeof description === "string" && !isPlain(description)) return undefined;
  const form =
    type === "array" ? "array" : values !== undefined ? "enum" : isFields(properties) ? "object" : null;
  const value = form === "array" ? picoOf(items) : form === "enum" ? values : picoOf(property);
  if (value === undefined) return undefined;
  if (form === null || (form === "object" && description === undefined)) return [head, value];
  // Readers of Dotprompt cut a description in brackets off at its own first bracket.
  if (typeof description === "string" && description.includes("(")) return undefined;
  return [`${head}(${form}${description === undefined ? "" : `, ${description}`})`, value];
}

/** What stands on one line, and begins and ends with no blank. */
function isPlain(description: string): boolean {
  return description !== "" && description.trim() === description && !/[\r\n]/.test(description);
}

function withoutNull(property: unknown): unknown {
  if (!isFields(property)) return property;
  const { type, enum: values } = property;
  if (Array.isArray(values) && values.at(-1) === null) return { ...property, enum: values.slice(0, -1) };
  return Array.isArray(type) && type.length === 2 && type[1] === "null"
    ? { ...property, type: type[0] }
    : property;
}
