/** One retry layer around a provider's call: patient with what passes, quick to give up on what does not. */

export interface RetryPolicy {
  readonly attempts: number;
  /** Longest pause without a word from the provider, in milliseconds. */
  readonly longestPause: number;
  readonly chance: () => number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 500;
/** A provider that asks for more patience than this is asked again later by a person. */
const LONGEST_ASKED_MS = 120_000;
const PASSING = [408, 409, 425, 429];

/** `call` gets the number of the attempt, from 1. Throws the last error when no attempt came through. */
export async function callWithRetries<T>(
  policy: RetryPolicy,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt);
    } catch (error) {
      const pause = attempt < policy.attempts ? pauseAfter(error, attempt, policy) : undefined;
      if (pause === undefined) throw error;
      await policy.sleep(pause);
    }
  }
}

/** Milliseconds to wait; undefined for an error that the next attempt would meet too. */
function pauseAfter(error: unknown, attempt: number, policy: RetryPolicy): number | undefined {
  if (!isPassing(error)) return undefined;
  const asked = askedPause(error, policy.now());
  if (asked !== undefined) return asked <= LONGEST_ASKED_MS ? asked : undefined;
  const longest = Math.min(policy.longestPause, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  // Never less than half, so that many workers neither wait for nothing nor come back at once.
  return longest * (0.5 + policy.chance() / 2);
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { status } = error as { readonly status?: unknown };
  if (typeof status === "number") return status >= 500 || PASSING.includes(status);
  return /Connection|Timeout/.test(error.constructor.name) || "syscall" in error;
}

/** What Retry-After says: seconds, a date, or the provider's milliseconds. */
function askedPause(error: unknown, now: number): number | undefined {
  const { headers } = error as { readonly headers?: unknown };
  const exact = Number(header(headers, "retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = header(headers, "retry-after");
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function header(headers: unknown, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  if (typeof headers !== "object" || headers === null) return undefined;
  const value = (headers as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
