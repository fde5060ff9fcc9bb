/** Writes a reply as a chat completion, whole or as the chunks of a stream. */

import type { ReplyChoice, SimulatorReply } from "../../serve/answer-machine.ts";
import type { Carried, FinishReason } from "../../serve/served-call.ts";
import { carriedBy } from "../carried-by.ts";
import { streamWords } from "../stream-words.ts";
import type { Piece } from "../wire-format.ts";

/** A refusal ends like any other answer here; its text stands apart. */
const FINISH_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  refusal: "stop",
};

type Json = Readonly<Record<string, unknown>>;

function writeUsage({ usage }: SimulatorReply): Json {
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

function writeHead(reply: SimulatorReply, object: string): Json {
  return {
    id: `chatcmpl-${reply.id}`,
    object,
    created: Math.floor(reply.createdAt / 1_000),
    model: reply.model,
    service_tier: "default",
    ...(reply.fingerprint !== null && { system_fingerprint: reply.fingerprint }),
  };
}

function writeChoice(choice: ReplyChoice, index: number): Json {
  const { text, refusal = null, toolCalls, finishReason } = choice;
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: "function",
    function: { name, arguments: given },
  }));
  const content = refusal !== null || calls.length > 0 ? null : text;
  return {
    index,
    message: {
      role: "assistant",
      content,
      refusal,
      annotations: [],
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    logprobs: null,
    finish_reason: FINISH_WORDS[finishReason],
  };
}

export function writeChatCompletion(reply: SimulatorReply): Piece {
  const body = {
    ...writeHead(reply, "chat.completion"),
    choices: [reply, ...reply.others].map(writeChoice),
    usage: writeUsage(reply),
  };
  return { data: JSON.stringify(body), carried: carriedBy(reply, FINISH_WORDS[reply.finishReason]) };
}

interface Delta {
  readonly delta: Json;
  readonly carried: Carried;
}

function callDeltas({ toolCalls }: ReplyChoice): readonly Delta[] {
  return toolCalls.flatMap((call, index) => {
    const { id, name, arguments: given } = call;
    const parts = streamWords(given);
    const start = { index, id, type: "function", function: { name, arguments: "" } };
    return [
      { delta: { tool_calls: [start] }, carried: { toolStart: true as const } },
      ...parts.map((part, at) => ({
        delta: { tool_calls: [{ index, function: { arguments: part } }] },
        carried: at === parts.length - 1 ? { toolCalls: [call] } : {},
      })),
    ];
  });
}

/** The deltas of one choice in order: role, then words, refusal or calls. */
function deltasOf(choice: ReplyChoice): readonly Delta[] {
  const { text, refusal } = choice;
  const content = refusal === undefined && choice.toolCalls.length === 0 ? "" : null;
  return [
    { delta: { role: "assistant", content, refusal: null }, carried: {} },
    ...streamWords(refusal ?? "").map((word) => ({ delta: { refusal: word }, carried: { refusal: word } })),
    ...streamWords(text).map((word) => ({ delta: { content: word }, carried: { text: word } })),
    ...callDeltas(choice),
  ];
}

/** The pieces of a streamed completion in order: each choice, its finish reason, usage if wanted, the end mark. */
export function writeChatChunks(reply: SimulatorReply, includeUsage: boolean): readonly Piece[] {
  const head = { ...writeHead(reply, "chat.completion.chunk"), ...(includeUsage && { usage: null }) };
  const frame = (body: Json): string => `data: ${JSON.stringify({ ...head, ...body })}\n\n`;
  const pieces = [reply, ...reply.others].flatMap((choice, index): readonly Piece[] => {
    const finishWord = FINISH_WORDS[choice.finishReason];
    const chunk = (delta: Json, finish: string | null): string =>
      frame({ choices: [{ index, delta, logprobs: null, finish_reason: finish }] });
    // Only the first choice is logged: the others are further draws of the same answer.
    const logged = (carried: Carried): Carried => (index === 0 ? carried : {});
    return [
      ...deltasOf(choice).map(({ delta, carried }) => ({
        data: chunk(delta, null),
        carried: logged(carried),
      })),
      { data: chunk({}, finishWord), carried: logged({ finishReason: choice.finishReason, finishWord }) },
    ];
  });
  const usage = { data: frame({ choices: [], usage: writeUsage(reply) }), carried: { usage: reply.usage } };
  return [...pieces, ...(includeUsage ? [usage] : []), { data: "data: [DONE]\n\n", carried: {} }];
}
