/** Which model a text was written for, and which provider serves that name. */
import { invalidPrompt } from "./invalid-prompt.ts";
import { filled, saidFields } from "./said-fields.ts";
import { say } from "./say.ts";

export interface ModelChoice {
  readonly provider: string;
  readonly id: string;
  /** Parameters as the provider names them: temperature, max_output_tokens, … */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** How the names of a provider's models begin; any other name wants `provider/model`. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  openai: "(chat)?gpt-|o[1-9]|text-embedding-",
  anthropic: "claude-",
  google: "gem(ini|ma)-",
  mistral: "(mi|mini|code|magi)stral-",
  cohere: "command-",
  xai: "grok-",
  deepseek: "deepseek-",
};

/** The provider of a model name that says it by its beginning, else `custom`. */
function providerOf(id: string): string {
  const known = Object.entries(BEGINNINGS).find(([, names]) => new RegExp(`^(${names})`).test(id));
  return known ? known[0] : "custom";
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
  const given: Partial<ModelChoice> = typeof model === "string" ? { id: model } : (model ?? {});
  const { provider } = given;
  const written = typeof given.id === "string" ? given.id : "";
  const [, before, after] = /^(?:([^/]+)\/)?(.*)/s.exec(written) as unknown as readonly string[];
  const id = provider ? written : after;
  if (!id?.trim()) {
    throw invalidPrompt(say`model ${JSON.stringify(model)} names no model; give one such as "gpt-5-mini".`);
  }
  return saidFields({
    provider: provider || before || providerOf(id),
    id,
    // A parameter that is undefined is one that is not given: it may not make another hash.
    parameters: filled(saidFields({ ...given.parameters, ...parameters })),
  }) as ModelChoice;
}

/** True for a name that the provider may point elsewhere any day, such as `gpt-5-latest`. */
export function isFloatingModel(choice: ModelChoice): boolean {
  return /(^|[-:])latest$/.test(choice.id);
}
