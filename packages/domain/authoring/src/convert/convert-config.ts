/** Makes model, parameters, tools and the contract of the answer of what a tool keeps beside a prompt, and names what is neither. */
import type { JsonSchema, ToolChoice, ToolDefinition } from "@colophon/kernel";
import { type Fields, isFields } from "../field-reader.ts";
import { readToolDefinition } from "./read-tool.ts";

export interface ConvertedConfig {
  /** Null where the config names none. */
  readonly model: string | null;
  readonly parameters: Fields;
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice | null;
  readonly output: JsonSchema | null;
  /** Sentences on what was left out. */
  readonly left: readonly string[];
}

const MODEL_FIELDS = ["model", "modelName", "model_name"];
const OUTPUT_FIELDS = ["response_format", "responseFormat", "json_schema", "jsonSchema", "output_schema"];

/** What providers take beside a prompt; other fields of a config are the application's own. */
const PARAMETERS = new Set(
  `temperature top_p topP top_k topK min_p allowMultipleToolCalls max_tokens maxTokens max_output_tokens maxOutputTokens
  max_completion_tokens frequency_penalty frequencyPenalty presence_penalty presencePenalty repetition_penalty
  seed stop stop_sequences stopSequences n logprobs top_logprobs logit_bias reasoning reasoning_effort
  reasoningEffort thinking verbosity parallel_tool_calls service_tier store truncation modalities`.split(
    /\s+/,
  ),
);

export function convertConfig(config: Fields): ConvertedConfig {
  const left: string[] = [];
  const parameters: Record<string, unknown> = {};
  let model: string | null = null;
  let tools: readonly ToolDefinition[] = [];
  let toolChoice: ToolChoice | null = null;
  let output: JsonSchema | null = null;
  const leave = (name: string, why: string): void => {
    left.push(`config.${name} is left out: ${why}.`);
  };
  for (const [name, value] of Object.entries(config)) {
    if (value === null) continue;
    if (MODEL_FIELDS.includes(name)) {
      if (typeof value === "string" && value.trim() !== "") model ??= modelName(value, config.provider);
      else leave(name, "it is no name of a model");
    } else if (name === "provider" && typeof value === "string") {
    } else if (name === "tools" || name === "functions") {
      const read = readTools(value);
      if (read === null) leave(name, "it is no list of tools with name and parameters");
      else tools = read;
      left.push(...strictTools(value));
    } else if (name === "tool_choice" || name === "toolChoice") {
      toolChoice = readChoice(value);
      if (toolChoice === null) leave(name, "it is neither auto, none, required nor the name of a tool");
    } else if (OUTPUT_FIELDS.includes(name)) {
      const schema = readFormat(value);
      if (schema === undefined) leave(name, "it is no JSON Schema, json_object or text");
      else output = schema ?? output;
    } else if (PARAMETERS.has(name)) parameters[name] = value;
    else
      leave(name, "it is no parameter that a provider takes; keep it in the application, or among the tags");
  }
  return { model, parameters, tools, toolChoice, output, left };
}

function modelName(name: string, provider: unknown): string {
  return typeof provider === "string" && provider !== "" && !name.includes("/")
    ? `${provider}/${name}`
    : name;
}

function readTools(value: unknown): readonly ToolDefinition[] | null {
  if (!Array.isArray(value)) return null;
  const tools = value.map(readToolDefinition);
  return tools.every((tool) => tool !== null) ? tools : null;
}

/** How providers hold calls of a tool to its arguments is theirs to be told by the application. */
function strictTools(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).flatMap((tool) => {
    const inside = isFields(tool) && isFields(tool.function) ? tool.function : tool;
    return isFields(inside) && inside.strict === true
      ? [
          `strict of the tool ${String(inside.name)} is left out: a tool has a name, a description and arguments.`,
        ]
      : [];
  });
}

function readChoice(value: unknown): ToolChoice | null {
  if (value === "auto" || value === "none" || value === "required") return value;
  const inside = isFields(value) && isFields(value.function) ? value.function : value;
  return isFields(inside) && typeof inside.name === "string" ? { tool: inside.name } : null;
}

/** Null for plain text, undefined for what is no format. */
function readFormat(value: unknown): JsonSchema | null | undefined {
  if (!isFields(value)) return undefined;
  if (value.type === "text") return null;
  if (value.type === "json_object") return {};
  const inside = isFields(value.json_schema) ? value.json_schema : value;
  if (isFields(inside.schema)) return inside.schema;
  return inside.type === "json_schema" ? undefined : schemaOf(inside);
}

function schemaOf(value: Fields): JsonSchema | undefined {
  const words = ["type", "properties", "anyOf", "oneOf", "allOf", "enum", "$ref"];
  return words.some((word) => value[word] !== undefined) ? value : undefined;
}
