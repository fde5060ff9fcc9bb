/** Writes the arguments of the official `@anthropic-ai/sdk` client's `messages` methods. */
import { base64, type ContentPart, type Media, type Message, type ToolChoice } from "@colophon/kernel";
import { cachePoints } from "../cache-points.ts";
import { copySchema } from "../copy-schema.ts";
import { mediaKind, mediaRefused } from "../media-kind.ts";
import type { StreamedCall, StreamOptions } from "../streamed-call.ts";
import type { WirePrompt } from "../wire.ts";
import { closedSchema } from "./closed-schema.ts";

/** On the last block of a message after which the provider's cache may end. */
interface CacheMark {
  cache_control?: { type: "ephemeral" };
}

export type AnthropicText = { type: "text"; text: string } & CacheMark;
type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

export type AnthropicBlock =
  | AnthropicText
  | ({
      type: "image";
      source:
        | { type: "url"; url: string }
        | { type: "file"; file_id: string }
        | { type: "base64"; media_type: ImageType; data: string };
    } & CacheMark)
  | ({
      type: "document";
      title?: string;
      source:
        | { type: "url"; url: string }
        | { type: "file"; file_id: string }
        | { type: "base64"; media_type: "application/pdf"; data: string }
        | { type: "text"; media_type: "text/plain"; data: string };
    } & CacheMark);

export interface AnthropicMessage {
  role: "user" | "assistant";
  content: string | AnthropicBlock[];
}

export interface AnthropicTool {
  name: string;
  description?: string;
  input_schema: { type: "object"; [key: string]: unknown };
}

/** The arguments of `messages.create`; the version's parameters are in it as the provider names them. */
export interface AnthropicArguments {
  model: string;
  /** The version's parameter, else 4,096: the endpoint wants one, and every model answers that much. */
  max_tokens: number;
  /** All system messages: the endpoint has them apart from the conversation. */
  system?: AnthropicText[];
  messages: AnthropicMessage[];
  tools?: AnthropicTool[];
  tool_choice?: { type: "auto" | "any" | "none" } | { type: "tool"; name: string };
  output_config?: {
    effort?: "low" | "medium" | "high" | "xhigh" | "max" | null;
    format?: { type: "json_schema"; schema: { [key: string]: unknown } };
  };
  temperature?: number;
  top_p?: number;
  top_k?: number;
}

/** What the application asks for besides the prompt. */
export type AnthropicOptions = StreamOptions;

/** The arguments as the options make them: the client chooses its overload by `stream`. */
export type AnthropicCall<O extends AnthropicOptions> = StreamedCall<AnthropicArguments, { stream: true }, O>;

const MAX_TOKENS = 4096;

export function anthropicArguments(prompt: WirePrompt, options: AnthropicOptions = {}): AnthropicArguments {
  const { model, text } = prompt;
  const call: AnthropicArguments = {
    max_tokens: MAX_TOKENS,
    ...model.parameters,
    model: model.id,
    ...conversation(prompt),
  };
  if (text.tools !== undefined && text.tools.length > 0) {
    call.tools = text.tools.map(({ name, description, input }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: { ...copySchema(input), type: "object" },
    }));
  }
  if (text.toolChoice !== undefined) call.tool_choice = anthropicToolChoice(text.toolChoice);
  if (text.output !== undefined) {
    const format = { type: "json_schema", schema: closedSchema(text.output) } as const;
    call.output_config = { ...call.output_config, format };
  }
  if (options.stream === true) Object.assign(call, { stream: true });
  return call;
}

function conversation(prompt: WirePrompt): Pick<AnthropicArguments, "system" | "messages"> {
  const points = cachePoints(prompt);
  const system: AnthropicText[] = [];
  const messages: AnthropicMessage[] = [];
  for (const [index, message] of prompt.messages.entries()) {
    const { role } = message;
    const blocks = blocksOf(message);
    const isPlain = message.parts === undefined;
    const isMarked = points.has(index) && mark(blocks);
    if (role === "system") system.push(...(blocks as AnthropicText[]));
    // Turns of the same role may follow each other: the endpoint joins them.
    else messages.push({ role, content: isPlain && !isMarked ? message.content : blocks });
  }
  return system.length === 0 ? { messages } : { system, messages };
}

function blocksOf(message: Message): AnthropicBlock[] {
  const parts: readonly ContentPart[] = message.parts ?? [{ type: "text", text: message.content }];
  // The endpoint refuses blank texts, which the pieces between two media often are.
  const said = parts.filter((part) => part.type === "media" || part.text.trim() !== "");
  return said.map((part): AnthropicBlock => {
    if (part.type === "text") return { type: "text", text: part.text };
    if (message.role !== "user") throw mediaRefused(part.media, "messages");
    return mediumBlock(part.media);
  });
}

/** False for a message without a block that could take the mark. */
function mark(blocks: readonly AnthropicBlock[]): boolean {
  const last = blocks.at(-1);
  if (last === undefined) return false;
  last.cache_control = { type: "ephemeral" };
  return true;
}

function mediumBlock(media: Media): AnthropicBlock {
  const { source, mediaType, filename } = media;
  const kind = mediaKind(media);
  if (kind === "audio" || kind === "video") throw mediaRefused(media, "messages");
  if (kind === "image") {
    if ("url" in source) return { type: "image", source: { type: "url", url: source.url } };
    if ("fileId" in source) return { type: "image", source: { type: "file", file_id: source.fileId } };
    if (mediaType === null) throw mediaRefused(media, "messages");
    // Which formats there are is the endpoint's to say.
    const bytes = { media_type: mediaType as ImageType, data: base64(source.bytes) };
    return { type: "image", source: { type: "base64", ...bytes } };
  }
  const title = filename === null ? {} : { title: filename };
  if ("url" in source) return { type: "document", ...title, source: { type: "url", url: source.url } };
  if ("fileId" in source)
    return { type: "document", ...title, source: { type: "file", file_id: source.fileId } };
  if (mediaType === "application/pdf") {
    const data = base64(source.bytes);
    return { type: "document", ...title, source: { type: "base64", media_type: mediaType, data } };
  }
  if (!mediaType?.startsWith("text/")) throw mediaRefused(media, "messages");
  const data = new TextDecoder().decode(source.bytes);
  return { type: "document", ...title, source: { type: "text", media_type: "text/plain", data } };
}

function anthropicToolChoice(choice: ToolChoice): NonNullable<AnthropicArguments["tool_choice"]> {
  if (typeof choice !== "string") return { type: "tool", name: choice.tool };
  return { type: choice === "required" ? "any" : choice };
}
