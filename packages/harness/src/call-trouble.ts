/** What trouble a call of a model met, told by its error, whichever client threw it. */
import type { EpochMs } from "@colophon/kernel";
import { type ErrorKind, errorKind, retryAfter } from "@colophon/runtime";

export interface CallTrouble {
  /** Null for what no other try would mend: a refusal of the request, an abort, a bug. */
  readonly kind: ErrorKind | null;
  /** Milliseconds that the provider asks to wait; null where it does not say. */
  readonly retryAfter: number | null;
}

/**
 * What trouble an error tells of, by the rules after which `record` goes on to another model.
 *
 * @param now epoch milliseconds, for a provider that names a date.
 * @example
 * const { kind, retryAfter } = callTrouble(Object.assign(new Error(), { status: 429 }), Date.now());
 */
export function callTrouble(error: unknown, now: EpochMs): CallTrouble {
  return { kind: errorKind(error), retryAfter: retryAfter(error, now) };
}
