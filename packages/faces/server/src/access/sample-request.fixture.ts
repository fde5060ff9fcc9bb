/** Makes a request that fits a route out of what the OpenAPI document says of it. */

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedRoute>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> };
}

interface DescribedRoute {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: object;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: Shape }>>;
}

interface Parameter extends Partial<Content> {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema?: Shape;
}

export interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly prefixItems?: readonly Shape[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
}

export interface RouteSample {
  readonly name: string;
  readonly method: string;
  /** With its names still in it. */
  readonly template: string;
  readonly path: string;
  readonly body?: object;
}

/** Values for fields by their names, wherever they stand; a field with one is said even where it may be left out. */
export type Known = Readonly<Record<string, unknown>>;

/** One for each route but streams, which have no end. */
export function sampleRequests(document: OpenApiDocument, known: Known): readonly RouteSample[] {
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => !JSON.stringify(responses).includes("text/event-stream"))
      .map(([method, route]) => sampleOf(document, { template, method, route }, known)),
  );
}

function sampleOf(
  document: OpenApiDocument,
  place: { readonly template: string; readonly method: string; readonly route: DescribedRoute },
  known: Known,
): RouteSample {
  const { template, method, route } = place;
  const sampler = new Sampler(document, known);
  const query = new URLSearchParams();
  let path = template;
  for (const parameter of route.parameters ?? []) {
    const { name, required } = parameter;
    if (parameter.in === "query" && !required && !(name in known)) continue;
    const shape = parameter.schema ?? parameter.content?.["application/json"]?.schema ?? {};
    const value = sampler.field(name, shape);
    if (parameter.in === "path")
      path = path.replace(`{${name}}`, encodeURIComponent(String(value).toWellFormed()));
    else for (const one of [value].flat()) if (one !== null) query.append(name, textOf(one));
  }
  const shape = route.requestBody?.content["application/json"]?.schema;
  const text = query.toString();
  return {
    ...{ name: route.operationId, method: method.toUpperCase(), template },
    path: text === "" ? path : `${path}?${text}`,
    ...(shape === undefined ? {} : { body: sampler.value(shape) as object }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

class Sampler {
  readonly #document: OpenApiDocument;
  readonly #known: Known;

  constructor(document: OpenApiDocument, known: Known) {
    this.#document = document;
    this.#known = known;
  }

  /** What is known of a field counts where the field can hold it. */
  field(name: string, shape: Shape): unknown {
    const value = this.#known[name];
    return value !== undefined && this.#holds(shape, value) ? value : this.value(shape);
  }

  value(given: Shape): unknown {
    const shape = this.#resolved(given);
    if (shape.const !== undefined) return shape.const;
    if (shape.enum !== undefined) return shape.enum[0];
    const [first] = shape.anyOf ?? shape.oneOf ?? [];
    if (first !== undefined) return this.value(first);
    switch (typesOf(shape)[0]) {
      case "object":
        return this.#object(shape);
      case "array":
        return (
          shape.prefixItems ?? Array.from({ length: shape.minItems ?? 0 }, () => shape.items ?? {})
        ).map((item) => this.value(item));
      case "integer":
      case "number":
        return shape.minimum ?? (shape.exclusiveMinimum ?? 0) + 1;
      case "boolean":
        return false;
      case "null":
        return null;
      default:
        return "sample";
    }
  }

  #object(shape: Shape): object {
    const names = Object.keys(shape.properties ?? {}).filter(
      (name) => shape.required?.includes(name) || name in this.#known,
    );
    return Object.fromEntries(names.map((name) => [name, this.field(name, shape.properties?.[name] ?? {})]));
  }

  #holds(given: Shape, value: unknown): boolean {
    const shape = this.#resolved(given);
    const options = shape.anyOf ?? shape.oneOf;
    if (options !== undefined) return options.some((option) => this.#holds(option, value));
    if (shape.enum !== undefined) return shape.enum.includes(value);
    if (shape.const !== undefined) return shape.const === value;
    const types = typesOf(shape);
    const type = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
    return types.length === 0 || types.includes(type) || (type === "integer" && types.includes("number"));
  }

  #resolved(shape: Shape): Shape {
    if (shape.$ref === undefined) return shape;
    const name = shape.$ref.slice("#/components/schemas/".length);
    return this.#resolved(this.#document.components.schemas[name] ?? {});
  }
}

function typesOf({ type, properties }: Shape): readonly string[] {
  if (type === undefined) return properties === undefined ? [] : ["object"];
  return typeof type === "string" ? [type] : type;
}
