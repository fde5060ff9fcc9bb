/** Walks over the models of a call until one answers. */
import type { Clock } from "@colophon/kernel";
import type { Attempt, Attempts } from "./attempts.ts";
import { retryAfter } from "./error-kind.ts";
import { type FallbackPolicy, pauseOf, timeoutOf } from "./fallback-policy.ts";
import { TimeLimit } from "./time-limit.ts";

export interface ModelWalk<Variables> {
  readonly attempts: Attempts<Variables>;
  readonly policy: FallbackPolicy;
  /** The application's own: where it aborts, nothing else is tried. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

/**
 * The first answer, else the last error, the very object. Streams count as answered once they are
 * handed out.
 */
export async function walkModels<Variables, R>(
  { attempts, policy, signal, clock }: ModelWalk<Variables>,
  send: (attempt: Attempt<Variables>) => R,
): Promise<Awaited<R>> {
  const milliseconds = timeoutOf(policy);
  let failure: unknown;
  for (;;) {
    const limit = milliseconds === undefined ? undefined : new TimeLimit(milliseconds, signal);
    const attempt = attempts.next(limit);
    if (attempt === undefined) throw failure;
    try {
      return await (limit === undefined ? send(attempt) : limit.within(() => send(attempt)));
    } catch (error) {
      if (signal?.aborted === true || !attempt.mayFallBack(error)) throw error;
      failure = error;
      if (!attempt.repeats) continue;
      const wait = pauseOf(policy, retryAfter(error, clock.now()));
      if (wait === null) attempts.leaveModel();
      else await pause(wait, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
