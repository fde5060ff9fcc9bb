/** Puts a model's parameters, which a version names as its provider does, into the words of the AI SDK. */
import type { ModelChoice } from "@colophon/kernel";
import { isRecord } from "../../answer.ts";

/** What JSON can say, as the AI SDK types it. */
export type AiJson = null | string | number | boolean | AiJson[] | AiJsonObject;
export interface AiJsonObject {
  [key: string]: AiJson | undefined;
}

/** Options that only one provider knows, by its name. */
export type AiProviderOptions = Record<string, AiJsonObject>;

/** Parameters that every provider has under some name. */
export interface AiSettings {
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  seed?: number;
  stopSequences?: string[];
  presencePenalty?: number;
  frequencyPenalty?: number;
  providerOptions?: AiProviderOptions;
}

const SETTINGS: Readonly<Record<string, keyof AiSettings>> = {
  maxOutputTokens: "maxOutputTokens",
  maxCompletionTokens: "maxOutputTokens",
  maxTokens: "maxOutputTokens",
  temperature: "temperature",
  topP: "topP",
  topK: "topK",
  seed: "seed",
  stop: "stopSequences",
  stopSequences: "stopSequences",
  presencePenalty: "presencePenalty",
  frequencyPenalty: "frequencyPenalty",
};

/** Groups whose members the AI SDK's OpenAI provider names by group and member: `reasoningEffort`. */
const GROUPS = new Set(["reasoning", "text"]);

/** Values whose keys are the application's own words. */
const FREE_KEYS = new Set(["metadata", "logitBias"]);

/** The settings of a model; what the AI SDK has no setting for goes to the provider as its option. */
export function aiSettings({ provider, parameters = {} }: ModelChoice): AiSettings {
  const settings: Record<string, unknown> = {};
  const options: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(parameters)) {
    const name = camelCase(given);
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === "stopSequences") settings[setting] = Array.isArray(value) ? [...value] : [value];
    else if (setting !== undefined) settings[setting] = value;
    else if (name === "verbosity") options.textVerbosity = value;
    else if (GROUPS.has(name) && isRecord(value)) {
      for (const [member, one] of Object.entries(value)) options[camelCase(`${name}_${member}`)] = one;
    } else options[name] = FREE_KEYS.has(name) ? structuredClone(value) : camelKeys(value);
  }
  if (Object.keys(options).length > 0) settings.providerOptions = { [provider]: options };
  return settings;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [camelCase(key), camelKeys(one)]));
}
