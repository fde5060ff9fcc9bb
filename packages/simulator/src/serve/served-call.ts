/** What the simulator remembers of a call it served; never the texts. */

export interface Usage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}

export type CallEnd = "served" | "aborted" | "cut" | "failed" | "refused";

export interface ServedCall {
  /** Which wire format it came in by. */
  readonly wire: string;
  readonly at: number;
  readonly end: CallEnd;
  readonly status: number;
  readonly model: string;
  readonly stream: boolean;
  readonly id: string | undefined;
  readonly label: string | undefined;
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
  readonly latencyMs: number | undefined;
}

export type FinishReason = "stop" | "length";

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
