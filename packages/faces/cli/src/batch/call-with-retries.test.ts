/** Meets errors that pass and errors that stay, with time and chance in hand. */
import { CallPace } from "@colophon/harness";
import { expect, test } from "vitest";
import { CutAnswer } from "./ask.ts";
import { type CallEnd, callWithRetries, type RetryPolicy } from "./call-with-retries.ts";
import { SilentProvider } from "./silence-limit.ts";

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

interface Made {
  readonly pauses: readonly number[];
  readonly attempts: readonly number[];
  readonly end: CallEnd<string>;
}

/** Runs against a provider that fails with these errors first. */
async function run(errors: readonly Error[], tries = 6, stop = new AbortController()): Promise<Made> {
  const pauses: number[] = [];
  const attempts: number[] = [];
  const policy: RetryPolicy = {
    tries,
    longestPause: 30_000,
    chance: () => 1,
    now: () => NOW,
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  };
  const pace = new CallPace({ start: 4, most: 4, sleep: async () => {}, signal: stop.signal });
  const call = async (attempt: number): Promise<string> => {
    attempts.push(attempt);
    const error = errors[attempt - 1];
    if (error !== undefined) throw error;
    return "done";
  };
  const end = await callWithRetries(policy, pace, { call, onTrouble: () => {} });
  return { pauses, attempts, end };
}

const ANSWERED = { kind: "answered", answer: "done" };

test("pauses double, and the attempts are counted from 1", async () => {
  const errors = [new ProviderError(500), new ProviderError(429), new APIConnectionError("gone")];
  expect(await run(errors)).toEqual({ pauses: [500, 1000, 2000], attempts: [1, 2, 3, 4], end: ANSWERED });
});

test("a connection that breaks, an answer that does, silence and conflicts pass", async () => {
  const broken = new TypeError("terminated", {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });
  const errors = [
    ...[broken, new CutAnswer(), new SyntaxError("Unexpected end"), new SilentProvider(1_000)],
    new ProviderError(409),
  ];
  expect(await run(errors)).toMatchObject({ attempts: [1, 2, 3, 4, 5, 6], end: ANSWERED });
});

test("no pause is longer than the longest, and none shorter than its half", async () => {
  const { pauses } = await run(
    Array.from({ length: 9 }, () => new ProviderError(500)),
    10,
  );
  expect(Math.max(...pauses)).toBe(30_000);
});

test("waits that the provider asked for do not lengthen those that it did not", async () => {
  const asked = new ProviderError(429, { "retry-after": "0" });
  const errors = [asked, new ProviderError(500), asked, new ProviderError(500)];
  expect((await run(errors)).pauses).toEqual([0, 500, 0, 1000]);
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

test("an error that stays is not met twice", async () => {
  for (const error of [new ProviderError(400), new ProviderError(404), new Error("bug")]) {
    expect(await run([error, error])).toEqual({ pauses: [], attempts: [1], end: { kind: "failed", error } });
  }
});

test("an error that every line would meet bars the batch: a refused key, a spent budget, hours to wait", async () => {
  const spent = Object.assign(new ProviderError(429), { code: "insufficient_quota" });
  for (const error of [new ProviderError(401), spent, new ProviderError(429, { "retry-after": "3600" })]) {
    const { end, attempts } = await run([error, error]);
    expect(end).toEqual({
      kind: "barred",
      why: expect.stringMatching(/^The provider (takes no calls|asks to wait)/),
    });
    expect(attempts).toEqual([1]);
  }
});

test("the last error is the end when no attempt came through", async () => {
  const errors = Array.from({ length: 3 }, () => new ProviderError(500));
  expect(await run(errors, 3)).toMatchObject({
    attempts: [1, 2, 3],
    end: { kind: "failed", error: errors[2] },
  });
});

test("work that is stopped leaves its calls, without another try", async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await run([], 6, stop)).toEqual({ pauses: [], attempts: [], end: { kind: "left" } });
});
