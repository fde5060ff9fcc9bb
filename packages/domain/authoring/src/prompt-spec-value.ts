/** The plain object of a prompt, which `readPromptSpec` reads back as the same prompt. */
import type { PromptSpec } from "./read-prompt-spec.ts";

/** As a JSON or YAML file would say it; hashes of pinned partials are left to registration. */
export function promptSpecValue({ key, text, metadata }: PromptSpec): Readonly<Record<string, unknown>> {
  const { partials: _, ...rest } = text;
  return { key, ...rest, ...metadata };
}
