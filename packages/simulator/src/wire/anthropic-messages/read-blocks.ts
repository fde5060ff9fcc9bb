/** Reads the blocks of an Anthropic message into neutral messages, and into the segments its cache goes by. */

import type { MindMessage, ToolCall } from "../../mind/mind-request.ts";
import type { PromptSegment } from "../../serve/breakpoint-cache.ts";
import { absent, asArray, asObject, isObject, type JsonObject, textOr } from "../json-object.ts";
import { found, type Read, refuse } from "../wire-format.ts";

export interface ReadBlocks {
  readonly messages: readonly MindMessage[];
  readonly segments: readonly PromptSegment[];
}

const FIVE_MINUTES = 300_000;
const ONE_HOUR = 3_600_000;

/** How long the prompt up to this block is kept, where it marks a breakpoint. */
export function keepOf(block: JsonObject): Pick<PromptSegment, "keepMs"> {
  if (!isObject(block.cache_control)) return {};
  return { keepMs: block.cache_control.ttl === "1h" ? ONE_HOUR : FIVE_MINUTES };
}

interface BlockContent {
  readonly text?: string;
  readonly media?: number;
  readonly toolCall?: ToolCall;
  readonly result?: { readonly of: string; readonly text: string; readonly media: number };
}

/** The text and the number of media in a string or a list of blocks. */
function flatten(content: unknown): { readonly text: string; readonly media: number } {
  if (typeof content === "string") return { text: content, media: 0 };
  const contents = asArray(content).map((each) => readContent(asObject(each)) ?? {});
  return {
    text: contents.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n"),
    media: contents.reduce((sum, { media = 0 }) => sum + media, 0),
  };
}

function readDocument(block: JsonObject): BlockContent {
  const source = asObject(block.source);
  const title = textOr(block.title, "");
  const body = source.type === "text" ? { text: textOr(source.data, ""), media: 0 } : flatten(source.content);
  const readable = source.type === "text" || source.type === "content";
  if (!readable) return { text: title, media: 1 };
  return { text: title === "" ? body.text : `${title}\n${body.text}`, media: body.media };
}

/** What a block holds; undefined for one of an unknown type. */
function readContent(block: JsonObject): BlockContent | undefined {
  switch (block.type) {
    case "text":
      return typeof block.text === "string" ? { text: block.text } : undefined;
    case "image":
      return isObject(block.source) ? { media: 1 } : undefined;
    case "document":
      return readDocument(block);
    case "search_result":
      return { text: flatten(block.content).text };
    case "thinking":
    case "redacted_thinking":
      return {};
    case "tool_use": {
      const { id, name, input } = block;
      const toolCall = { id: textOr(id, ""), name: textOr(name, ""), arguments: JSON.stringify(input ?? {}) };
      return { toolCall };
    }
    case "tool_result":
      return { result: { of: textOr(block.tool_use_id, ""), ...flatten(block.content) } };
    default:
      return undefined;
  }
}

function segmentText({ text = "", toolCall, result }: BlockContent): string {
  if (toolCall !== undefined) return toolCall.name + toolCall.arguments;
  return result === undefined ? text : result.text;
}

type SpeakingRole = "user" | "assistant" | "system";

/** Results come first, each as a turn of its tool; what else the turn says follows. */
function messagesOf(role: SpeakingRole, contents: readonly BlockContent[]): readonly MindMessage[] {
  const results = contents.flatMap(({ result }): readonly MindMessage[] =>
    result === undefined
      ? []
      : [
          {
            role: "tool",
            text: result.text,
            resultOf: result.of,
            ...(result.media > 0 && { media: result.media }),
          },
        ],
  );
  const texts = contents.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const toolCalls = contents.flatMap(({ toolCall }) => (toolCall === undefined ? [] : [toolCall]));
  const media = contents.reduce((sum, content) => sum + (content.media ?? 0), 0);
  const spoken = texts.length > 0 || toolCalls.length > 0 || media > 0 || results.length === 0;
  const own: MindMessage = {
    role,
    text: texts.join("\n"),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(media > 0 && { media }),
  };
  return spoken ? [...results, own] : results;
}

/** Reads the content of one turn: a string, or blocks. */
export function readBlocks(role: SpeakingRole, content: unknown, param: string): Read<ReadBlocks> {
  if (typeof content === "string")
    return found({ messages: [{ role, text: content }], segments: [{ owner: role, text: content }] });
  if (absent(content) || !Array.isArray(content))
    return refuse(`${param}: Input should be a string or a list of blocks`, param);
  const contents: BlockContent[] = [];
  const segments: PromptSegment[] = [];
  for (const [index, each] of content.entries()) {
    const block = asObject(each);
    const read = readContent(block);
    if (read === undefined)
      return refuse(`${param}.${index}: Input tag '${String(block.type)}' cannot be read here`, param);
    contents.push(read);
    segments.push({ owner: role, text: segmentText(read), ...keepOf(block) });
  }
  return found({ messages: messagesOf(role, contents), segments });
}
