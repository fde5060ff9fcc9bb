/** Reads results of the AI SDK whose provider calls were not seen: one row with all their steps. */
import {
  type AnswerReader,
  type AnyRecord,
  hostOf,
  isRecord,
  listOf,
  NO_ANSWER,
  recordOf,
  textOf,
} from "../../answer.ts";
import type { ResultWatcher } from "../wire.ts";
import { aiFinishReason, aiRefused } from "./ai-parts.ts";
import { aiUsage } from "./ai-usage.ts";
import { isPartStream, watchedParts } from "./watched-parts.ts";

function stepsOf(result: AnyRecord): readonly AnyRecord[] {
  return listOf(result.steps).filter(isRecord);
}

function toolNames(step: AnyRecord): readonly string[] {
  return listOf(step.toolCalls).flatMap((call) => textOf(recordOf(call).toolName) ?? []);
}

/** `generateText` and agents: `usage` is the last step's in version 6 and all steps' in 7, `totalUsage` all steps' in both. */
const generatedText: AnswerReader = {
  matches: (result) => isRecord(result) && Array.isArray(result.steps) && isRecord(result.totalUsage),
  matchesChunk: () => false,
  read(result) {
    const steps = stepsOf(recordOf(result));
    const last = recordOf(steps.at(-1));
    const finishReason = aiFinishReason(last.finishReason);
    return {
      ...NO_ANSWER,
      text: textOf(last.text),
      model: textOf(recordOf(last.response).modelId),
      host: hostOf(recordOf(last.request).url),
      usage: aiUsage(recordOf(result).totalUsage),
      finishReason,
      toolCalls: steps.flatMap(toolNames),
      refused: aiRefused(finishReason),
    };
  },
  stream: noStream,
};

/** `generateObject`, whose result has the object that the answer was read as, and no longer the answer. */
const generatedObject: AnswerReader = {
  matches: (result) =>
    isRecord(result) &&
    "object" in result &&
    isRecord(result.usage) &&
    typeof result.finishReason === "string",
  matchesChunk: () => false,
  read(result) {
    const { object, usage, finishReason, response, request } = recordOf(result);
    return {
      ...NO_ANSWER,
      text: JSON.stringify(object) ?? null,
      model: textOf(recordOf(response).modelId),
      host: hostOf(recordOf(request).url),
      usage: aiUsage(usage),
      finishReason: textOf(finishReason),
      toolCalls: [],
      refused: aiRefused(textOf(finishReason)),
    };
  },
  stream: noStream,
};

/** `embed` and `embedMany`. */
const embedded: AnswerReader = {
  matches: (result) =>
    isRecord(result) && ("embedding" in result || "embeddings" in result) && isRecord(result.usage),
  matchesChunk: () => false,
  read: (result) => ({ ...NO_ANSWER, usage: aiUsage(recordOf(result).usage) }),
  stream: noStream,
};

function noStream(): never {
  throw new Error("The AI SDK's streams are watched, not read.");
}

export const aiReaders: readonly AnswerReader[] = [generatedText, generatedObject, embedded];

/**
 * `streamText` and `streamObject`. Their getters begin to consume the stream, so it is watched at
 * its source, which all of them read.
 */
export const streamedResult: ResultWatcher = {
  matches: (result) => isPartStream((result as { readonly baseStream?: unknown }).baseStream),
  watch(result, { run }) {
    const own = result as { baseStream: unknown };
    if (isPartStream(own.baseStream)) {
      own.baseStream = watchedParts(own.baseStream, { run, isAborted: () => false });
    }
  },
};
