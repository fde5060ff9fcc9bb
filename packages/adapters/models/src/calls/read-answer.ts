/** Reads the answer of a model of the AI SDK into the words of the house. */
import type { CallFacts, ModelAnswer, ModelToolCall, TokenUsage } from "@colophon/kernel";
import type { ModelObject } from "./language-model.ts";

/** What a model of the AI SDK gives. */
export type GeneratedAnswer = Awaited<ReturnType<ModelObject["doGenerate"]>>;

export function readAnswer(given: GeneratedAnswer, facts: CallFacts): ModelAnswer {
  const { content, finishReason, response, structuredOutputText } = given;
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const said = structuredOutputText ?? texts.join("");
  const body = (response?.body ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...facts,
    text: said === "" ? null : said,
    toolCalls: content.flatMap((part): readonly ModelToolCall[] =>
      part.type === "tool-call" ? [{ name: part.toolName, arguments: argumentsOf(part.input) }] : [],
    ),
    // The providers' refusals of every kind come under this one reason.
    refused: finishReason.unified === "content-filter",
    finishReason: finishReason.raw ?? finishReason.unified,
    cutShort: finishReason.unified === "length",
    // Google's name of what answered goes no further than the body.
    model: response?.modelId ?? textOf(body.modelVersion),
    systemFingerprint: textOf(body.system_fingerprint),
    tokens: usageOf(given.usage),
  };
}

function argumentsOf(input: unknown): unknown {
  if (typeof input !== "string") return input;
  try {
    // Some providers write nothing for a tool that takes nothing.
    return input.trim() === "" ? {} : JSON.parse(input);
  } catch {
    return input;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function usageOf({ inputTokens, outputTokens }: GeneratedAnswer["usage"]): TokenUsage {
  return {
    input: countOf(inputTokens.total),
    output: countOf(outputTokens.total),
    reasoning: countOf(outputTokens.reasoning),
    cacheRead: countOf(inputTokens.cacheRead),
    cacheWrite: countOf(inputTokens.cacheWrite),
  };
}

function countOf(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
