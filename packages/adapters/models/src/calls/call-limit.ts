/** Ends a call at its time limit or when its caller says so, and knows afterwards which of the two it was. */

const TEN_MINUTES = 600_000;

export interface CallLimit {
  readonly signal: AbortSignal;
  /** Who ended the call; null for nobody. */
  ended(): "by-limit" | "by-caller" | null;
  clear(): void;
}

export function callLimit(caller: AbortSignal | undefined, timeoutMs = TEN_MINUTES): CallLimit {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error("The time limit of the call is over.")), timeoutMs);
  return {
    signal: caller === undefined ? limit.signal : AbortSignal.any([caller, limit.signal]),
    ended() {
      if (limit.signal.aborted) return "by-limit";
      if (caller?.aborted !== true) return null;
      // A caller's own time limit is a limit too.
      return (caller.reason as { readonly name?: unknown } | null)?.name === "TimeoutError"
        ? "by-limit"
        : "by-caller";
    },
    clear: () => clearTimeout(timer),
  };
}
