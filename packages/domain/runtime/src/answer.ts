/** What the ledger wants to know of a model's answer, and the accumulator for streamed ones. */
import type { StatedCost, TokenUsage } from "@colophon/kernel";

/** An answer as far as it was seen; null where the provider did not say. */
export interface Answer {
  readonly text: string | null;
  readonly model: string | null;
  /** Host of the endpoint that answered, with its port where it is not the usual one. */
  readonly host?: string | null;
  readonly systemFingerprint: string | null;
  readonly usage: TokenUsage;
  readonly finishReason: string | null;
  /** Names of the tools called; null when unknown. */
  readonly toolCalls: readonly string[] | null;
  readonly refused: boolean | null;
  readonly cost?: StatedCost | null;
  /** Code of the error that the provider put in the answer's place, though the call itself went through. */
  readonly failure?: string | null;
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

/** An answer out of what an application gives, where anything may be missing or of another kind. */
export function completeAnswer(given: Partial<Answer> | null | undefined): Answer {
  if (!isRecord(given)) return NO_ANSWER;
  const { usage, toolCalls, refused, cost } = given;
  return {
    text: textOf(given.text),
    model: textOf(given.model),
    host: textOf(given.host),
    systemFingerprint: textOf(given.systemFingerprint),
    usage: usage === NO_USAGE ? NO_USAGE : completeUsage(usage),
    finishReason: textOf(given.finishReason),
    toolCalls: Array.isArray(toolCalls) ? toolCalls.filter((name) => typeof name === "string") : null,
    refused: typeof refused === "boolean" ? refused : null,
    cost: cost ?? null,
  };
}

function completeUsage(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return NO_USAGE;
  return {
    input: countOf(usage.input),
    output: countOf(usage.output),
    reasoning: countOf(usage.reasoning),
    cacheRead: countOf(usage.cacheRead),
    cacheWrite: countOf(usage.cacheWrite),
  };
}

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
  /** True once the provider said that the answer is whole; left out by a reader that cannot tell. */
  isWhole?(): boolean;
}

export type AnyRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is AnyRecord {
  return typeof value === "object" && value !== null;
}

/** The value where it is an object, else an empty one. */
export function recordOf(value: unknown): AnyRecord {
  return isRecord(value) ? value : {};
}

/** The value where it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A count of tokens, or null for anything that is none. */
export function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The host of a URL; null for what is none. */
export function hostOf(url: unknown): string | null {
  return (typeof url === "string" && /^[a-z]+:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1]) || null;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
