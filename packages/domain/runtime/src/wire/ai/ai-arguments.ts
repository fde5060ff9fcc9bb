/** Writes the arguments of the AI SDK's `generateText`, `streamText`, `generateObject`, `streamObject` and agents. */
import type { JsonSchema, ToolChoice, ToolDefinition } from "@colophon/kernel";
import { cachePoints } from "../cache-points.ts";
import { isStrict } from "../openai/strict-schema.ts";
import type { WirePrompt } from "../wire.ts";
import { type AiFilePart, type AiWords, aiWords } from "./ai-messages.ts";
import { type AiProvider, aiModelOf, isCallableModel } from "./ai-model.ts";
import { type AiSchema, aiSchema } from "./ai-schema.ts";
import { type AiSettings, aiSettings } from "./ai-settings.ts";
import { seenModel } from "./seen-model.ts";

export interface AiTool {
  description?: string;
  inputSchema: AiSchema;
  /** Only where `execute` of the options has a function of this name. */
  execute?: (input: unknown, options: unknown) => unknown;
}

/** The arguments of `generateText`; the same are those of `streamText`, `generateObject` and `streamObject`. */
export interface AiArguments<Model> extends AiWords, AiSettings {
  model: Model;
  tools?: Record<string, AiTool>;
  // `never` fits the tool names of every set of tools that the application may put in.
  toolChoice?: "auto" | "none" | "required" | { type: "tool"; toolName: never };
  /** The `signal` given to `record`, and the time limit of the attempt. */
  abortSignal?: AbortSignal;
  /** The output contract, for `generateObject` and `Output.object(p.ai(…))`; any JSON where the version has none. */
  schema: AiSchema;
}

/** What the application gives besides the prompt. */
export interface AiOptions {
  /** What the version's tools do, by their names. */
  readonly execute?: Readonly<Record<string, (input: never, options: never) => unknown>>;
}

/** The options as the method passes them on. */
export interface AiWriterOptions extends AiOptions {
  readonly provider?: AiProvider | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws HarnessError `variable-type` for a medium that the AI SDK cannot take. */
export function aiArguments(prompt: WirePrompt, options: AiWriterOptions = {}): AiArguments<unknown> {
  const { messages, model: choice, text } = prompt;
  const { provider, execute, signal } = options;
  const model = provider === undefined ? `${choice.provider}/${choice.id}` : aiModelOf(provider, choice);
  const written: AiArguments<unknown> = {
    ...aiSettings(choice),
    ...aiWords({ messages, cached: cachePoints(prompt), fileData: fileDataOf(model, choice.provider) }),
    model: seen(model, prompt),
    schema: aiSchema(text.output ?? {}),
  };
  if (signal !== undefined) written.abortSignal = signal;
  if (text.output !== undefined) relaxSchema(written, { provider: choice.provider, schema: text.output });
  if (text.tools !== undefined && text.tools.length > 0) {
    written.tools = Object.fromEntries(text.tools.map((tool) => [tool.name, aiTool(tool, execute)]));
  }
  if (text.toolChoice !== undefined) written.toolChoice = aiToolChoice(text.toolChoice);
  return written;
}

/** The model as the application passed it, seen through where its calls are to leave rows. */
function seen(model: unknown, { recording, text }: WirePrompt): unknown {
  if (recording === null || !isCallableModel(model)) {
    // The AI SDK may run tools, which cannot be seen.
    recording?.mustRunOnce();
    return model;
  }
  const its = seenModel(model, { recording, output: text.output });
  recording.expectSteps(its);
  return its;
}

/** Models of specification v4 take a file by a reference, older ones by its bare id. */
function fileDataOf(model: unknown, provider: string): (fileId: string) => AiFilePart["data"] {
  if ((model as { readonly specificationVersion?: unknown }).specificationVersion !== "v4") return (id) => id;
  return (id) => ({ type: "reference", reference: { [provider]: id } }) as never;
}

/** The AI SDK asks OpenAI for strict schemas, and OpenAI refuses those that strict mode does not know. */
function relaxSchema(
  written: AiSettings,
  { provider, schema }: { readonly provider: string; readonly schema: JsonSchema },
): void {
  if (provider !== "openai" || isStrict(schema)) return;
  const { openai, ...others } = written.providerOptions ?? {};
  written.providerOptions = { ...others, openai: { strictJsonSchema: false, ...openai } };
}

function aiTool({ name, description, input }: ToolDefinition, execute: AiOptions["execute"]): AiTool {
  const doing = execute !== undefined && Object.hasOwn(execute, name) ? execute[name] : undefined;
  return {
    ...(description === undefined ? {} : { description }),
    inputSchema: aiSchema(input),
    ...(doing === undefined ? {} : { execute: doing as NonNullable<AiTool["execute"]> }),
  };
}

function aiToolChoice(choice: ToolChoice): NonNullable<AiArguments<unknown>["toolChoice"]> {
  return typeof choice === "string" ? choice : { type: "tool", toolName: choice.tool as never };
}
