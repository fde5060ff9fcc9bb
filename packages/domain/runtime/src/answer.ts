/** What the ledger wants to know of a model's answer, and the accumulator for streamed ones. */
import type { StatedCost, TokenUsage } from "@colophon/kernel";

/** An answer as far as it was seen; null where the provider did not say. */
export interface Answer {
  readonly text: string | null;
  readonly model: string | null;
  readonly systemFingerprint: string | null;
  readonly usage: TokenUsage;
  readonly finishReason: string | null;
  /** Names of the tools called; null when unknown. */
  readonly toolCalls: readonly string[] | null;
  readonly refused: boolean | null;
  readonly cost?: StatedCost | null;
}

export const NO_USAGE: TokenUsage = Object.freeze({
  input: null,
  output: null,
  reasoning: null,
  cacheRead: null,
  cacheWrite: null,
});

export const NO_ANSWER: Answer = Object.freeze({
  text: null,
  model: null,
  systemFingerprint: null,
  usage: NO_USAGE,
  finishReason: null,
  toolCalls: null,
  refused: null,
});

/** Reads the answers of one provider's wire format. */
export interface AnswerReader {
  /** True for a whole answer of this format. */
  matches(answer: unknown): boolean;
  /** True for the first chunk of a stream of this format. */
  matchesChunk(chunk: unknown): boolean;
  read(answer: unknown): Answer;
  /** Starts reading a stream. */
  stream(): StreamReader;
}

export interface StreamReader {
  /** Takes a chunk; true when it carried the first part of the answer itself. */
  take(chunk: unknown): boolean;
  answer(): Answer;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A count of tokens, or null for anything that is none. */
export function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
