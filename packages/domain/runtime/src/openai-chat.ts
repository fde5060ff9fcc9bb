/** Reads answers and streams of the OpenAI chat completions format. */
import type { TokenUsage } from "@colophon/kernel";
import {
  type Answer,
  type AnswerReader,
  countOf,
  isRecord,
  NO_USAGE,
  type StreamReader,
  textOf,
} from "./answer.ts";

function usageOf(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return NO_USAGE;
  const prompt = isRecord(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const completion = isRecord(usage.completion_tokens_details) ? usage.completion_tokens_details : {};
  return {
    input: countOf(usage.prompt_tokens),
    output: countOf(usage.completion_tokens),
    reasoning: countOf(completion.reasoning_tokens),
    cacheRead: countOf(prompt.cached_tokens),
    cacheWrite: countOf(prompt.cache_write_tokens),
  };
}

function firstChoice(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { choices } = answer;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(first) ? first : {};
}

/** The first choice's share of a chunk: with n > 1 the choices come mixed. */
function firstOf(chunk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const choices: readonly unknown[] = Array.isArray(chunk.choices) ? chunk.choices : [];
  const first = choices.find((choice) => isRecord(choice) && (choice.index ?? 0) === 0);
  return isRecord(first) ? first : {};
}

function toolName(call: unknown): string | null {
  if (!isRecord(call)) return null;
  const tool = isRecord(call.function) ? call.function : isRecord(call.custom) ? call.custom : {};
  return textOf(tool.name);
}

function readAnswer(answer: unknown): Answer {
  const whole = isRecord(answer) ? answer : {};
  const choice = firstChoice(whole);
  const message = isRecord(choice.message) ? choice.message : {};
  const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const refusal = textOf(message.refusal);
  const finishReason = textOf(choice.finish_reason);
  return {
    text: textOf(message.content) ?? refusal,
    model: textOf(whole.model),
    systemFingerprint: textOf(whole.system_fingerprint),
    usage: usageOf(whole.usage),
    finishReason,
    toolCalls: calls.map(toolName).filter((name) => name !== null),
    refused: refusal !== null || finishReason === "content_filter",
  };
}

class ChatStream implements StreamReader {
  #text: string | null = null;
  #refusal: string | null = null;
  #model: string | null = null;
  #fingerprint: string | null = null;
  #finishReason: string | null = null;
  #usage: TokenUsage = NO_USAGE;
  readonly #tools: string[] = [];

  take(chunk: unknown): boolean {
    if (!isRecord(chunk)) return false;
    this.#model ??= textOf(chunk.model);
    this.#fingerprint ??= textOf(chunk.system_fingerprint);
    if (isRecord(chunk.usage)) this.#usage = usageOf(chunk.usage);
    const choice = firstOf(chunk);
    this.#finishReason = textOf(choice.finish_reason) ?? this.#finishReason;
    const delta = isRecord(choice.delta) ? choice.delta : {};
    const content = textOf(delta.content);
    const refusal = textOf(delta.refusal);
    if (content !== null) this.#text = (this.#text ?? "") + content;
    if (refusal !== null) this.#refusal = (this.#refusal ?? "") + refusal;
    const calls: readonly unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    for (const call of calls) {
      // Only the first piece of a tool call carries its name.
      const name = toolName(call);
      if (name !== null) this.#tools.push(name);
    }
    return Boolean(content) || Boolean(refusal) || calls.length > 0;
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
}

/** The reader for `chat.completions.create`, streaming or not. */
export const openaiChatReader: AnswerReader = {
  matches: (answer) => isRecord(answer) && answer.object === "chat.completion",
  matchesChunk: (chunk) => isRecord(chunk) && chunk.object === "chat.completion.chunk",
  read: readAnswer,
  stream: () => new ChatStream(),
};
