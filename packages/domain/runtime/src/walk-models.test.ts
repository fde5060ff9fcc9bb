/** Tests the walk of `record` over the models of a call. */
import { type ExecutionId, HarnessError, modelChoice } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call } from "./call.ts";
import type { FallbackPolicy } from "./fallback-policy.ts";
import { modelFallback } from "./model-fallback.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { declarationOf, documentOf, openStage, type RowSink, textOf } from "./runtime.fixture.ts";
import type { RuntimeParts } from "./runtime.ts";

const KEY = "support.triage";
const input = { ticket: "T" };
const BACKUPS = [modelChoice("claude-haiku"), modelChoice("gpt-5-nano")];

function open(more: Partial<RuntimeParts> = {}) {
  const stage = openStage(documentOf({}), more);
  const text = textOf("Sort:\n{{ticket}}");
  const caller = { input: text.input, providers: ["openai", "anthropic"], tools: [] };
  const declaration = declarationOf(KEY, text, { caller, backup: BACKUPS });
  return { ...stage, call: stage.runtime.resolve<typeof input>(declaration, { session: "s" }) };
}

/** An error as clients throw it. */
function status(code: number, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error(`${code}`), { status: code, headers: new Headers(headers) });
}

/** Sends what each attempt is to meet, and remembers which models were asked. */
function sender(...outcomes: readonly (Error | string | (() => unknown))[]) {
  const asked: string[] = [];
  const send = async (p: PreparedPrompt): Promise<unknown> => {
    const outcome = outcomes[asked.length];
    asked.push(p.model.id);
    if (outcome instanceof Error) throw outcome;
    return typeof outcome === "function" ? outcome() : outcome;
  };
  return { send, asked };
}

const places = (sink: RowSink) =>
  sink.rows.map((row) => [row.requestedModel, row.attempt, row.fallbackOf, row.status, row.error]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a call with backups", () => {
  it("goes on to the next model and says in each row which one it stands in for", async () => {
    const { call, sink } = open();
    const { send, asked } = sender(status(429), status(529), "billing");
    await expect(call.record(input, send, { fallback: true })).resolves.toBe("billing");
    expect(asked).toEqual(["gpt-5-mini", "claude-haiku", "gpt-5-nano"]);
    const [first, second, third] = sink.rows.map((row) => row.id) as ExecutionId[];
    expect(places(sink)).toEqual([
      ["gpt-5-mini", 1, null, "error", "Error 429"],
      ["claude-haiku", 2, first, "error", "Error 529"],
      ["gpt-5-nano", 3, second, "ok", null],
    ]);
    expect(sink.rows.map((row) => row.provider)).toEqual(["openai", "anthropic", "openai"]);
    expect(call.executionId).toBe(third);
  });

  it("hands each attempt the same words, and the arguments of its own model", async () => {
    const { call } = open();
    const seen: PreparedPrompt[] = [];
    await call.record(
      input,
      async (p) => {
        seen.push(p);
        if (seen.length < 3) throw status(500);
      },
      { fallback: true },
    );
    expect(seen.map((p) => p.openai().model)).toEqual(["gpt-5-mini", "claude-haiku", "gpt-5-nano"]);
    expect(seen.map((p) => p.messages)).toEqual(Array.from(seen, () => seen[0]?.messages));
    expect(new Set(seen.map((p) => p.hash))).toHaveLength(1);
  });

  it("throws the last error, the very object, when all of them fail", async () => {
    const { call, sink } = open();
    const last = status(503);
    const { send } = sender(status(429), status(500), last);
    await expect(call.record(input, send, { fallback: true })).rejects.toBe(last);
    expect(sink.rows).toHaveLength(3);
  });

  it("stays with the first model without `fallback`, and returns what was sent as it is", () => {
    const { call, sink } = open();
    const failed = Promise.reject(status(429));
    expect(call.record(input, () => failed)).toBe(failed);
    failed.catch(() => undefined);
    expect(call.record(input, () => "answer", { fallback: false })).toBe("answer");
    expect(sink.rows.map((row) => row.requestedModel)).toEqual(["gpt-5-mini"]);
  });

  it("does not fall back where another model would not help", async () => {
    for (const error of [
      status(400),
      status(401),
      new TypeError("x is not a function"),
      new HarnessError("usage", "no"),
    ]) {
      const { call, sink } = open();
      await expect(call.record(input, sender(error).send, { fallback: true })).rejects.toBe(error);
      expect(sink.rows).toHaveLength(1);
    }
  });

  it("sends nothing and leaves no row where the variables do not fit", async () => {
    const { call, sink } = open();
    const { send, asked } = sender("never");
    const recorded = call.record({} as typeof input, send, { fallback: true });
    await expect(recorded).rejects.toMatchObject({ code: "variable-missing" });
    expect([asked, sink.rows]).toEqual([[], []]);
  });

  it("says why where there is no text to serve", async () => {
    const { runtime } = openStage(documentOf({}));
    const bare: Call<typeof input> = runtime.resolve(
      declarationOf(KEY, textOf("{{ticket}}"), { text: null }),
    );
    await expect(bare.record(input, () => "x", { fallback: true })).rejects.toMatchObject({
      code: "version-unknown",
    });
  });

  it("falls back from what fails before it returns a promise", async () => {
    const { call } = open();
    let sent = 0;
    const send = (): string => {
      if (sent++ === 0) throw status(503);
      return "answer";
    };
    await expect(call.record(input, send, { fallback: true })).resolves.toBe("answer");
  });

  it("does not fall back once a stream was handed over", async () => {
    const { call, sink } = open();
    const broken = status(500);
    async function* stream(): AsyncGenerator<string> {
      yield "a";
      throw broken;
    }
    const answer = await call.record(input, async () => stream(), { fallback: { timeoutMs: 50 } });
    await vi.advanceTimersByTimeAsync(100);
    await expect(answer.next()).resolves.toEqual({ done: false, value: "a" });
    await expect(answer.next()).rejects.toBe(broken);
    expect(places(sink)).toEqual([["gpt-5-mini", 1, null, "error", "Error 500"]]);
  });

  it("counts one question, however many models were asked", async () => {
    const { call, sink, runtime } = open();
    await call.record(input, sender(status(429), "a").send, { fallback: true });
    expect(sink.outcomes).toEqual([]);
    runtime.outcome(call as Call<never>, { name: "thumbs", value: true });
    expect(sink.outcomes[0]?.execution).toBe(sink.rows[1]?.id);
  });
});

