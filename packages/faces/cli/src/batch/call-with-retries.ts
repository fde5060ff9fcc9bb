/** One retry layer around a provider's call: patient with what passes, quick to give up on what does not. */
import type { CallPace } from "@colophon/harness";
import { type Trouble, troubleOf } from "./trouble.ts";

export interface RetryPolicy {
  /** At least one. */
  readonly tries: number;
  /** Longest pause without a word from the provider, in milliseconds. */
  readonly longestPause: number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly now: () => number;
  /** Ends early when the work is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How a call came to its end. */
export type CallEnd<T> =
  | { readonly kind: "answered"; readonly answer: T }
  | { readonly kind: "failed"; readonly error: unknown }
  /** No call would come through: the work is best stopped. */
  | { readonly kind: "barred"; readonly why: string }
  /** The work was stopped before a try came through. */
  | { readonly kind: "left" };

export interface RetriedCall<T> {
  /** Gets the number of the try, from 1. */
  readonly call: (attempt: number) => Promise<T>;
  readonly onTrouble: (trouble: Trouble) => void;
}

const FIRST_PAUSE_MS = 500;

/** Tries within the pace that all calls share; between two tries the place is somebody else's. */
export async function callWithRetries<T>(
  policy: RetryPolicy,
  pace: CallPace,
  { call, onTrouble }: RetriedCall<T>,
): Promise<CallEnd<T>> {
  // A provider that says when to come back leaves nothing to guess, so those troubles do not count here.
  let guessed = 0;
  for (let attempt = 1; ; attempt++) {
    const slot = await pace.enter();
    if (slot === undefined) return { kind: "left" };
    let pause: number;
    try {
      const answer = await call(attempt);
      slot.answered();
      return { kind: "answered", answer };
    } catch (error) {
      const trouble = troubleOf(error, policy.now());
      onTrouble(trouble);
      if (trouble.end === "barring") return { kind: "barred", why: trouble.why };
      if (trouble.end === "lasting") return { kind: "failed", error };
      const { kind, asked } = trouble;
      if (kind === "rate-limit" || kind === "overloaded") slot.crowded(asked);
      if (attempt >= policy.tries) return { kind: "failed", error };
      pause = asked ?? backoff(guessed++, policy);
    } finally {
      slot.leave();
    }
    await policy.sleep(pause);
  }
}

/** Never less than half, so that many workers neither wait for nothing nor come back at once. */
function backoff(guessed: number, { longestPause, chance }: RetryPolicy): number {
  return Math.min(longestPause, FIRST_PAUSE_MS * 2 ** guessed) * (0.5 + chance() / 2);
}
