/** Which model a text was written for, and which provider serves that name. */
import { HarnessError } from "./errors.ts";
import { say } from "./say.ts";

export interface ModelChoice {
  readonly provider: string;
  readonly id: string;
  /** Parameters as the provider names them: temperature, max_output_tokens, … */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Name prefixes by which a model names its provider; anything else wants `provider/model`. */
const PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|o[1-9]|chatgpt-|text-embedding-)/, "openai"],
  [/^claude-/, "anthropic"],
  [/^(gemini-|gemma-)/, "google"],
  [/^(mistral-|ministral-|codestral-|magistral-)/, "mistral"],
  [/^(command-)/, "cohere"],
  [/^grok-/, "xai"],
  [/^deepseek-/, "deepseek"],
];

/** The provider of a model name that says it by its prefix, else `custom`. */
function providerOf(id: string): string {
  return PREFIXES.find(([pattern]) => pattern.test(id))?.[1] ?? "custom";
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
  const given = typeof model === "string" ? { id: model } : model;
  if (typeof given?.id !== "string" || given.id.trim() === "") throw namesNone(model);
  const slash = given.id.indexOf("/");
  const named = "provider" in given && given.provider ? given.provider : undefined;
  const id = named === undefined && slash > 0 ? given.id.slice(slash + 1) : given.id;
  if (id.trim() === "") throw namesNone(model);
  const provider = named ?? (slash > 0 ? given.id.slice(0, slash) : providerOf(id));
  const merged = { ...("parameters" in given ? given.parameters : undefined), ...parameters };
  // A parameter that is undefined is one that is not given: it may not make another hash.
  const said = Object.entries(merged).filter(([, value]) => value !== undefined);
  return said.length === 0 ? { provider, id } : { provider, id, parameters: Object.fromEntries(said) };
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