describe("the policy of a fallback", () => {
  it("says which errors count", async () => {
    const { call, sink } = open();
    const error = status(429);
    const fallback = { on: ["server", "timeout"] } as const;
    await expect(call.record(input, sender(error).send, { fallback })).rejects.toBe(error);
    expect(sink.rows).toHaveLength(1);
  });

  it("is what `open` was given for `true`, and an own one goes before it", async () => {
    const { call } = open({ fallback: modelFallback({ on: ["server"] }) });
    const error = status(429);
    await expect(call.record(input, sender(error).send, { fallback: true })).rejects.toBe(error);
    await expect(call.record(input, sender(error, "b").send, { fallback: {} })).resolves.toBe("b");
  });

  it("tries a model again before the next one, and a retry stands in for nobody", async () => {
    const { call, sink } = open();
    const { send } = sender(status(500), status(500), status(500), "c");
    const recorded = call.record(input, send, { fallback: { retries: 1, pauseMs: 200 } });
    await vi.advanceTimersByTimeAsync(400);
    await expect(recorded).resolves.toBe("c");
    const [, second] = sink.rows;
    expect(places(sink)).toEqual([
      ["gpt-5-mini", 1, null, "error", "Error 500"],
      ["gpt-5-mini", 2, null, "error", "Error 500"],
      ["claude-haiku", 3, second?.id, "error", "Error 500"],
      ["claude-haiku", 4, null, "ok", null],
    ]);
  });

  it.each([
    ["what the policy says", {}, 200],
    ["seconds of Retry-After", { "retry-after": "2" }, 2_000],
    ["milliseconds of retry-after-ms", { "retry-after-ms": "30", "retry-after": "1" }, 30],
  ])("waits before a retry: %s", async (_, headers, ms) => {
    const { call } = open();
    const { send, asked } = sender(status(429, headers), "answer");
    const recorded = call.record(input, send, { fallback: { retries: 1, pauseMs: 200 } });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(recorded).resolves.toBe("answer");
    expect(asked).toEqual(["gpt-5-mini", "gpt-5-mini"]);
  });

  it("waits until the date that a provider names", async () => {
    const { call, clock } = open();
    const date = new Date(clock.now() + 3_000).toUTCString();
    const { send, asked } = sender(status(503, { "retry-after": date }), "answer");
    const recorded = call.record(input, send, { fallback: { retries: 1 } });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_001);
    await expect(recorded).resolves.toBe("answer");
  });

  it("leaves a model at once that asks to wait for too long", async () => {
    const { call } = open();
    const { send, asked } = sender(status(429, { "retry-after": "60" }), "answer");
    await expect(call.record(input, send, { fallback: { retries: 3 } })).resolves.toBe("answer");
    expect(asked).toEqual(["gpt-5-mini", "claude-haiku"]);
  });

  it("ends with the error of the last model, where that one asks to wait for too long", async () => {
    const { call } = open();
    const last = status(429, { "retry-after": "60" });
    const { send, asked } = sender(status(429, { "retry-after": "60" }), last, last);
    await expect(call.record(input, send, { fallback: { retries: 1 } })).rejects.toBe(last);
    expect(asked).toEqual(["gpt-5-mini", "claude-haiku", "gpt-5-nano"]);
  });

  it.each<FallbackPolicy>([
    { retries: -1 },
    { retries: Number.NaN },
    { timeoutMs: Infinity },
    { timeoutMs: 0 },
  ])("that means nothing changes nothing: %o", async (fallback) => {
    const { call, sink } = open();
    const { send } = sender(status(500), () => new Promise((done) => setTimeout(() => done("late"), 10_000)));
    const recorded = call.record(input, send, { fallback });
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(recorded).resolves.toBe("late");
    expect(sink.rows).toHaveLength(2);
  });
});

