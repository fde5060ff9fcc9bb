/** Reads answers and streams of the OpenAI responses format. */
import type { TokenUsage } from "@colophon/kernel";
import {
  type Answer,
  type AnswerReader,
  countOf,
  isRecord,
  listOf,
  NO_USAGE,
  recordOf,
  type StreamReader,
  textOf,
} from "../../answer.ts";

function usageOf(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return NO_USAGE;
  const input = recordOf(usage.input_tokens_details);
  return {
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    reasoning: countOf(recordOf(usage.output_tokens_details).reasoning_tokens),
    cacheRead: countOf(input.cached_tokens),
    cacheWrite: countOf(input.cache_write_tokens),
  };
}

/** A function's own name; tools of the provider's have none but their type, such as `web_search`. */
function toolName(item: unknown): string | null {
  const { type, name } = recordOf(item);
  if (typeof type !== "string" || !type.endsWith("_call")) return null;
  return textOf(name) ?? type.slice(0, -"_call".length);
}

function joined(parts: readonly unknown[], key: "text" | "refusal"): string | null {
  const texts = parts.map((part) => textOf(recordOf(part)[key])).filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join("");
}

function readAnswer(response: unknown): Answer {
  const { model, status, usage, output, error, incomplete_details } = recordOf(response);
  const items = listOf(output);
  const parts = items.flatMap((item) => listOf(isMessage(item) ? item.content : undefined));
  const refusal = joined(parts, "refusal");
  const reason = textOf(recordOf(incomplete_details).reason);
  // What runs in the background has been accepted, and has no answer yet.
  const isPending = status === "queued" || status === "in_progress";
  return {
    text: joined(parts, "text") ?? refusal,
    model: textOf(model),
    systemFingerprint: null,
    usage: usageOf(usage),
    finishReason: reason ?? textOf(status),
    toolCalls: isPending ? null : items.map(toolName).filter((name) => name !== null),
    refused: isPending ? null : refusal !== null || reason === "content_filter",
    failure: status === "failed" ? (textOf(recordOf(error).code) ?? "failed") : null,
  };
}

function isMessage(item: unknown): item is { readonly content: unknown } {
  return isRecord(item) && item.type === "message";
}

class ResponseStream implements StreamReader {
  /** As the last event tells it. */
  #response: unknown;
  #isWhole = false;
  #text: string | null = null;
  #refusal: string | null = null;
  #failure: string | null = null;
  readonly #tools: string[] = [];

  take(event: unknown): boolean {
    const { type, delta, response, item, code, error } = recordOf(event);
    switch (type) {
      case "response.output_text.delta":
        this.#text = (this.#text ?? "") + (textOf(delta) ?? "");
        return Boolean(delta);
      case "response.refusal.delta":
        this.#refusal = (this.#refusal ?? "") + (textOf(delta) ?? "");
        return Boolean(delta);
      case "response.output_item.added": {
        const name = toolName(item);
        if (name !== null) this.#tools.push(name);
        return false;
      }
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        this.#isWhole = true;
        this.#response = response;
        return false;
      case "error":
        this.#failure = textOf(code) ?? textOf(recordOf(error).code) ?? "error";
        this.#isWhole = true;
        return false;
      default:
        if (isRecord(response)) this.#response = response;
        // Arguments, reasoning, code, sound: whatever comes piece by piece.
        return typeof type === "string" && type.endsWith(".delta") && Boolean(delta);
    }
  }

  answer(): Answer {
    const read = readAnswer(this.#response);
    const { text, toolCalls, refused, failure, finishReason } = read;
    const tools = toolCalls !== null && toolCalls.length > 0 ? toolCalls : this.#tools;
    return {
      ...read,
      text: text ?? this.#text ?? this.#refusal,
      toolCalls: tools,
      refused: refused === true || this.#refusal !== null,
      finishReason: this.#isWhole ? finishReason : null,
      failure: this.#failure ?? failure ?? null,
    };
  }

  isWhole(): boolean {
    return this.#isWhole;
  }
}

/** The reader for `responses.create`, streaming or not. */
export const openaiResponseReader: AnswerReader = {
  matches: (answer) => isRecord(answer) && answer.object === "response",
  matchesChunk: (chunk) =>
    isRecord(chunk) && typeof chunk.type === "string" && /^response\./.test(chunk.type),
  read: readAnswer,
  stream: () => new ResponseStream(),
};
