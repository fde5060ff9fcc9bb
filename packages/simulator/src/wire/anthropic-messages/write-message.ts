/** Writes a reply as an Anthropic message, whole or as the events of a stream. */

import type { SimulatorReply } from "../../serve/answer-machine.ts";
import type { Carried, FinishReason } from "../../serve/served-call.ts";
import { carriedBy } from "../carried-by.ts";
import { streamWords } from "../stream-words.ts";
import type { Piece } from "../wire-format.ts";

type Json = Readonly<Record<string, unknown>>;

export interface WrittenMessage {
  readonly reply: SimulatorReply;
  readonly showThinking: boolean;
}

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  refusal: "refusal",
};

function stopReasonOf({ finishReason, stopSequence }: SimulatorReply): string {
  return stopSequence === undefined ? STOP_REASONS[finishReason] : "stop_sequence";
}

export function messageId({ id }: SimulatorReply): string {
  return `msg_${id}`;
}

/** What is read from the cache or written to it is not counted among the input tokens. */
function inputUsage({ usage }: SimulatorReply): Json {
  return {
    input_tokens: usage.promptTokens - usage.cachedTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedTokens,
  };
}

function writeUsage(reply: SimulatorReply, outputTokens: number): Json {
  const { reasoningTokens } = reply.usage;
  return {
    ...inputUsage(reply),
    cache_creation: null,
    inference_geo: null,
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: reasoningTokens },
    server_tool_use: null,
    service_tier: "standard",
    speed: null,
  };
}

function writeHead(reply: SimulatorReply): Json {
  return {
    id: messageId(reply),
    type: "message",
    role: "assistant",
    model: reply.model,
    container: null,
    diagnostics: null,
  };
}

function writeEnd(reply: SimulatorReply): Json {
  const details = { type: "refusal", category: "general_harms", explanation: reply.refusal };
  return {
    stop_reason: stopReasonOf(reply),
    stop_sequence: reply.stopSequence ?? null,
    stop_details: reply.refusal === undefined ? null : details,
  };
}

/** A content block as it starts and ends, and the deltas that lead from one to the other. */
interface Block {
  readonly start: Json;
  readonly whole: Json;
  readonly deltas: readonly { readonly delta: Json; readonly carried: Carried }[];
}

function thinkingBlock({ reply, showThinking }: WrittenMessage): Block {
  const thinking = showThinking ? reply.reasoning : "";
  const signature = Buffer.from(`simulation ${reply.id}`).toString("base64");
  return {
    start: { type: "thinking", thinking: "", signature: "" },
    whole: { type: "thinking", thinking, signature },
    deltas: [
      ...streamWords(thinking).map((word) => ({
        delta: { type: "thinking_delta", thinking: word },
        carried: { reasoning: word },
      })),
      { delta: { type: "signature_delta", signature }, carried: {} },
    ],
  };
}

function textBlock(text: string): Block {
  return {
    start: { type: "text", text: "" },
    whole: { type: "text", text },
    deltas: streamWords(text).map((word) => ({
      delta: { type: "text_delta", text: word },
      carried: { text: word },
    })),
  };
}

function toolBlock(call: SimulatorReply["toolCalls"][number]): Block {
  const id = toolUseId(call.id);
  const head = { type: "tool_use", id, name: call.name, caller: { type: "direct" } };
  const parts = streamWords(call.arguments);
  return {
    start: { ...head, input: {} },
    whole: { ...head, input: JSON.parse(call.arguments) },
    deltas: parts.map((part, index) => ({
      delta: { type: "input_json_delta", partial_json: part },
      carried: index === parts.length - 1 ? { toolCalls: [{ ...call, id }] } : { toolStart: true },
    })),
  };
}

function toolUseId(id: string): string {
  return id.replace(/^call_/, "toolu_");
}

function blocksOf(message: WrittenMessage): readonly Block[] {
  const { reasoning, text, toolCalls } = message.reply;
  return [
    ...(reasoning === "" ? [] : [thinkingBlock(message)]),
    ...(text === "" ? [] : [textBlock(text)]),
    ...toolCalls.map(toolBlock),
  ];
}

export function writeMessage(message: WrittenMessage): Piece {
  const { reply } = message;
  const body = {
    ...writeHead(reply),
    content: blocksOf(message).map(({ whole }) => whole),
    ...writeEnd(reply),
    usage: writeUsage(reply, reply.usage.completionTokens),
  };
  const carried = carriedBy(reply, stopReasonOf(reply));
  const toolCalls = reply.toolCalls.map((call) => ({ ...call, id: toolUseId(call.id) }));
  return { data: JSON.stringify(body), carried: { ...carried, toolCalls } };
}

function event(body: Json & { readonly type: string }, carried: Carried = {}): Piece {
  return { data: `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`, carried };
}

function blockEvents(block: Block, index: number): readonly Piece[] {
  return [
    event({ type: "content_block_start", index, content_block: block.start }),
    ...block.deltas.map(({ delta, carried }) =>
      event({ type: "content_block_delta", index, delta }, carried),
    ),
    event({ type: "content_block_stop", index }),
  ];
}

/** The events of a streamed message in order; a ping follows the start, as it does there. */
export function writeMessageEvents(message: WrittenMessage): readonly Piece[] {
  const { reply } = message;
  const { promptTokens, cachedTokens, cacheWriteTokens } = reply.usage;
  const started = {
    ...writeHead(reply),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: writeUsage(reply, 1),
  };
  const delta = {
    type: "message_delta",
    delta: writeEnd(reply),
    usage: writeUsage(reply, reply.usage.completionTokens),
  };
  const ended: Carried = {
    finishReason: reply.finishReason,
    finishWord: stopReasonOf(reply),
    usage: reply.usage,
    ...(reply.refusal !== undefined && { refusal: reply.refusal }),
  };
  return [
    // Its single output token stands for none yet, so only the input counts as told.
    event(
      { type: "message_start", message: started },
      { usage: { promptTokens, cachedTokens, cacheWriteTokens } },
    ),
    event({ type: "ping" }),
    ...blocksOf(message).flatMap(blockEvents),
    event(delta, ended),
    event({ type: "message_stop" }),
  ];
}
