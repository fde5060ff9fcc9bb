/** What the simulator remembers of a call: what went out on the wire, as it measured it; never the prompt. */

import type { ToolCall } from "../mind/mind-request.ts";

export const WIRES = [
  "openai.chat",
  "openai.responses",
  "openai.embeddings",
  "anthropic.messages",
  "google.generate",
] as const;
export type WireName = (typeof WIRES)[number];

/** Tokens by kind. */
export interface Usage {
  /** All of the prompt, cached and newly cached tokens included, whatever the wire counts apart. */
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Written to the cache by this call; 0 where the provider caches by itself. */
  readonly cacheWriteTokens: number;
  /** All of the answer, reasoning included. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}

/** Why an answer ended, in one vocabulary for all wires. */
export type FinishReason = "stop" | "length" | "tool_calls" | "refusal";

/**
 * `served` whole, `aborted` by the client, `cut` or `malformed` by a fault, `failed` with a status by a fault,
 * `refused` as a bad request. A stalled answer ends as served or aborted.
 */
export type CallEnd = "served" | "aborted" | "cut" | "malformed" | "failed" | "refused";

/** What one piece of a body carries; a call adds up what was sent. */
export interface Carried {
  readonly text?: string;
  readonly refusal?: string;
  readonly reasoning?: string;
  /** Tool calls, with the piece that completes them. */
  readonly toolCalls?: readonly ToolCall[];
  /** The piece begins a tool call that a later one completes. */
  readonly toolStart?: true;
  readonly finishReason?: FinishReason;
  /** The provider's own word for it. */
  readonly finishWord?: string;
  readonly usage?: Partial<Usage>;
}

export interface ServedCall {
  /** Which wire format it came in by. */
  readonly wire: WireName;
  /** When it came in, in epoch milliseconds. */
  readonly at: number;
  readonly end: CallEnd;
  /** 0 where the connection was cut before any status. */
  readonly status: number;
  readonly model: string;
  readonly stream: boolean;
  /** As in the body. */
  readonly id: string | undefined;
  /** As in the header. */
  readonly requestId: string;
  readonly systemFingerprint: string | null;
  /** The label chosen, where the prompt asked for one. */
  readonly label: string | undefined;
  /** All below is what was sent; undefined or empty where it was not. */
  readonly text: string;
  readonly refusal: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason | undefined;
  /** In the provider's own word. */
  readonly finishWord: string | undefined;
  readonly usage: Partial<Usage> | undefined;
  readonly bytesSent: number;
  /** The fault it met, `none` without one. */
  readonly fault: string;
  /** How long the answer was meant to take. */
  readonly latencyMs: number | undefined;
  /** From the request until the first piece with text, reasoning or a tool call went out, as measured. */
  readonly timeToFirstTokenMs: number | undefined;
  /** From the request until the end, as measured. */
  readonly totalMs: number;
}

export interface CallLog {
  readonly calls: readonly ServedCall[];
  add(call: ServedCall): void;
}

/** A log that forgets its oldest calls beyond the limit. */
export function createCallLog(limit: number): CallLog {
  const calls: ServedCall[] = [];
  return {
    calls,
    add(call) {
      calls.push(call);
      if (calls.length > limit) calls.shift();
    },
  };
}
