/** Reads answers and streams of the Anthropic messages format. */
import type { TokenUsage } from "@colophon/kernel";
import {
  type Answer,
  type AnswerReader,
  type AnyRecord,
  countOf,
  isRecord,
  listOf,
  recordOf,
  type StreamReader,
  textOf,
} from "../../answer.ts";

/** Cached tokens are counted beside the input here, and inside it in a row. */
function usageOf(usage: AnyRecord): TokenUsage {
  const cacheRead = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  const input = countOf(usage.input_tokens);
  return {
    input: input === null ? null : input + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output: countOf(usage.output_tokens),
    reasoning: countOf(recordOf(usage.output_tokens_details).thinking_tokens),
    cacheRead,
    cacheWrite,
  };
}

/** Tools of the application's, of the provider's, and of a connected server alike. */
function toolName(block: AnyRecord): string | null {
  const { type, name } = block;
  return typeof type === "string" && type.endsWith("tool_use") ? textOf(name) : null;
}

class MessageStream implements StreamReader {
  #model: string | null = null;
  #text: string | null = null;
  #stopReason: string | null = null;
  #refusal: string | null = null;
  /** Counts as they were said last: those of a later event are totals too. */
  readonly #usage: Record<string, unknown> = {};
  readonly #tools: string[] = [];

  take(event: unknown): boolean {
    const { type, message, delta, usage, content_block: block } = recordOf(event);
    switch (type) {
      case "content_block_delta":
        return this.#takeDelta(recordOf(delta));
      case "message_start":
        this.takeMessage(recordOf(message));
        return false;
      case "content_block_start":
        this.#takeBlock(recordOf(block));
        return false;
      case "message_delta":
        this.#takeStop(recordOf(delta));
        this.#takeUsage(usage);
        // A refusal may be all that there is.
        return this.#stopReason === "refusal";
      default:
        return false;
    }
  }

  /** A whole message, or the one that a stream begins with. */
  takeMessage(message: AnyRecord): void {
    this.#model = textOf(message.model);
    for (const block of listOf(message.content)) this.#takeBlock(recordOf(block));
    this.#takeStop(message);
    this.#takeUsage(message.usage);
  }

  #takeStop({ stop_reason, stop_details }: AnyRecord): void {
    this.#stopReason = textOf(stop_reason) ?? this.#stopReason;
    this.#refusal = textOf(recordOf(stop_details).explanation);
  }

  #takeBlock(block: AnyRecord): void {
    if (block.type === "text") this.#text = (this.#text ?? "") + (textOf(block.text) ?? "");
    const name = toolName(block);
    if (name !== null) this.#tools.push(name);
  }

  #takeDelta({ type, text, thinking }: AnyRecord): boolean {
    if (type === "text_delta") this.#text = (this.#text ?? "") + (textOf(text) ?? "");
    // A tool without arguments gets its empty ones in a piece of their own too.
    return Boolean(text || thinking) || type === "input_json_delta";
  }

  #takeUsage(usage: unknown): void {
    for (const [kind, count] of Object.entries(recordOf(usage))) {
      if (count !== null && count !== undefined) this.#usage[kind] = count;
    }
  }

  answer(): Answer {
    return {
      text: this.#text ?? this.#refusal,
      model: this.#model,
      systemFingerprint: null,
      usage: usageOf(this.#usage),
      finishReason: this.#stopReason,
      toolCalls: this.#tools,
      refused: this.#stopReason === "refusal",
    };
  }

  isWhole(): boolean {
    return this.#stopReason !== null;
  }
}

function readAnswer(message: unknown): Answer {
  const stream = new MessageStream();
  stream.takeMessage(recordOf(message));
  return stream.answer();
}

/** The reader for `messages.create`, streaming or not, beta or not. */
export const anthropicReader: AnswerReader = {
  matches: (answer) => isRecord(answer) && answer.type === "message" && answer.role === "assistant",
  matchesChunk: (chunk) => isRecord(chunk) && chunk.type === "message_start",
  read: readAnswer,
  stream: () => new MessageStream(),
};
