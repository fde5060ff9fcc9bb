/** Writes a reply as a chat completion, whole or as the chunks of a stream. */

import type { SimulatorReply } from "../serve/answer-machine.ts";

function writeUsage({ usage }: SimulatorReply): Record<string, unknown> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function writeHead(reply: SimulatorReply, object: string): Record<string, unknown> {
  return {
    id: `chatcmpl-${reply.id}`,
    object,
    created: Math.floor(reply.createdAt / 1_000),
    model: reply.model,
    service_tier: "default",
    system_fingerprint: reply.fingerprint,
  };
}

export function writeChatCompletion(reply: SimulatorReply): Record<string, unknown> {
  return {
    ...writeHead(reply, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: reply.text, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: reply.finishReason,
      },
    ],
    usage: writeUsage(reply),
  };
}

/** The chunks of a streamed completion in order: role, text word by word, finish reason, usage if wanted. */
export function writeChatChunks(
  reply: SimulatorReply,
  includeUsage: boolean,
): readonly Record<string, unknown>[] {
  const head = { ...writeHead(reply, "chat.completion.chunk"), ...(includeUsage && { usage: null }) };
  const chunk = (delta: Record<string, unknown>, finishReason: string | null): Record<string, unknown> => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  });
  const words = reply.text.match(/\s*\S+|\s+$/g) ?? [];
  return [
    chunk({ role: "assistant", content: "", refusal: null }, null),
    ...words.map((word) => chunk({ content: word }, null)),
    chunk({}, reply.finishReason),
    ...(includeUsage ? [{ ...head, choices: [], usage: writeUsage(reply) }] : []),
  ];
}
