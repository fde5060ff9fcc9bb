/** Gives parameters the names that a provider has for them, where a tool has one name for all. */
import type { Fields } from "../field-reader.ts";

const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  openai: {
    maxOutputTokens: "max_output_tokens",
    topP: "top_p",
    frequencyPenalty: "frequency_penalty",
    presencePenalty: "presence_penalty",
    stopSequences: "stop",
    allowMultipleToolCalls: "parallel_tool_calls",
  },
  anthropic: { maxOutputTokens: "max_tokens", topP: "top_p", topK: "top_k", stopSequences: "stop_sequences" },
};

export interface NamedParameters {
  readonly parameters: Fields;
  /** `topP is top_p`, for each that has another name now. */
  readonly renamed: readonly string[];
}

export function providerParameters(provider: string, given: Fields): NamedParameters {
  const names = Object.hasOwn(NAMES, provider) ? (NAMES[provider] ?? {}) : {};
  const renamed: string[] = [];
  const parameters = Object.entries(given).map(([name, value]) => {
    const own = Object.hasOwn(names, name) ? names[name] : undefined;
    if (own === undefined) return [name, value] as const;
    renamed.push(`${name} is ${own}`);
    return [own, value] as const;
  });
  return { parameters: Object.fromEntries(parameters), renamed };
}
