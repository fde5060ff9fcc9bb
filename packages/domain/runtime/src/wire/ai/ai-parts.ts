/** Adds up the parts of an AI SDK stream: those of a model, and those of a whole result. */
import type { TokenUsage } from "@colophon/kernel";
import {
  type Answer,
  type AnyRecord,
  hostOf,
  isRecord,
  NO_USAGE,
  recordOf,
  type StreamReader,
  textOf,
} from "../../answer.ts";
import { addUsage, aiUsage } from "./ai-usage.ts";

/** v2 models and results say `stop`, v3 and v4 models `{ unified: "stop", raw }`. */
export function aiFinishReason(reason: unknown): string | null {
  return textOf(isRecord(reason) ? reason.unified : reason);
}

/** The providers put refusals of every kind under one finish reason. */
export function aiRefused(finishReason: string | null): boolean | null {
  return finishReason === null ? null : finishReason === "content-filter";
}

/** What was seen of a stream so far. */
export class AiParts implements StreamReader {
  #text: string | null = null;
  #model: string | null = null;
  #host: string | null = null;
  #finishReason: string | null = null;
  #usage: TokenUsage = NO_USAGE;
  #error: { readonly error: unknown } | null = null;
  #isWhole = false;
  readonly #tools: string[] = [];

  /** The error that the stream carried; null for none. */
  get error(): { readonly error: unknown } | null {
    return this.#error;
  }

  /** True once the stream has said how it finished. */
  isWhole(): boolean {
    return this.#isWhole;
  }

  /** The first part of the answer is what the AI SDK itself takes for output. */
  take(chunk: unknown): boolean {
    // Results keep each part in an envelope, beside what their output is so far.
    const part = recordOf(isRecord(chunk) && isRecord(chunk.part) ? chunk.part : chunk);
    switch (part.type) {
      case "text-delta":
        return this.#addText(textOf(part.delta ?? part.text ?? part.textDelta));
      case "reasoning-delta":
      case "tool-input-delta":
        return Boolean(part.delta ?? part.text);
      case "file":
      case "reasoning-file":
        return true;
      case "tool-call":
        if (typeof part.toolName === "string") this.#tools.push(part.toolName);
        return true;
      case "start-step":
        // The answer of a tool loop is what its last step says.
        this.#text = null;
        this.#host = hostOf(recordOf(part.request).url) ?? this.#host;
        return false;
      case "error":
        this.#error ??= { error: part.error };
        return false;
      default:
        this.#takeFacts(part);
        return false;
    }
  }

  answer(): Answer {
    return {
      text: this.#text,
      model: this.#model,
      host: this.#host,
      systemFingerprint: null,
      usage: this.#usage,
      finishReason: this.#finishReason,
      toolCalls: this.#tools,
      refused: aiRefused(this.#finishReason),
    };
  }

  #addText(text: string | null): boolean {
    if (!text) return false;
    this.#text = (this.#text ?? "") + text;
    return true;
  }

  #takeFacts(part: AnyRecord): void {
    if (part.type === "response-metadata") this.#model = textOf(part.modelId) ?? this.#model;
    if (part.type !== "finish-step" && part.type !== "finish") return;
    this.#finishReason = aiFinishReason(part.finishReason) ?? this.#finishReason;
    this.#model = textOf(recordOf(part.response).modelId) ?? this.#model;
    if (part.type === "finish") this.#isWhole = true;
    if (part.type === "finish-step") this.#usage = addUsage(this.#usage, aiUsage(part.usage));
    // The whole of a text has the sum of its steps besides, under another name.
    else if (part.usage !== undefined) this.#usage = aiUsage(part.usage);
  }
}
