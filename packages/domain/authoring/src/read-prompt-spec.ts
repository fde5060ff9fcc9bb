/** Reads a prompt from the parsed JSON or YAML of a file. */
import {
  type Body,
  buildText,
  type CacheBreakpoint,
  type ChatPart,
  canonicalJson,
  HarnessError,
  type ModelChoice,
  type ModelInput,
  modelChoice,
  RISKS,
  ROLES,
  type ToolChoice,
  type ToolDefinition,
  type VersionText,
} from "@colophon/kernel";
import {
  complain,
  type Field,
  fieldOf,
  isFields,
  nullable,
  optional,
  type Read,
  readList,
  readNamed,
  readObject,
  readObjectSchema,
  readSchema,
  readText,
  readWord,
  refuseUnknown,
  report,
} from "./field-reader.ts";
import { promptKeyProblem } from "./prompt-key.ts";
import type { PromptMetadata } from "./prompt-metadata.ts";

export interface PromptSpec {
  readonly key: string;
  readonly text: VersionText;
  readonly metadata: PromptMetadata;
}

const FIELDS = [
  "key",
  "body",
  "messages",
  "model",
  "parameters",
  "input",
  "output",
  "tools",
  "toolChoice",
  "untrusted",
  "cache",
  "locales",
  "defaultLocale",
  "purpose",
  "owner",
  "risk",
  "tags",
  "evalSet",
  "backup",
  "routes",
];

/**
 * The prompt that a file says. `source` names the file in the error.
 *
 * @throws HarnessError `prompt-invalid`, with one sentence for every field that is wrong.
 */
export function readPromptSpec(value: unknown, source: string): PromptSpec {
  const problems: string[] = [];
  const file: Field = { value, path: "", problems };
  if (!isFields(value)) {
    throw new HarnessError(
      "prompt-invalid",
      `${source} holds no prompt: write an object with key, body, model and input.`,
    );
  }
  refuseUnknown(file, FIELDS);
  const key = readKey(fieldOf(file, "key"));
  const text = readVersionText(file);
  const metadata = readMetadata(file);
  if (problems.length === 0) refuseWhatJsonLacks(value, problems);
  if (problems.length > 0 || key === undefined || text === undefined) throw specError(source, problems);
  return { key, text: buildText(text), metadata };
}

function specError(source: string, problems: readonly string[]): HarnessError {
  const listed =
    problems.length === 1 ? ` ${problems[0]}` : problems.map((problem) => `\n- ${problem}`).join("");
  return new HarnessError("prompt-invalid", `${source} is no valid prompt:${listed}`, {
    details: { problems },
  });
}

/** YAML has values that JSON, and so the hash, cannot hold. */
function refuseWhatJsonLacks(value: unknown, problems: string[]): void {
  try {
    canonicalJson(value);
  } catch (error) {
    problems.push((error as Error).message);
  }
}

const readKey: Read<string> = (field) => {
  const problem = promptKeyProblem(field.value);
  if (problem === undefined) return field.value as string;
  return report(
    field,
    field.value === undefined ? "key is missing: name the prompt, such as support.triage." : problem,
  );
};

function readVersionText(file: Field): Parameters<typeof buildText>[0] | undefined {
  const model = readRequiredModel(fieldOf(file, "model"));
  const parameters = optional(fieldOf(file, "parameters"), readObject);
  const content = readContent(file);
  const rest = {
    input: optional(fieldOf(file, "input"), readObjectSchema),
    output: optional(fieldOf(file, "output"), readSchema),
    tools: optional(fieldOf(file, "tools"), readList(readTool)),
    toolChoice: optional(fieldOf(file, "toolChoice"), readToolChoice),
    untrusted: optional(fieldOf(file, "untrusted"), readList(readText)),
    cache: optional(fieldOf(file, "cache"), readList(readBreakpoint)),
    locales: optional(fieldOf(file, "locales"), readNamed(readBody)),
    defaultLocale: optional(fieldOf(file, "defaultLocale"), readText),
  };
  return model === undefined || content === undefined
    ? undefined
    : { ...content, ...rest, model, parameters };
}

