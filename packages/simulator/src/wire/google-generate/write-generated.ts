/** Writes a reply as generated content, whole or as the chunks of a stream. */

import type { SimulatorReply } from "../../serve/answer-machine.ts";
import type { Carried, FinishReason } from "../../serve/served-call.ts";
import { carriedBy } from "../carried-by.ts";
import { streamWords } from "../stream-words.ts";
import type { Piece } from "../wire-format.ts";

type Json = Readonly<Record<string, unknown>>;

export interface WrittenContent {
  readonly reply: SimulatorReply;
  readonly showThoughts: boolean;
}

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_calls: "STOP",
  refusal: "PROHIBITED_CONTENT",
};

/** Thoughts are counted beside the candidates, not among them. */
function writeUsage({ usage }: SimulatorReply): Json {
  return {
    promptTokenCount: usage.promptTokens,
    candidatesTokenCount: usage.completionTokens - usage.reasoningTokens,
    totalTokenCount: usage.promptTokens + usage.completionTokens,
    cachedContentTokenCount: usage.cachedTokens,
    thoughtsTokenCount: usage.reasoningTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: usage.promptTokens }],
  };
}

interface Part {
  readonly part: Json;
  readonly carried: Carried;
}

function callParts({ toolCalls }: SimulatorReply): readonly Part[] {
  return toolCalls.map((call) => ({
    part: { functionCall: { id: call.id, name: call.name, args: JSON.parse(call.arguments) } },
    carried: { toolCalls: [call] },
  }));
}

function thoughtParts({ reply, showThoughts }: WrittenContent): readonly Part[] {
  const { reasoning } = reply;
  return reasoning === "" || !showThoughts
    ? []
    : [{ part: { text: reasoning, thought: true }, carried: { reasoning } }];
}

interface Candidate {
  readonly parts: readonly Part[];
  readonly finishReason?: string;
}

function writeBody(reply: SimulatorReply, { parts, finishReason }: Candidate, usage: Json): Json {
  const refused = finishReason !== undefined && reply.refusal !== undefined;
  const candidate = {
    content: { parts: parts.map(({ part }) => part), role: "model" },
    ...(finishReason !== undefined && { finishReason }),
    ...(refused && { finishMessage: reply.refusal }),
    index: 0,
  };
  return { candidates: [candidate], usageMetadata: usage, modelVersion: reply.model, responseId: reply.id };
}

export function writeGenerated(content: WrittenContent): Piece {
  const { reply } = content;
  const finishReason = FINISH_REASONS[reply.finishReason];
  const text: readonly Part[] = reply.text === "" ? [] : [{ part: { text: reply.text }, carried: {} }];
  const parts = [...thoughtParts(content), ...text, ...callParts(reply)];
  return {
    data: JSON.stringify(writeBody(reply, { parts, finishReason }, writeUsage(reply))),
    carried: carriedBy(reply, finishReason),
  };
}

/** The chunks of a stream: each with the prompt's tokens, the last with the finish reason and all of them. */
export function writeGeneratedChunks(content: WrittenContent): readonly Piece[] {
  const { reply } = content;
  const finishReason = FINISH_REASONS[reply.finishReason];
  const { promptTokens } = reply.usage;
  const soFar = { promptTokenCount: promptTokens, totalTokenCount: promptTokens };
  const frame = (body: Json): string => `data: ${JSON.stringify(body)}\r\n\r\n`;
  const words = streamWords(reply.text).map((word) => ({ part: { text: word }, carried: { text: word } }));
  const pieces = [...thoughtParts(content), ...words, ...callParts(reply)].map((part) => ({
    data: frame(writeBody(reply, { parts: [part] }, soFar)),
    carried: { ...part.carried, usage: { promptTokens } },
  }));
  const end: Carried = {
    finishReason: reply.finishReason,
    finishWord: finishReason,
    usage: reply.usage,
    ...(reply.refusal !== undefined && { refusal: reply.refusal }),
  };
  const last = writeBody(reply, { parts: [], finishReason }, writeUsage(reply));
  return [...pieces, { data: frame(last), carried: end }];
}
