/** Writes the arguments of the official `openai` client's `responses` methods. */
import type { Media, Message } from "@colophon/kernel";
import { isRecord } from "../../answer.ts";
import { cachePoints } from "../cache-points.ts";
import { copySchema } from "../copy-schema.ts";
import { dataUrl, mediaKind, mediaRefused } from "../media-kind.ts";
import type { StreamedCall, StreamOptions } from "../streamed-call.ts";
import type { WirePrompt } from "../wire.ts";
import { type CacheMark, cacheMark } from "./cache-mark.ts";
import { isStrict } from "./strict-schema.ts";

export interface OpenAiResponseTool {
  type: "function";
  name: string;
  description?: string;
  parameters: { [key: string]: unknown };
  strict: boolean;
}

/** A piece of a message that holds media. */
export type OpenAiResponsePart =
  | ({ type: "input_text"; text: string } & CacheMark)
  | ({ type: "input_image"; detail: "auto"; image_url?: string; file_id?: string } & CacheMark)
  | ({
      type: "input_file";
      file_id?: string;
      file_url?: string;
      file_data?: string;
      filename?: string;
    } & CacheMark);

export interface OpenAiResponseMessage {
  role: "system" | "user" | "assistant";
  content: string | OpenAiResponsePart[];
}

/** The arguments of `responses.create`; the version's parameters are in it as the endpoint names them. */
export interface OpenAiResponseArguments {
  model: string;
  /** The system messages that the prompt begins with. */
  instructions?: string;
  input: OpenAiResponseMessage[];
  tools?: OpenAiResponseTool[];
  tool_choice?: "auto" | "none" | "required" | { type: "function"; name: string };
  text?: {
    format?: { type: "json_schema"; name: string; schema: { [key: string]: unknown }; strict: boolean };
    verbosity?: "low" | "medium" | "high" | null;
  };
  temperature?: number;
  top_p?: number;
  max_output_tokens?: number;
}

/** What the application asks for besides the prompt. */
export type OpenAiResponseOptions = StreamOptions;

/** The arguments as the options make them: the client chooses its overload by `stream`. */
export type OpenAiResponseCall<O extends OpenAiResponseOptions> = StreamedCall<
  OpenAiResponseArguments,
  { stream: true },
  O
>;

export function openaiResponseArguments(
  prompt: WirePrompt,
  options: OpenAiResponseOptions = {},
): OpenAiResponseArguments {
  const { model, text } = prompt;
  const call: OpenAiResponseArguments = {
    ...responseParameters(model.parameters),
    model: model.id,
    ...conversation(prompt),
  };
  if (text.tools !== undefined && text.tools.length > 0) {
    call.tools = text.tools.map(({ name, description, input }) => ({
      type: "function",
      name,
      ...(description === undefined ? {} : { description }),
      parameters: copySchema(input),
      strict: isStrict(input),
    }));
  }
  const { toolChoice: choice, output } = text;
  if (choice !== undefined) {
    call.tool_choice = typeof choice === "string" ? choice : { type: "function", name: choice.tool };
  }
  if (output !== undefined) {
    const format = { name: "answer", schema: copySchema(output), strict: isStrict(output) };
    call.text = { ...call.text, format: { type: "json_schema", ...format } };
  }
  if (options.stream === true) Object.assign(call, { stream: true });
  return call;
}

/** Parameters that chat completions has under another name; all others keep theirs. */
function responseParameters(
  parameters: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const {
    max_tokens,
    max_completion_tokens = max_tokens,
    reasoning_effort,
    verbosity,
    ...others
  } = parameters;
  const { reasoning, text } = others;
  return {
    ...(max_completion_tokens !== undefined && { max_output_tokens: max_completion_tokens }),
    ...others,
    ...(reasoning_effort !== undefined && {
      reasoning: { effort: reasoning_effort, ...(isRecord(reasoning) && reasoning) },
    }),
    ...(verbosity !== undefined && { text: { verbosity, ...(isRecord(text) && text) } }),
  };
}

/** System messages that come first are instructions, unless nothing follows them or one of them is more than a text. */
function conversation(prompt: WirePrompt): Pick<OpenAiResponseArguments, "instructions" | "input"> {
  const { messages, model } = prompt;
  const points = cachePoints(prompt);
  const input = messages.map((message, index) =>
    responseMessage(message, cacheMark(model, points.has(index))),
  );
  const leading = input.findIndex(({ role, content }) => role !== "system" || typeof content !== "string");
  if (leading < 1 || input[leading]?.role === "system") return { input };
  const instructions = messages.slice(0, leading).map(({ content }) => content);
  return { instructions: instructions.join("\n\n"), input: input.slice(leading) };
}

function responseMessage({ role, content, parts }: Message, mark: CacheMark): OpenAiResponseMessage {
  // What an assistant said can only be given back as a text, which takes no mark.
  if (role === "assistant" || (parts === undefined && mark.prompt_cache_breakpoint === undefined)) {
    const medium = role === "assistant" ? parts?.find((part) => part.type === "media") : undefined;
    if (medium?.type === "media") throw mediaRefused(medium.media, "responses");
    return { role, content };
  }
  const written = (parts ?? [{ type: "text", text: content }]).map(
    (part): OpenAiResponsePart =>
      part.type === "text" ? { type: "input_text", text: part.text } : responseMedium(part.media),
  );
  const last = written.at(-1);
  if (last !== undefined) Object.assign(last, mark);
  return { role, content: written };
}

function responseMedium(media: Media): OpenAiResponsePart {
  const { source, mediaType } = media;
  const kind = mediaKind(media);
  if (kind === "image") {
    const image = { type: "input_image", detail: "auto" } as const;
    if ("url" in source) return { ...image, image_url: source.url };
    if ("fileId" in source) return { ...image, file_id: source.fileId };
    if (mediaType === null) throw mediaRefused(media, "responses");
    return { ...image, image_url: dataUrl(source.bytes, mediaType) };
  }
  if ("url" in source) return { type: "input_file", file_url: source.url };
  if ("fileId" in source) return { type: "input_file", file_id: source.fileId };
  if (kind !== "document" || mediaType === null) throw mediaRefused(media, "responses");
  const filename = media.filename ?? media.name;
  return { type: "input_file", filename, file_data: dataUrl(source.bytes, mediaType) };
}
