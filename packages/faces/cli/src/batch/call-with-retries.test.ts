/** Meets errors that pass and errors that stay, with time and chance in hand. */
import { expect, test } from "vitest";
import { callWithRetries, type RetryPolicy } from "./call-with-retries.ts";

class ProviderError extends Error {
  readonly status: number;
  readonly headers: Headers;
  constructor(status: number, headers: Record<string, string> = {}) {
    super(`status ${status}`);
    this.status = status;
    this.headers = new Headers(headers);
  }
}
class APIConnectionError extends Error {}

const NOW = Date.parse("2026-03-16T14:32:00Z");

/** Runs against a provider that fails with these errors first. */
async function run(
  errors: readonly Error[],
  attempts = 6,
): Promise<{ pauses: number[]; attempts: number[]; error?: unknown }> {
  const pauses: number[] = [];
  const made: number[] = [];
  const policy: RetryPolicy = {
    attempts,
    longestPause: 30_000,
    chance: () => 1,
    now: () => NOW,
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  };
  const call = async (attempt: number): Promise<string> => {
    made.push(attempt);
    const error = errors[attempt - 1];
    if (error !== undefined) throw error;
    return "done";
  };
  const error = await callWithRetries(policy, call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { pauses, attempts: made, error };
}

test("pauses double, and the attempts are counted from 1", async () => {
  const errors = [new ProviderError(500), new ProviderError(429), new APIConnectionError("gone")];
  expect(await run(errors)).toEqual({ pauses: [500, 1000, 2000], attempts: [1, 2, 3, 4], error: undefined });
});

test("Retry-After is honoured in seconds, as a date and in milliseconds", async () => {
  const date = new Date(NOW + 4_000).toUTCString();
  const errors = [
    new ProviderError(429, { "retry-after": "7" }),
    new ProviderError(503, { "retry-after": date }),
    new ProviderError(429, { "retry-after-ms": "250", "retry-after": "1" }),
  ];
  expect((await run(errors)).pauses).toEqual([7_000, 4_000, 250]);
});

test("an error that stays is not tried again, nor is a provider that asks for hours", async () => {
  for (const error of [
    new ProviderError(400),
    new ProviderError(401),
    new Error("bug"),
    new ProviderError(429, { "retry-after": "3600" }),
  ]) {
    expect(await run([error, error])).toEqual({ pauses: [], attempts: [1], error });
  }
});

test("the last error is thrown when no attempt came through", async () => {
  const errors = Array.from({ length: 3 }, () => new ProviderError(500));
  const { attempts, error } = await run(errors, 3);
  expect(attempts).toEqual([1, 2, 3]);
  expect(error).toBe(errors[2]);
});