function readContent(file: Field): { readonly body: Body } | undefined {
  const body = fieldOf(file, "body");
  const messages = fieldOf(file, "messages");
  if (body.value !== undefined && messages.value !== undefined) {
    return report(messages, "body and messages are both there: keep one of the two.");
  }
  if (body.value === undefined && messages.value === undefined) {
    return report(body, "body is missing: give the text of the prompt, or messages.");
  }
  const content = body.value === undefined ? readMessages(messages) : readBody(body);
  return content === undefined ? undefined : { body: content };
}

export const readBody: Read<Body> = (field) => {
  if (Array.isArray(field.value)) return readMessages(field);
  return typeof field.value === "string" && field.value.trim() !== ""
    ? field.value
    : complain(field, "give a text, or a list of messages");
};

const readMessages: Read<readonly ChatPart[]> = (field) =>
  Array.isArray(field.value) && field.value.length === 0
    ? complain(field, "give at least one message")
    : readList(readMessage)(field);

const readMessage: Read<ChatPart> = (field) => {
  if (field.value === "history") return "history";
  if (!isFields(field.value)) return complain(field, 'give an object with role and content, or "history"');
  refuseUnknown(field, ["role", "content"]);
  const role = readWord(ROLES)(fieldOf(field, "role"));
  const content = fieldOf(field, "content");
  if (typeof content.value !== "string") return complain(content, "give a text");
  return role === undefined ? undefined : { role, content: content.value };
};

export const readRequiredModel: Read<ModelInput> = (field) =>
  field.value === undefined
    ? report(field, 'model is missing: name one such as "gpt-5-mini".')
    : readModelInput(field);

const readModelInput: Read<ModelInput> = (field) => {
  const advice = 'name a model such as "gpt-5-mini", or give an object with id and provider';
  const model = isFields(field.value) ? readModelFields(field) : field.value;
  if (isFields(field.value) && model === undefined) return undefined;
  return namesModel(model) ? model : complain(field, advice);
};

/** `openai/` is a text, and names none. */
function namesModel(model: unknown): model is ModelInput {
  if (typeof model !== "string" && !isFields(model)) return false;
  try {
    modelChoice(model as ModelInput);
    return true;
  } catch {
    return false;
  }
}

const readModelFields: Read<ModelInput> = (field) => {
  refuseUnknown(field, ["id", "provider", "parameters"]);
  const id = readText(fieldOf(field, "id"));
  const provider = optional(fieldOf(field, "provider"), readText);
  const parameters = optional(fieldOf(field, "parameters"), readObject);
  return id === undefined ? undefined : { id, provider, parameters };
};

export const readModel: Read<ModelChoice> = (field) => {
  const model = readModelInput(field);
  return model === undefined ? undefined : modelChoice(model);
};

const readTool: Read<ToolDefinition> = (field) => {
  if (!isFields(field.value)) return complain(field, "give an object with name, description and input");
  refuseUnknown(field, ["name", "description", "input"]);
  const name = readText(fieldOf(field, "name"));
  const description = optional(fieldOf(field, "description"), readText);
  const input = optional(fieldOf(field, "input"), readObjectSchema) ?? { type: "object", properties: {} };
  return name === undefined ? undefined : { name, description, input };
};

export const readToolChoice: Read<ToolChoice> = (field) => {
  if (!isFields(field.value)) return readWord(["auto", "none", "required"] as const)(field);
  refuseUnknown(field, ["tool"]);
  const tool = readText(fieldOf(field, "tool"));
  return tool === undefined ? undefined : { tool };
};

export const readBreakpoint: Read<CacheBreakpoint> = (field) => {
  const point = field.value;
  if (point === "system") return point;
  if (typeof point === "number" && Number.isInteger(point) && point >= 0) return point;
  return complain(field, 'give the index of a message, counted from 0, or "system"');
};

function readMetadata(file: Field): PromptMetadata {
  const given = {
    purpose: nullable(fieldOf(file, "purpose"), readText),
    owner: nullable(fieldOf(file, "owner"), readText),
    risk: optional(fieldOf(file, "risk"), readWord(RISKS)),
    tags: optional(fieldOf(file, "tags"), readList(readText)),
    evalSet: nullable(fieldOf(file, "evalSet"), readText),
    backup: optional(fieldOf(file, "backup"), readList(readModel)),
    routes: optional(fieldOf(file, "routes"), readNamed(readModel)),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
