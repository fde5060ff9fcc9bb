/** Writes a JSON Schema as a TypeScript type. */
import { type JsonSchema, MEDIA_KEYWORD } from "@colophon/kernel";

export interface SchemaTypeOptions {
  /** Whether it is the contract of a pinned version's variables: defaults are filled in by nobody, and no others are taken. */
  readonly isOfVariables?: boolean;
}

/** Schemas that refer to one another can say more than anybody writes down: beyond this the rest is `unknown`. */
const MOST_SCHEMAS = 5_000;
const DEEPEST = 40;
const UNKNOWN = "unknown";
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const PRIMITIVES: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
};

/**
 * The values that the schema takes, as far as TypeScript can say it: formats, patterns, bounds, `not` and
 * conditions are left out, and what refers to itself is `unknown` from there on. Objects are written over several
 * lines, each two spaces further in.
 *
 * @example
 * schemaType({ type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] });
 * // "{\n  readonly ticket: string;\n}"
 */
export function schemaType(schema: unknown, options: SchemaTypeOptions = {}): string {
  return new TypeWriter(isFields(schema) ? schema : {}, options).write(schema, []);
}

type Fields = Readonly<Record<string, unknown>>;

class TypeWriter {
  readonly #root: Fields;
  readonly #options: SchemaTypeOptions;
  #written = 0;

  constructor(root: JsonSchema, options: SchemaTypeOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** `trail` has the references that led here. */
  write(schema: unknown, trail: readonly string[]): string {
    if (schema === false) return "never";
    if (!isFields(schema) || ++this.#written > MOST_SCHEMAS || trail.length > DEEPEST) return UNKNOWN;
    const { $ref } = schema;
    const members = [
      ...(typeof $ref === "string" ? [this.#reference($ref, trail)] : []),
      this.#own(schema, [...trail, ""]),
      ...this.#combined(schema, [...trail, ""]),
    ].filter((type) => type !== UNKNOWN);
    const type = intersection(members);
    return schema.nullable === true && type !== UNKNOWN ? union([type, "null"]) : type;
  }

  #reference(reference: string, trail: readonly string[]): string {
    if (!reference.startsWith("#") || trail.includes(reference)) return UNKNOWN;
    let target: unknown = this.#root;
    for (const step of reference.slice(1).split("/").filter(Boolean)) {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      target = isFields(target) && Object.hasOwn(target, name) ? target[name] : undefined;
    }
    return target === undefined ? UNKNOWN : this.write(target, [...trail, reference]);
  }

  #combined({ anyOf, oneOf, allOf }: Fields, trail: readonly string[]): readonly string[] {
    const alternatives = [anyOf, oneOf]
      .filter(isList)
      .map((list) => union(list.map((one) => this.write(one, trail))));
    return [...alternatives, ...(isList(allOf) ? allOf.map((one) => this.write(one, trail)) : [])];
  }

  /** What the schema says itself, apart from references and combinations. */
  #own(schema: Fields, trail: readonly string[]): string {
    if (schema[MEDIA_KEYWORD] === true) return 'import("colophon").MediaValue';
    if ("const" in schema) return literal(schema.const);
    if (isList(schema.enum)) return union(schema.enum.map(literal));
    const { type } = schema;
    if (isList(type)) return union(type.map((one) => this.#typed(one, { schema, trail })));
    if (type !== undefined) return this.#typed(type, { schema, trail });
    if (isFields(schema.properties)) return this.#typed("object", { schema, trail });
    if ("items" in schema || isList(schema.prefixItems)) return this.#typed("array", { schema, trail });
    return UNKNOWN;
  }

  #typed(
    type: unknown,
    { schema, trail }: { readonly schema: Fields; readonly trail: readonly string[] },
  ): string {
    if (type === "object") return this.#object(schema, trail);
    if (type === "array") return this.#array(schema, trail);
    return (typeof type === "string" && Object.hasOwn(PRIMITIVES, type) && PRIMITIVES[type]) || UNKNOWN;
  }

  #array({ items, prefixItems, minItems }: Fields, trail: readonly string[]): string {
    if (!isList(prefixItems)) return `readonly ${inArray(this.write(items, trail))}[]`;
    const least = typeof minItems === "number" ? minItems : 0;
    const members = prefixItems.map((item, index) => {
      const type = this.write(item, trail);
      return index < least ? type : `(${type})?`;
    });
    const rest = items === false ? [] : [`...${inArray(this.write(items, trail))}[]`];
    return `readonly [${[...members, ...rest].join(", ")}]`;
  }

  #object(schema: Fields, trail: readonly string[]): string {
    const { properties, required, additionalProperties: others } = schema;
    const named = isFields(properties) ? Object.entries(properties) : [];
    if (named.length === 0) {
      const isWithoutVariables = this.#options.isOfVariables === true && schema === this.#root;
      if (others === false || isWithoutVariables) return "Readonly<Record<string, never>>";
      return `Readonly<Record<string, ${this.write(others, trail)}>>`;
    }
    const needed = new Set<unknown>(isList(required) ? required : []);
    const lines = named.map(([name, property]) => {
      const isThere = needed.has(name) || (this.#options.isOfVariables === true && hasDefault(property));
      const type = this.write(property, trail);
      return `${commentOf(property)}readonly ${nameOf(name)}${isThere ? "" : "?"}: ${type};`;
    });
    // Whatever else is there has to be a type that the named ones are too.
    if (others === true || isFields(others)) lines.push("readonly [name: string]: unknown;");
    return `{\n${indented(lines.join("\n"))}\n}`;
  }
}

/** Filled in by the schema of a `definePrompt`, or by the function that binds it: neither is there for a pinned version. */
function hasDefault(property: unknown): boolean {
  return isFields(property) && "default" in property;
}

function union(types: readonly string[]): string {
  const members = [...new Set(types)].filter((type) => type !== "never");
  if (members.includes(UNKNOWN)) return UNKNOWN;
  return members.length === 0
    ? "never"
    : members.map((type) => (type.includes(" & ") ? `(${type})` : type)).join(" | ");
}

function intersection(types: readonly string[]): string {
  const [only = UNKNOWN] = types;
  if (types.length < 2) return only;
  return types.map((type) => (type.includes(" | ") ? `(${type})` : type)).join(" & ");
}

function inArray(type: string): string {
  return /^[\w.<>, ()"]+$/.test(type) && !type.includes(" ") ? type : `(${type})`;
}

/** A JSON value as the type of just this value. */
function literal(value: unknown): string {
  if (isList(value)) return `readonly [${value.map(literal).join(", ")}]`;
  if (!isFields(value)) return value === undefined ? UNKNOWN : quoted(value);
  const fields = Object.entries(value).map(([name, one]) => `readonly ${nameOf(name)}: ${literal(one)}`);
  return fields.length === 0 ? "Readonly<Record<string, never>>" : `{ ${fields.join("; ")} }`;
}

function nameOf(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

/** As JSON, whose line separators end a line in code. */
export function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function commentOf(property: unknown): string {
  if (!isFields(property) || typeof property.description !== "string") return "";
  const words = property.description.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
  return words === "" ? "" : `/** ${words.replaceAll("*/", "*\\/")} */\n`;
}

/** Each line two spaces further in. */
export function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
