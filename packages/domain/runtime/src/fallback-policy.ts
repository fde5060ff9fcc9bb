/** When a call goes on to another try or another model. */
import { ERROR_KINDS, type ErrorKind } from "./error-kind.ts";

/** Which errors another attempt is made after, and how often on one model. */
export interface AttemptPolicy {
  /** Every kind when left out. */
  readonly on?: readonly ErrorKind[];
  /** Further attempts on a model before the next one; 0 when left out, since clients retry by themselves. */
  readonly retries?: number;
}

/** What `record` does when a model fails. */
export interface FallbackPolicy extends AttemptPolicy {
  /** Milliseconds until an attempt must have answered, or handed out its stream; no limit when left out. */
  readonly timeoutMs?: number;
  /** Milliseconds before a retry on the same model where the provider does not say; 500 when left out. */
  readonly pauseMs?: number;
  /**
   * The longest that a retry waits for a provider's `Retry-After`, in milliseconds; 10,000 when left
   * out. A model that asks for longer is not tried again.
   */
  readonly maxPauseMs?: number;
}

/** Timers of the platforms hold no more: a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const DEFAULT_PAUSE = 500;
const DEFAULT_MAX_PAUSE = 10_000;

/** How often a model is tried, at least once. */
export function triesOf({ retries = 0 }: AttemptPolicy): number {
  return 1 + (retries > 0 ? Math.trunc(retries) : 0);
}

export function fallsBackOn({ on = ERROR_KINDS }: AttemptPolicy, kind: ErrorKind | null): boolean {
  return kind !== null && on.includes(kind);
}

/** Undefined for no limit. */
export function timeoutOf({ timeoutMs }: FallbackPolicy): number | undefined {
  return timeoutMs !== undefined && timeoutMs > 0 && timeoutMs <= LONGEST_TIMER ? timeoutMs : undefined;
}

/** Milliseconds before the retry; null where the provider asks for longer than anybody wants to wait. */
export function pauseOf(policy: FallbackPolicy, asked: number | null): number | null {
  const { pauseMs = DEFAULT_PAUSE, maxPauseMs = DEFAULT_MAX_PAUSE } = policy;
  if (asked === null) return Math.min(pauseMs, LONGEST_TIMER);
  return asked <= Math.min(maxPauseMs, LONGEST_TIMER) ? asked : null;
}
