/** How a batch asks a client for an answer, whichever client it is. */
import type { PreparedPrompt } from "colophon";

export interface Asking {
  /** Hands the rendered prompt to `send`, and has the runtime watch what it returns. */
  readonly record: <R>(send: (prompt: PreparedPrompt) => R) => R;
  /** A streamed answer. */
  readonly stream: boolean;
  readonly signal: AbortSignal;
  /** Told of each part of a streamed answer. */
  readonly onPart: () => void;
}

/**
 * The answer's text, else its refusal, else its tool calls as JSON; null for one with nothing in it. The same
 * whether it was streamed or not.
 *
 * @throws CutAnswer for a stream that ended before its answer was whole (clients end one that was aborted as if
 *   that were all), and what the client throws.
 */
export type Ask = (asking: Asking) => Promise<string | null>;

/** A stream that ended in good order, though its answer is not whole. */
export class CutAnswer extends Error {
  constructor() {
    super("The answer broke off before it was whole.");
    this.name = "CutAnswer";
  }
}

/** An answer's parts as they come together. */
export interface AnswerParts {
  /** Null for an answer without any. */
  readonly text: string | null | undefined;
  readonly refusal: string | null | undefined;
  /** As the provider writes them. */
  readonly toolCalls: readonly unknown[] | undefined;
}

export function outputOf({ text, refusal, toolCalls = [] }: AnswerParts): string | null {
  // Some providers write an empty text beside tool calls.
  if (toolCalls.length > 0 && !text && !refusal) return JSON.stringify(toolCalls);
  return text ?? refusal ?? null;
}

/** Reads a stream to its end, telling of each part. */
export async function readParts<Part>(
  parts: AsyncIterable<Part>,
  { onPart }: Asking,
  take: (part: Part) => void,
): Promise<void> {
  for await (const part of parts) {
    onPart();
    take(part);
  }
}