describe("an attempt of several provider calls", () => {
  it("stands in for the one before it with its first call alone", async () => {
    const { call, sink } = open();
    const send = async (p: PreparedPrompt): Promise<string> => {
      if (p.model.id === "gpt-5-mini") throw status(500);
      await p.step(async () => "one");
      return p.step(async () => "two");
    };
    await expect(call.record(input, send, { fallback: true })).resolves.toBe("two");
    const [first, second] = sink.rows;
    expect(sink.rows.map((row) => [row.attempt, row.step, row.fallbackOf, row.parent])).toEqual([
      [1, null, null, null],
      [2, 1, first?.id, null],
      [1, 2, null, second?.id],
    ]);
  });
});

describe("the time limit of an attempt", () => {
  /** Answers after a while, or fails as fetch does when its signal aborts. */
  const answering = (ms: number, signal: AbortSignal | undefined, answer: string): Promise<string> =>
    new Promise((resolve, reject) => {
      setTimeout(() => resolve(answer), ms);
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });

  it("tells the sender by its signal, and the row says that time was up", async () => {
    const { call, sink } = open();
    const reasons: unknown[] = [];
    const send = (p: PreparedPrompt): Promise<string> => {
      p.signal?.addEventListener("abort", () => reasons.push(p.signal?.reason));
      return answering(p.model.id === "gpt-5-mini" ? 1_000 : 20, p.signal, p.model.id);
    };
    const recorded = call.record(input, send, { fallback: { timeoutMs: 50 } });
    await vi.advanceTimersByTimeAsync(70);
    await expect(recorded).resolves.toBe("claude-haiku");
    expect(reasons).toEqual([expect.objectContaining({ name: "TimeoutError" })]);
    expect(places(sink)).toEqual([
      ["gpt-5-mini", 1, null, "error", "TimeoutError"],
      ["claude-haiku", 2, sink.rows[0]?.id, "ok", null],
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([reasons.length, sink.rows.length]).toEqual([1, 2]);
  });

  it("does not wait for a sender that goes on regardless, and writes no second row for it", async () => {
    const { call, sink } = open();
    let late: ((answer: string) => void) | undefined;
    const { send } = sender(() => new Promise((done) => (late = done)), "answer");
    const recorded = call.record(input, send, { fallback: { timeoutMs: 50 } });
    await vi.advanceTimersByTimeAsync(50);
    await expect(recorded).resolves.toBe("answer");
    late?.("too late");
    await vi.advanceTimersByTimeAsync(0);
    expect(sink.rows.map((row) => [row.status, row.outputLength])).toEqual([
      ["error", null],
      ["ok", 6],
    ]);
  });

  it("hears of late failures without a word to the process", async () => {
    const rejections: unknown[] = [];
    const listen = (reason: unknown): number => rejections.push(reason);
    process.on("unhandledRejection", listen);
    const { call, sink } = open();
    let fail: ((error: Error) => void) | undefined;
    const { send } = sender(() => new Promise((_, reject) => (fail = reject)), "answer");
    const recorded = call.record(input, send, { fallback: { timeoutMs: 50 } });
    await vi.advanceTimersByTimeAsync(50);
    await recorded;
    fail?.(new Error("late"));
    vi.useRealTimers();
    await new Promise((done) => setImmediate(done));
    process.off("unhandledRejection", listen);
    expect([rejections, sink.rows.length]).toEqual([[], 2]);
  });

  it("ends with the very error that the signal carries, when no model answered in time", async () => {
    const { call, sink } = open();
    const reasons: unknown[] = [];
    const send = (p: PreparedPrompt): Promise<never> => {
      p.signal?.addEventListener("abort", () => reasons.push(p.signal?.reason));
      return new Promise(() => undefined);
    };
    const recorded = call.record(input, send, { fallback: { timeoutMs: 50 } }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(150);
    const error = (await recorded) as Error;
    expect(error.name).toBe("TimeoutError");
    expect(reasons).toHaveLength(3);
    expect(reasons[2]).toBe(error);
    expect(sink.rows.map((row) => row.error)).toEqual(["TimeoutError", "TimeoutError", "TimeoutError"]);
  });

  it("ends the provider call that is running, and steps that come later do not speak for the call", async () => {
    const { call, sink } = open();
    const send = async (p: PreparedPrompt): Promise<string> => {
      if (p.model.id !== "gpt-5-mini") return p.step(async () => "answer");
      await p.step(async () => "one");
      await p.step(() => answering(100, undefined, "two")).catch(() => undefined);
      return p.step(async () => "three");
    };
    const recorded = call.record(input, send, { fallback: { timeoutMs: 50 } });
    await vi.advanceTimersByTimeAsync(50);
    await expect(recorded).resolves.toBe("answer");
    await vi.advanceTimersByTimeAsync(100);
    expect(sink.rows.map((row) => [row.requestedModel, row.status, row.step, row.outputLength])).toEqual([
      ["gpt-5-mini", "ok", 1, 3],
      ["gpt-5-mini", "error", 2, null],
      ["claude-haiku", "ok", 1, 6],
      ["gpt-5-mini", "ok", 2, 5],
    ]);
    expect(sink.rows.map((row) => row.fallbackOf)).toEqual([null, null, sink.rows[0]?.id, null]);
    expect(call.executionId).toBe(sink.rows[2]?.id);
  });
});

describe("the application's own signal", () => {
  it("is the one that a sender gets, with or without backups", async () => {
    const { call } = open();
    const { signal } = new AbortController();
    const own = (p: PreparedPrompt): AbortSignal | undefined => p.signal;
    expect(call.record(input, own, { signal })).toBe(signal);
    expect(call.record(input, own)).toBeUndefined();
    expect(await call.record(input, own, { signal, fallback: true })).toBe(signal);
  });

  it("ends the walk: what was aborted is not tried elsewhere", async () => {
    const controller = new AbortController();
    const { call, sink } = open();
    const send = (p: PreparedPrompt): Promise<never> =>
      new Promise((_, reject) =>
        p.signal?.addEventListener("abort", () => reject(p.signal?.reason as Error)),
      );
    const recorded = call.record(input, send, {
      signal: controller.signal,
      fallback: { timeoutMs: 1_000, retries: 2 },
    });
    controller.abort();
    await expect(recorded).rejects.toBe(controller.signal.reason);
    expect(places(sink)).toEqual([["gpt-5-mini", 1, null, "aborted", "DOMException 20"]]);
  });

  it("ends the walk even where the client says something else of it", async () => {
    const controller = new AbortController();
    const { call } = open();
    const error = status(503);
    const { send, asked } = sender(() => {
      controller.abort();
      throw error;
    });
    await expect(call.record(input, send, { signal: controller.signal, fallback: true })).rejects.toBe(error);
    expect(asked).toHaveLength(1);
  });

  it("ends a pause before a retry", async () => {
    const controller = new AbortController();
    const { call } = open();
    const { send, asked } = sender(status(500), "never");
    const recorded = call.record(input, send, { signal: controller.signal, fallback: { retries: 1 } });
    const settled = recorded.catch((error) => error);
    await vi.advanceTimersByTimeAsync(100);
    controller.abort();
    expect(await settled).toBe(controller.signal.reason);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(1);
  });

  it("that a sender uses by itself never falls back either", async () => {
    const { call, sink } = open();
    const aborted = Object.assign(new Error("aborted"), { name: "AbortError" });
    await expect(call.record(input, sender(aborted).send, { fallback: true })).rejects.toBe(aborted);
    expect(sink.row.status).toBe("aborted");
  });
});
