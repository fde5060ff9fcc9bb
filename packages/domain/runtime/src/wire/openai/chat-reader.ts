/** Reads answers and streams of the OpenAI chat completions format. */
import type { TokenUsage } from "@colophon/kernel";
import {
  type Answer,
  type AnswerReader,
  type AnyRecord,
  countOf,
  isRecord,
  listOf,
  NO_USAGE,
  recordOf,
  type StreamReader,
  textOf,
} from "../../answer.ts";

function usageOf(usage: AnyRecord): TokenUsage {
  const prompt = recordOf(usage.prompt_tokens_details);
  const completion = recordOf(usage.completion_tokens_details);
  return {
    input: countOf(usage.prompt_tokens),
    output: countOf(usage.completion_tokens),
    reasoning: countOf(completion.reasoning_tokens),
    cacheRead: countOf(prompt.cached_tokens),
    cacheWrite: countOf(prompt.cache_write_tokens),
  };
}

/** By its name, else by its choices: Azure begins a stream with what its filter found, under no name. */
function isChat(value: unknown, name: string): boolean {
  return isRecord(value) && (value.object === name || (!value.object && Array.isArray(value.choices)));
}

/** The first choice, or its share of a chunk: with n > 1 the choices come mixed. */
function firstOf(chunk: AnyRecord): AnyRecord {
  return recordOf(listOf(chunk.choices).find((choice) => isRecord(choice) && (choice.index ?? 0) === 0));
}

function toolName(call: unknown): string | null {
  if (!isRecord(call)) return null;
  return textOf(recordOf(call.function ?? call.custom).name);
}

/** A whole answer is a stream of one chunk, whose `message` is all there is to add. */
function readAnswer(answer: unknown): Answer {
  const stream = new ChatStream();
  stream.take(answer);
  return stream.answer();
}

class ChatStream implements StreamReader {
  #text: string | null = null;
  #refusal: string | null = null;
  #model: string | null = null;
  #fingerprint: string | null = null;
  #finishReason: string | null = null;
  #usage: TokenUsage = NO_USAGE;
  readonly #tools: string[] = [];
  /** The streamed tool call begun last at each index. */
  readonly #calls = new Map<number, { readonly name: string; readonly id: unknown }>();

  take(chunk: unknown): boolean {
    if (!isRecord(chunk)) return false;
    // Some endpoints that speak this format name the model in a later chunk only.
    this.#model ??= textOf(chunk.model) || null;
    this.#fingerprint ??= textOf(chunk.system_fingerprint);
    if (isRecord(chunk.usage)) this.#usage = usageOf(chunk.usage);
    const choice = firstOf(chunk);
    this.#finishReason = textOf(choice.finish_reason) ?? this.#finishReason;
    const delta = recordOf(choice.delta ?? choice.message);
    const content = textOf(delta.content);
    const refusal = textOf(delta.refusal);
    if (content !== null) this.#text = (this.#text ?? "") + content;
    if (refusal !== null) this.#refusal = (this.#refusal ?? "") + refusal;
    const calls = listOf(delta.tool_calls);
    for (const call of calls) {
      const name = toolName(call);
      if (name && this.#isNew(name, recordOf(call))) this.#tools.push(name);
    }
    // Reasoning is in no OpenAI answer, but other endpoints with this format stream it.
    return Boolean(content || refusal || calls.length > 0 || delta.reasoning_content || delta.reasoning);
  }

  /** Some endpoints repeat the name of a tool call in each of its pieces, others give all calls the same index. */
  #isNew(name: string, { index, id }: AnyRecord): boolean {
    if (typeof index !== "number") return true;
    const last = this.#calls.get(index);
    if (last !== undefined && last.name === name && (!id || id === last.id)) return false;
    this.#calls.set(index, { name, id });
    return true;
  }

  answer(): Answer {
    return {
      text: this.#text ?? this.#refusal,
      model: this.#model,
      systemFingerprint: this.#fingerprint,
      usage: this.#usage,
      finishReason: this.#finishReason,
      toolCalls: this.#tools,
      refused: this.#refusal !== null || this.#finishReason === "content_filter",
    };
  }

  isWhole(): boolean {
    return this.#finishReason !== null || this.#usage !== NO_USAGE;
  }
}

/** The reader for `chat.completions.create`, streaming or not. */
export const openaiChatReader: AnswerReader = {
  matches: (answer) => isChat(answer, "chat.completion"),
  matchesChunk: (chunk) => isChat(chunk, "chat.completion.chunk"),
  read: readAnswer,
  stream: () => new ChatStream(),
};
