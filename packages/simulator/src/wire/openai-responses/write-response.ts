/** Writes a reply as a response of the responses API: its head, its output items, its end. */

import type { SimulatorReply } from "../../serve/answer-machine.ts";
import type { JsonObject } from "../json-object.ts";

export interface WrittenResponse {
  readonly reply: SimulatorReply;
  /** The request, whose fields a response repeats. */
  readonly asked: JsonObject;
}

/** The summary of what was thought; present only where thinking was asked for. */
export interface ReasoningItem {
  readonly type: "reasoning";
  readonly id: string;
  readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[];
}

export type MessagePart =
  | { readonly type: "output_text"; readonly text: string; readonly annotations: []; readonly logprobs: [] }
  | { readonly type: "refusal"; readonly refusal: string };

export interface MessageItem {
  readonly type: "message";
  readonly id: string;
  readonly role: "assistant";
  readonly status: ItemStatus;
  readonly content: readonly MessagePart[];
}

export interface CallItem {
  readonly type: "function_call";
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: ItemStatus;
}

export type OutputItem = ReasoningItem | MessageItem | CallItem;
type ItemStatus = "in_progress" | "completed" | "incomplete";

export function responseId({ id }: SimulatorReply): string {
  return `resp_${id}`;
}

export function textPart(text: string): MessagePart {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function messageItem(reply: SimulatorReply): MessageItem {
  const { id, text, refusal, finishReason } = reply;
  const status = finishReason === "length" ? "incomplete" : "completed";
  const part: MessagePart = refusal === undefined ? textPart(text) : { type: "refusal", refusal };
  return { type: "message", id: `msg_${id}`, role: "assistant", status, content: [part] };
}

/** Thoughts are kept back unless a summary is asked for. */
function reasoningItem({ id, reasoning }: SimulatorReply, asked: JsonObject): ReasoningItem {
  const { summary } = (asked.reasoning ?? {}) as JsonObject;
  const shown = typeof summary === "string" && reasoning !== "";
  return {
    type: "reasoning",
    id: `rs_${id}`,
    summary: shown ? [{ type: "summary_text", text: reasoning }] : [],
  };
}

/** The output in order: what was thought, then a message or the calls. */
export function outputOf({ reply, asked }: WrittenResponse): readonly OutputItem[] {
  const { id, toolCalls, text, refusal, usage } = reply;
  const calls = toolCalls.map(
    (call, index): CallItem => ({
      type: "function_call",
      id: `fc_${id}_${index}`,
      call_id: call.id,
      name: call.name,
      arguments: call.arguments,
      status: "completed",
    }),
  );
  // Where the limit was spent on thinking there is no message at all.
  const silent = calls.length > 0 || (text === "" && refusal === undefined && usage.reasoningTokens > 0);
  return [
    ...(usage.reasoningTokens > 0 ? [reasoningItem(reply, asked)] : []),
    ...(silent ? [] : [messageItem(reply)]),
    ...calls,
  ];
}

function writeUsage({ usage }: SimulatorReply): JsonObject {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.completionTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.promptTokens + usage.completionTokens,
  };
}

const REPEATED: Readonly<Record<string, unknown>> = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
};

/** The fields that stand from the start; output, usage and end come with the rest. */
function writeHead({ reply, asked }: WrittenResponse): JsonObject {
  const repeated = Object.entries(REPEATED).map(([key, usual]) => [key, asked[key] ?? usual]);
  return {
    id: responseId(reply),
    object: "response",
    created_at: Math.floor(reply.createdAt / 1_000),
    model: reply.model,
    service_tier: "default",
    error: null,
    ...Object.fromEntries(repeated),
  };
}

export function writeStarted(response: WrittenResponse): JsonObject {
  return { ...writeHead(response), status: "in_progress", incomplete_details: null, output: [], usage: null };
}

export function isIncomplete({ finishReason }: SimulatorReply): boolean {
  return finishReason === "length";
}

/** The provider's word for how it ended: the reason of an incomplete response, else its status. */
export function endWord(reply: SimulatorReply): string {
  return isIncomplete(reply) ? "max_output_tokens" : "completed";
}

export function writeResponse(response: WrittenResponse): JsonObject {
  const { reply } = response;
  const incomplete = isIncomplete(reply);
  return {
    ...writeHead(response),
    status: incomplete ? "incomplete" : "completed",
    incomplete_details: incomplete ? { reason: "max_output_tokens" } : null,
    output: outputOf(response),
    usage: writeUsage(reply),
  };
}
