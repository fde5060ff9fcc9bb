/** Writes the declarations by which the compiler knows the variables and the answers of prompts, by key and version. */
import { canonicalJson, type JsonSchema } from "@colophon/kernel";
import { indented, quoted, schemaType } from "./schema-type.ts";

/** What one version takes and gives. */
export interface TypedVersion {
  readonly version: number;
  readonly input: JsonSchema;
  /** Null for a text without a contract of its answer. */
  readonly output: JsonSchema | null;
}

export interface TypedPrompt {
  readonly key: string;
  readonly versions: readonly TypedVersion[];
}

/**
 * A module for TypeScript, the same for the same prompts in any order.
 *
 * @param command that writes it again, for its head.
 */
export function promptTypes(prompts: readonly TypedPrompt[], command: string): string {
  const entries = [...prompts]
    .filter(({ versions }) => versions.length > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((prompt) => promptEntry(prompt));
  const body =
    entries.length === 0
      ? "interface PromptTypes {}"
      : `interface PromptTypes {\n${indented(entries.join("\n"))}\n}`;
  return `/** What prompts take and give, by key and version. Written by \`${command.replaceAll("*/", "*\\/")}\`: do not edit. */
export {};

declare module "colophon" {
${indented(body)}
}
`;
}

function promptEntry({ key, versions }: TypedPrompt): string {
  const known = new Map<string, number>();
  const lines = [...versions]
    .sort((a, b) => a.version - b.version)
    .map(({ version, input, output }) => {
      const contracts = canonicalJson([input, output]);
      const same = known.get(contracts);
      if (same !== undefined) return `v${version}: PromptTypes[${quoted(key)}]["v${same}"];`;
      known.set(contracts, version);
      const variables = schemaType(input, { isOfVariables: true });
      // An answer without a contract is text.
      const answer = output === null ? "string" : schemaType(output);
      return `v${version}: {\n${indented(`variables: ${variables};\noutput: ${answer};`)}\n};`;
    });
  return `${quoted(key)}: {\n${indented(lines.join("\n"))}\n};`;
}
