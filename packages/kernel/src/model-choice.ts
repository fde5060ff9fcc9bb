/** Which model a text was written for, and which provider serves that name. */
import { HarnessError } from "./errors.ts";
import { filled, saidFields } from "./said-fields.ts";
import { say } from "./say.ts";

export interface ModelChoice {
  readonly provider: string;
  readonly id: string;
  /** Parameters as the provider names them: temperature, max_output_tokens, … */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Name prefixes by which a model names its provider; anything else wants `provider/model`. */
const PREFIXES: Readonly<Record<string, RegExp>> = {
  openai: /^(?:gpt-|o[1-9]|chatgpt-|text-embedding-)/,
  anthropic: /^claude-/,
  google: /^gem(?:ini|ma)-/,
  mistral: /^(?:mi|mini|code|magi)stral-/,
  cohere: /^command-/,
  xai: /^grok-/,
  deepseek: /^deepseek-/,
};

/** The provider of a model name that says it by its prefix, else `custom`. */
function providerOf(id: string): string {
  return Object.keys(PREFIXES).find((provider) => PREFIXES[provider]?.test(id)) ?? "custom";
}

/**
 * Reads `gpt-5-mini`, `provider/model` or `{ id, provider?, parameters? }`.
 *
 * @throws HarnessError `prompt-invalid` when no model is named.
 */
export function modelChoice(
  model:
    | string
    | { readonly id: string; readonly provider?: string; readonly parameters?: ModelChoice["parameters"] },
  parameters?: ModelChoice["parameters"],
): ModelChoice {
  const given: Partial<ModelChoice> = typeof model === "string" ? { id: model } : model;
  const written = given?.id;
  if (typeof written !== "string") throw namesNone(model);
  const slash = given.provider ? 0 : Math.max(0, written.indexOf("/"));
  const id = slash > 0 ? written.slice(slash + 1) : written;
  if (id.trim() === "") throw namesNone(model);
  return saidFields({
    provider: given.provider || written.slice(0, slash) || providerOf(id),
    id,
    // A parameter that is undefined is one that is not given: it may not make another hash.
    parameters: filled(saidFields({ ...given.parameters, ...parameters })),
  }) as ModelChoice;
}

function namesNone(model: unknown): HarnessError {
  return new HarnessError(
    "prompt-invalid",
    say`model ${JSON.stringify(model)} names no model; give one such as "gpt-5-mini".`,
  );
}

/** True for a name that the provider may point elsewhere any day, such as `gpt-5-latest`. */
export function isFloatingModel(choice: ModelChoice): boolean {
  return /(^|[-:])latest$/.test(choice.id);
}
