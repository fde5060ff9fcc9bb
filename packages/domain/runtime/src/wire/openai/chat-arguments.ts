/** Writes the arguments of the official `openai` client's `chat.completions` methods. */
import { base64, type Media, type Message, type ToolChoice } from "@colophon/kernel";
import { cachePoints } from "../cache-points.ts";
import { copySchema } from "../copy-schema.ts";
import { dataUrl, mediaKind, mediaRefused } from "../media-kind.ts";
import type { StreamedCall, StreamOptions } from "../streamed-call.ts";
import type { WirePrompt } from "../wire.ts";
import { type CacheMark, cacheMark } from "./cache-mark.ts";
import { isStrict } from "./strict-schema.ts";

export interface OpenAiTool {
  type: "function";
  function: { name: string; description?: string; parameters: { [key: string]: unknown }; strict: boolean };
}

type TextPart = { type: "text"; text: string } & CacheMark;

/** A piece of a user's message that holds media. */
export type OpenAiChatPart =
  | TextPart
  | ({ type: "image_url"; image_url: { url: string } } & CacheMark)
  | ({ type: "input_audio"; input_audio: { data: string; format: "wav" | "mp3" } } & CacheMark)
  | ({ type: "file"; file: { file_id?: string; file_data?: string; filename?: string } } & CacheMark);

export type OpenAiChatMessage =
  | { role: "system" | "assistant"; content: string | TextPart[] }
  | { role: "user"; content: string | OpenAiChatPart[] };

/** The arguments of `chat.completions.create`; the version's parameters are in it as the provider names them. */
export interface OpenAiChatArguments {
  model: string;
  messages: OpenAiChatMessage[];
  tools?: OpenAiTool[];
  tool_choice?: "auto" | "none" | "required" | { type: "function"; function: { name: string } };
  response_format?: {
    type: "json_schema";
    json_schema: { name: string; schema: { [key: string]: unknown }; strict: boolean };
  };
  temperature?: number;
  top_p?: number;
  max_completion_tokens?: number;
  seed?: number;
}

/** What the application asks for besides the prompt. */
export type OpenAiChatOptions = StreamOptions;

/** The arguments as the options make them: the client chooses its overload by `stream`. */
export type OpenAiChatCall<O extends OpenAiChatOptions> = StreamedCall<
  OpenAiChatArguments,
  { stream: true; stream_options: { include_usage: true } },
  O
>;

export function openaiChatArguments(
  prompt: WirePrompt,
  options: OpenAiChatOptions = {},
): OpenAiChatArguments {
  const { model, text } = prompt;
  const call: OpenAiChatArguments = {
    ...chatParameters(model.parameters),
    model: model.id,
    messages: chatMessages(prompt),
  };
  if (text.tools !== undefined && text.tools.length > 0) {
    call.tools = text.tools.map(({ name, description, input }) => ({
      type: "function",
      function: {
        name,
        ...(description === undefined ? {} : { description }),
        parameters: copySchema(input),
        strict: isStrict(input),
      },
    }));
  }
  if (text.toolChoice !== undefined) call.tool_choice = chatToolChoice(text.toolChoice);
  if (text.output !== undefined) {
    call.response_format = {
      type: "json_schema",
      // Strict mode accepts only a part of JSON Schema; the contract is checked on our side anyway.
      json_schema: { name: "answer", schema: copySchema(text.output), strict: isStrict(text.output) },
    };
  }
  if (options.stream === true) Object.assign(call, { stream: true, stream_options: { include_usage: true } });
  return call;
}

/** The one name that the two endpoints differ in and that texts for both are written with. */
function chatParameters(
  parameters: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (parameters?.max_output_tokens === undefined) return parameters;
  const { max_output_tokens, ...others } = parameters;
  return { max_completion_tokens: max_output_tokens, ...others };
}

function chatMessages(prompt: WirePrompt): OpenAiChatMessage[] {
  const points = cachePoints(prompt);
  return prompt.messages.map((message, index) => {
    const { role, content } = message;
    const mark = cacheMark(prompt.model, points.has(index));
    const parts = chatParts(message, mark);
    return parts === undefined ? { role, content } : ({ role, content: parts } as OpenAiChatMessage);
  });
}

/** Undefined for a message that is a text and no more. */
function chatParts({ role, content, parts }: Message, mark: CacheMark): OpenAiChatPart[] | undefined {
  if (parts === undefined && mark.prompt_cache_breakpoint === undefined) return undefined;
  const written = (parts ?? [{ type: "text", text: content }]).map((part): OpenAiChatPart => {
    if (part.type === "text") return { type: "text", text: part.text };
    if (role !== "user") throw mediaRefused(part.media, "chat.completions");
    return chatMedium(part.media);
  });
  const last = written.at(-1);
  if (last !== undefined) Object.assign(last, mark);
  return written;
}

function chatMedium(media: Media): OpenAiChatPart {
  const { source, mediaType } = media;
  const filename = media.filename === null ? {} : { filename: media.filename };
  if ("fileId" in source) return { type: "file", file: { file_id: source.fileId, ...filename } };
  const kind = mediaKind(media);
  if ("url" in source) {
    if (kind !== "image") throw mediaRefused(media, "chat.completions");
    return { type: "image_url", image_url: { url: source.url } };
  }
  const { bytes } = source;
  if (mediaType === null) throw mediaRefused(media, "chat.completions");
  if (kind === "image") return { type: "image_url", image_url: { url: dataUrl(bytes, mediaType) } };
  if (kind === "document") {
    // The endpoint wants a name for a file that it is sent.
    return {
      type: "file",
      file: { filename: media.name, ...filename, file_data: dataUrl(bytes, mediaType) },
    };
  }
  const format = audioFormat(mediaType);
  if (format === undefined) throw mediaRefused(media, "chat.completions");
  return { type: "input_audio", input_audio: { data: base64(bytes), format } };
}

function audioFormat(mediaType: string): "wav" | "mp3" | undefined {
  if (/^audio\/(x-|vnd\.)?wave?$/.test(mediaType)) return "wav";
  return /^audio\/(mpeg|mp3)$/.test(mediaType) ? "mp3" : undefined;
}

function chatToolChoice(choice: ToolChoice): NonNullable<OpenAiChatArguments["tool_choice"]> {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } };
}
