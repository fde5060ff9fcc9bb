/** Copies a schema for a client, which may write into what it is given. */
import type { JsonSchema } from "@colophon/kernel";

export function copySchema(schema: JsonSchema): { [key: string]: unknown } {
  return structuredClone(schema) as { [key: string]: unknown };
}
