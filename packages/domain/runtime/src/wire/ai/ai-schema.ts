/** A JSON Schema in the form in which the AI SDK takes schemas. */
import type { JsonSchema } from "@colophon/kernel";
import { copySchema } from "../copy-schema.ts";

/** By its types a Standard Schema, so that every version of the AI SDK takes it without being imported here. */
export interface AiSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "colophon";
    readonly validate: (value: unknown) => { readonly value: unknown };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

/** How the AI SDK knows the schemas that it uses as they are. */
const AS_IT_IS = Symbol.for("vercel.ai.schema");

/**
 * The schema as the AI SDK's own `jsonSchema()` makes it, sent to the model word for word. It lets
 * every value pass: whether an answer kept its contract is in the row.
 */
export function aiSchema(schema: JsonSchema): AiSchema {
  // Copies, since the AI SDK writes into the Standard Schemas that it converts.
  const copy = (): Record<string, unknown> => copySchema(schema);
  const made = {
    [AS_IT_IS]: true,
    _type: undefined,
    validate: undefined,
    get jsonSchema() {
      return copy();
    },
    "~standard": {
      version: 1,
      vendor: "colophon",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: copy, output: copy },
    },
  } as const;
  return made;
}
