/** Schemas of operations as the reference writes them: JSON Schema, with the nouns of the design as components. */
import { z } from "zod";

export type JsonShape = Readonly<Record<string, unknown>>;

const COMPONENTS = "#/components/schemas/";
const DEFINITIONS = "#/$defs/";

/**
 * Collects components while schemas are written. Zod itself writes them, since it alone knows all its kinds:
 * the generator of zod-to-openapi asks for fields that may be left out exactly.
 */
export class JsonShapes {
  readonly #components = new Map<string, { readonly text: string; readonly shape: JsonShape }>();

  get components(): Readonly<Record<string, JsonShape>> {
    return Object.fromEntries(
      [...this.#components].map(([name, { shape }]) => [name, shape] as const).toSorted(),
    );
  }

  /** @param name what the schema is called where it must have a name, because it holds itself. */
  shapeOf(
    schema: z.ZodType,
    { io, name }: { readonly io: "input" | "output"; readonly name: string },
  ): JsonShape {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      override: ({ jsonSchema }) => {
        // A later server may say more than this one.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    });
    const definitions = Object.entries($defs as Readonly<Record<string, JsonShape>>);
    const names = new Map(definitions.map(([id, shape]) => [id, this.#nameOf(id, { shape, io, name })]));
    const place = (reference: string): string => {
      const id = reference === "#" ? name : reference.slice(DEFINITIONS.length);
      return `${COMPONENTS}${names.get(id) ?? id}`;
    };
    for (const [id, shape] of definitions) this.#add(names.get(id) ?? id, { shape, place });
    if (!JSON.stringify(root).includes('"$ref":"#"')) return moved(root, place) as JsonShape;
    this.#add(name, { shape: root, place });
    return { $ref: `${COMPONENTS}${name}` };
  }

  /** What goes in may be written otherwise than what comes out, where fields have defaults. */
  #nameOf(
    id: string,
    { shape, io, name }: { readonly shape: JsonShape; readonly io: string; readonly name: string },
  ): string {
    if (id.startsWith("__")) return `${name}Part${id.replaceAll(/\D/g, "")}`;
    const known = this.#components.get(id);
    if (known === undefined || known.text === JSON.stringify(shape)) return id;
    return `${id}${io === "input" ? "Input" : "Output"}`;
  }

  #add(
    name: string,
    { shape, place }: { readonly shape: JsonShape; readonly place: (reference: string) => string },
  ): void {
    if (this.#components.has(name)) return;
    this.#components.set(name, { text: JSON.stringify(shape), shape: moved(shape, place) as JsonShape });
  }
}

/** The same JSON with its references led elsewhere. */
function moved(value: unknown, place: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => moved(each, place));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      name === "$ref" && typeof each === "string" ? [name, place(each)] : [name, moved(each, place)],
    ),
  );
}
