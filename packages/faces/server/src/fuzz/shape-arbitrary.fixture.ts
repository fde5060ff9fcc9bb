/** Values that a JSON Schema lets in, with known ones where a field's name has some. */
import fc from "fast-check";
import { hostileText, hostileValue } from "./hostile-json.fixture.ts";

/** As zod writes it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
}

/** Values of fields by their names, that lead further than any made-up one. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>;

const DEEPEST = 4;
const MOST_ITEMS = 3;

export class ShapeArbitraries {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  readonly #root: JsonSchema;
  readonly #known: KnownValues;

  constructor(root: JsonSchema, known: KnownValues) {
    this.#root = root;
    this.#definitions = root.$defs ?? {};
    this.#known = known;
  }

  get root(): fc.Arbitrary<unknown> {
    return this.#value(this.#root, 0);
  }

  #field(name: string, schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    const made = this.#value(schema, depth);
    const isList = this.#resolved(schema).type === "array";
    const told = (Object.hasOwn(this.#known, name) ? (this.#known[name] ?? []) : []).map((one) =>
      isList && !Array.isArray(one) ? [one] : one,
    );
    const fitting = told.filter((one) => this.#takes(schema, one));
    if (fitting.length === 0) return made;
    return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: made });
  }

  #value(given: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    const schema = this.#resolved(given);
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return fc.oneof(...options.map((option) => this.#value(option, depth)));
    if (schema.allOf !== undefined) return this.#all(schema.allOf, depth);
    const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
    if (types.length === 0) return hostileValue;
    return fc.oneof(...types.map((type) => this.#typed(type, schema, depth)));
  }

  #all(parts: readonly JsonSchema[], depth: number): fc.Arbitrary<unknown> {
    return fc
      .tuple(...parts.map((part) => this.#value(part, depth)))
      .map((values) => Object.assign({}, ...values) as unknown);
  }

  #typed(type: string, schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    switch (type) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, depth);
      case "integer":
        return fc.oneof(fc.integer(bounds(schema, 10)), fc.integer(bounds(schema, 2 ** 31 - 1)));
      case "number":
        return fc.oneof(fc.integer(bounds(schema, 10)), fc.double({ ...bounds(schema, 1e12), noNaN: true }));
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      default:
        return text(schema);
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number) {
    const isDeep = depth >= DEEPEST;
    const fields = Object.entries(properties).filter(([name]) => !isDeep || required.includes(name));
    const record = fc.record(
      Object.fromEntries(fields.map(([name, schema]) => [name, this.#field(name, schema, depth + 1)])),
      {
        // Without a project most of what lies beside projects is refused at once.
        requiredKeys: fields.flatMap(([name]) =>
          required.includes(name) || name === "project" ? [name] : [],
        ),
      },
    );
    if (typeof additionalProperties !== "object" || isDeep) return record;
    const more = fc.dictionary(hostileText, this.#value(additionalProperties, depth + 1), { maxKeys: 2 });
    return fc.tuple(record, more).map(([known, other]) => ({ ...known, ...other }));
  }

  #array({ items = {}, prefixItems, minItems = 0, maxItems = MOST_ITEMS }: JsonSchema, depth: number) {
    if (prefixItems !== undefined)
      return fc.tuple(...prefixItems.map((item) => this.#value(item, depth + 1)));
    const most = depth >= DEEPEST ? 0 : Math.min(MOST_ITEMS, maxItems);
    return fc.array(this.#value(items, depth + 1), {
      minLength: minItems,
      maxLength: Math.max(minItems, most),
    });
  }

  /** Whether a value is of the kind, its fields aside. */
  #takes(given: JsonSchema, value: unknown): boolean {
    const schema = this.#resolved(given);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return options.some((option) => this.#takes(option, value));
    if (schema.enum !== undefined) return schema.enum.includes(value);
    if (schema.const !== undefined) return schema.const === value;
    const types = [schema.type ?? []].flat();
    if (types.length === 0) return true;
    if (Array.isArray(value)) {
      return types.includes("array") && value.every((one) => this.#takes(schema.items ?? {}, one));
    }
    if (value === null) return types.includes("null");
    const isNumber = typeof value === "number" && types.includes("number");
    return isNumber || types.includes(Number.isInteger(value) ? "integer" : typeof value);
  }

  #resolved(schema: JsonSchema): JsonSchema {
    if (schema.$ref === undefined) return schema;
    if (schema.$ref === "#") return this.#root;
    return this.#resolved(this.#definitions[schema.$ref.slice("#/$defs/".length)] ?? {});
  }
}

function bounds(schema: JsonSchema, widest: number): { readonly min: number; readonly max: number } {
  const min = Math.max(-widest, schema.minimum ?? (schema.exclusiveMinimum ?? -widest - 1) + 1);
  return { min, max: Math.max(min, Math.min(widest, schema.maximum ?? schema.exclusiveMaximum ?? widest)) };
}

function text({ pattern, minLength = 0, maxLength = 100 }: JsonSchema): fc.Arbitrary<string> {
  const fits = (one: string): string => one.slice(0, maxLength).padEnd(minLength, "a");
  const sound = pattern === undefined ? fc.string({ unit: "grapheme" }).map(fits) : matching(pattern);
  return fc.oneof(sound, hostileText.map(fits));
}

function matching(pattern: string): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(pattern));
}
