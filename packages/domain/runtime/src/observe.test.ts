/** Tests that values, promises and streams are watched without being changed. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Call } from "./call.ts";
import { declarationOf, documentOf, openStage, type Stage, textOf } from "./runtime.fixture.ts";

const KEY = "support.triage";
const declaration = declarationOf(KEY, textOf("code {{ticket}}"));

interface Scene extends Stage {
  readonly call: Call<{ ticket: string }>;
}
function open(): Scene {
  const stage = openStage(documentOf({}));
  return { ...stage, call: stage.runtime.resolve<{ ticket: string }>(declaration) };
}
const input = { ticket: "T" };
const chunk = (content: string, more: object = {}) => ({
  object: "chat.completion.chunk",
  model: "m-1",
  choices: [{ index: 0, delta: { content }, ...more }],
});

async function* streamOf(chunks: readonly unknown[], failure?: Error): AsyncGenerator<unknown> {
  for (const item of chunks) yield item;
  if (failure !== undefined) throw failure;
}
async function drain(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for await (const item of stream) seen.push(item);
  return seen;
}

describe("what record returns", () => {
  it.each([[undefined], [null], [5], ["text"], [{ a: 1 }], [[1, 2]], [Symbol.iterator], [() => 1]])(
    "is the very value that send returned: %s",
    (value) => {
      const { call, sink } = open();
      expect(call.record(input, () => value)).toBe(value);
      expect(sink.row).toMatchObject({ status: "ok", error: null });
    },
  );

  it("is the very promise, with the row written before the next line after await", async () => {
    const { call, sink } = open();
    const promise = Promise.resolve("answer");
    const returned = call.record(input, () => promise);
    expect(returned).toBe(promise);
    expect(sink.rows).toEqual([]);
    expect(await returned).toBe("answer");
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 6 });
  });

  it("rejects with the very error, and the row names its class and status alone", async () => {
    class RateLimitError extends Error {
      readonly status = 429;
      readonly code = "rate_limit";
    }
    const { call, sink } = open();
    const error = new RateLimitError("the prompt was: secret");
    await expect(call.record(input, () => Promise.reject(error))).rejects.toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: "RateLimitError 429 rate_limit" });
    expect(JSON.stringify(sink.row)).not.toContain("secret");
  });

  it("throws what send throws, the same object, with a row", () => {
    const { call, sink } = open();
    const error = new TypeError("bad");
    expect(() =>
      call.record(input, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(sink.row).toMatchObject({ status: "error", error: "TypeError" });
  });

  it.each<readonly [string, unknown]>([
    ["string", "thrown text"],
    ["undefined", undefined],
    [
      "unknown",
      new Proxy(new Error("x"), {
        get: () => {
          throw new Error("y");
        },
      }),
    ],
    ["unknown", Object.assign(new Error("x"), { constructor: undefined })],
  ])("writes %s for an error that is none or cannot be read", (name, error) => {
    const { call, sink } = open();
    let caught: unknown = "nothing";
    try {
      call.record(input, () => {
        throw error;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: name });
  });

  it.each([
    ["a message for a name", { name: "the ticket said secret" }, "Error"],
    ["a sentence for a code", { code: "ticket: secret" }, "Error"],
    ["a name and a code of its own", { name: "Busy", code: "rate_limit" }, "Busy rate_limit"],
  ])("names no more than is sure to be a name: %s", (_, more, name) => {
    const { call, sink } = open();
    const failing = (): never => {
      throw Object.assign(new Error("x"), more);
    };
    expect(() => call.record(input, failing)).toThrow();
    expect(sink.row).toMatchObject({ status: "error", error: name });
  });

  it.each<readonly [string, unknown, string]>([
    ["an error", new Error("left"), "aborted"],
    ["a text", "left", "aborted"],
    ["a time limit", new DOMException("over", "TimeoutError"), "error"],
  ])("takes %s for what the application's signal says it is", async (_, reason, status) => {
    const { call, sink } = open();
    const own = new AbortController();
    const answer = call.record(
      input,
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
      { signal: own.signal },
    );
    own.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(sink.row).toMatchObject({ status });
  });

  it("tells an abort from an error", async () => {
    const { call, sink } = open();
    const abort = AbortSignal.abort();
    await expect(call.record(input, () => Promise.reject(abort.reason as Error))).rejects.toBe(abort.reason);
    expect(sink.row).toMatchObject({ status: "aborted" });
  });

  it("may be a value that cannot be looked at", () => {
    const { call, sink } = open();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("boom");
        },
        has: () => {
          throw new Error("boom");
        },
      },
    );
    expect(call.record(input, () => hostile)).toBe(hostile);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: null });
  });

  it("that settles after the runtime was closed stays as it is, and its row is the aborted one", async () => {
    const { call, sink, runtime } = open();
    const { promise, resolve } = Promise.withResolvers<string>();
    const returned = call.record(input, () => promise);
    await runtime.close();
    expect(sink.row).toMatchObject({ status: "aborted" });
    resolve("late");
    expect(await returned).toBe("late");
    expect(sink.rows).toHaveLength(1);
  });
});

describe("a promise of a client's own", () => {
  it("is asked only when the application asks, and once", async () => {
    const { call, sink } = open();
    let sent = 0;
    const lazy: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a lazy thenable is what this is about.
      then: (onValue, onError) => {
        sent++;
        return Promise.resolve("answer").then(onValue, onError);
      },
    };
    const returned = call.record(input, () => lazy);
    expect(returned).toBe(lazy);
    expect(sent).toBe(0);
    expect(await returned).toBe("answer");
    expect(sent).toBe(1);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 6 });
  });

  it("that fails gives its error to the application and to the row", async () => {
    const { call, sink } = open();
    const error = new RangeError("no");
    const lazy: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a lazy thenable is what this is about.
      then: (onValue, onError) => Promise.reject<string>(error).then(onValue, onError),
    };
    await expect(Promise.resolve(call.record(input, () => lazy))).rejects.toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: "RangeError" });
  });

  it("that is frozen is a row without an answer", async () => {
    const { call, sink } = open();
    // biome-ignore lint/suspicious/noThenProperty: a lazy thenable is what this is about.
    const frozen = Object.freeze({ then: (onValue: (value: string) => unknown) => void onValue("answer") });
    expect(await call.record(input, () => frozen as unknown as PromiseLike<string>)).toBe("answer");
    expect(sink.row).toMatchObject({ status: "ok", outputLength: null });
  });
});

describe("a promise of a client's own, that cannot be asked", () => {
  it("throws to whoever asks it, and is an error", async () => {
    const { call, sink } = open();
    const error = new RangeError("no");
    const broken: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a broken thenable is what this is about.
      then: () => {
        throw error;
      },
    };
    await expect(Promise.resolve(call.record(input, () => broken))).rejects.toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: "RangeError" });
  });
});

describe("a response of fetch", () => {
  it.each([
    [200, "ok", null],
    [429, "error", "ProviderFailure 429"],
    [500, "error", "ProviderFailure 500"],
  ])("of status %i stays unread, and its row says %s", async (status, said, error) => {
    const { call, sink } = open();
    const response = new Response("body", { status });
    expect(await call.record(input, async () => response)).toBe(response);
    expect(await response.text()).toBe("body");
    expect(sink.row).toMatchObject({ status: said, error });
  });
});

describe("a stream", () => {
  it("keeps its identity and is read only as the application reads it", async () => {
    const { call, sink } = open();
    let pulled = 0;
    const stream = {
      async *[Symbol.asyncIterator]() {
        for (const text of ["a", "b"]) {
          pulled++;
          yield chunk(text, { finish_reason: text === "b" ? "stop" : null });
        }
      },
    };
    const returned = call.record(input, () => stream);
    expect(returned).toBe(stream);
    await Promise.resolve();
    expect([pulled, sink.rows.length]).toEqual([0, 0]);
    expect(await drain(returned)).toHaveLength(2);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 2, answeringModel: "m-1" });
  });

  it("that is asked for a second time meanwhile goes on as the first reader has it", async () => {
    const { call, sink } = open();
    let used = false;
    // As the streams of OpenAI and Anthropic.
    const stream = {
      async *iterator() {
        if (used) throw new Error("consumed");
        used = true;
        yield* [chunk("a"), chunk("b", { finish_reason: "stop" })];
      },
      tee: () => undefined,
      [Symbol.asyncIterator]() {
        return this.iterator();
      },
    };
    const returned = call.record(input, () => stream);
    const first = returned[Symbol.asyncIterator]();
    await first.next();
    await expect(returned[Symbol.asyncIterator]().next()).rejects.toThrow("consumed");
    await returned[Symbol.asyncIterator]().return(undefined);
    expect(sink.rows).toEqual([]);
    while (!(await first.next()).done);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: 2 });
  });

  it("is read from where its answer begins, whatever its endpoint sends ahead", async () => {
    const ahead = { object: "", model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    const usage = { prompt_tokens: 3, completion_tokens: 1 };
    for (const first of [ahead, { type: "ping" }, "noise"]) {
      const { call, sink } = open();
      const chunks = [first, chunk("ab", { finish_reason: "stop" }), { ...chunk(""), choices: [], usage }];
      expect(await drain(call.record(input, () => streamOf(chunks)))).toEqual(chunks);
      expect(sink.row).toMatchObject({
        status: "ok",
        outputLength: 2,
        tokens: { input: 3, output: 1 },
        answeringModel: "m-1",
      });
    }
  });

  it("may come in a promise", async () => {
    const { call, sink } = open();
    const stream = streamOf([chunk("a"), chunk("b", { finish_reason: "stop" })]);
    const returned = await call.record(input, () => Promise.resolve(stream));
    expect(returned).toBe(stream);
    expect(sink.rows).toEqual([]);
    await drain(returned);
    expect(sink.row).toMatchObject({ status: "ok", finishReason: "stop", outputLength: 2 });
  });

  it("marks the time of its first token, not of its first chunk", async () => {
    const { call, sink, clock } = open();
    const stream = call.record(input, () => streamOf([chunk(""), chunk("a"), chunk("b")]));
    for (let step = 0; step < 4; step++) {
      clock.pass(100);
      await stream.next();
    }
    expect(sink.row).toMatchObject({ firstToken: 200, latency: 400 });
  });

  it("that is left early is aborted, with what was seen, and is closed", async () => {
    const { call, sink } = open();
    let closed = false;
    async function* source(): AsyncGenerator<unknown> {
      try {
        yield chunk("seen");
        yield chunk("unseen");
      } finally {
        closed = true;
      }
    }
    for await (const _ of call.record(input, source)) break;
    expect(closed).toBe(true);
    expect(sink.row).toMatchObject({ status: "aborted", outputLength: 4, schemaOk: null });
  });

  it("that fails in the middle gives its error, with what was seen", async () => {
    const { call, sink } = open();
    const error = new Error("connection lost");
    await expect(drain(call.record(input, () => streamOf([chunk("seen")], error)))).rejects.toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: "Error", outputLength: 4 });
  });

  it("that ends before the provider said that it is whole was cut: aborted, with what was seen", async () => {
    const { call, sink } = open();
    expect(await drain(call.record(input, () => streamOf([chunk("seen")])))).toHaveLength(1);
    expect(sink.row).toMatchObject({ status: "aborted", error: null, outputLength: 4 });
  });

  it("that is left after the provider said that it is whole is not aborted", async () => {
    const { call, sink } = open();
    const whole = streamOf([chunk("seen", { finish_reason: "stop" }), chunk("")]);
    for await (const _ of call.record(input, () => whole)) break;
    expect(sink.row).toMatchObject({ status: "ok", finishReason: "stop", outputLength: 4 });
  });

  it("that carries the provider's error in the answer's place is an error", async () => {
    const { call, sink } = open();
    const events = [
      { type: "response.created", response: { object: "response", model: "m-1", status: "in_progress" } },
      { type: "response.output_text.delta", delta: "se" },
      {
        type: "response.failed",
        response: { object: "response", model: "m-1", status: "failed", error: { code: "server_error" } },
      },
    ];
    expect(await drain(call.record(input, () => streamOf(events)))).toEqual(events);
    expect(sink.row).toMatchObject({
      status: "error",
      error: "ProviderFailure server_error",
      finishReason: "failed",
      outputLength: 2,
    });
  });

  it("that the application drops unread is an aborted row once it is collected", {
    timeout: 30_000,
  }, async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { call, sink } = open();
    // In a function of its own, so that no frame holds the stream.
    const drop = (): void => void call.record(input, () => ({ [Symbol.asyncIterator]: () => streamOf([]) }));
    drop();
    const statuses = (): readonly string[] => {
      collect();
      return sink.rows.map(({ status }) => status);
    };
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(["aborted"]);
  });

  it("that nobody reads is a row when the runtime closes", async () => {
    const { call, sink, runtime } = open();
    const stream = call.record(input, () => streamOf([chunk("a")]));
    expect(stream).toBeDefined();
    expect(sink.rows).toEqual([]);
    await runtime.close();
    expect(sink.row).toMatchObject({ status: "aborted", outputLength: null });
  });

  it("that is frozen cannot be watched, and is a row all the same", async () => {
    const { call, sink } = open();
    const frozen = Object.freeze({ [Symbol.asyncIterator]: () => streamOf([chunk("a")]) });
    const returned = call.record(input, () => frozen);
    expect(returned).toBe(frozen);
    expect(await drain(returned)).toHaveLength(1);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: null });
  });

  it("stepped by hand is watched too, and stays its own iterator", async () => {
    const { call, sink } = open();
    const stream = call.record(input, () => streamOf([chunk("ab")]));
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
    await stream.next();
    expect(await stream.return(undefined)).toEqual({ done: true, value: undefined });
    expect(sink.row).toMatchObject({ status: "aborted", outputLength: 2 });
  });

  it("thrown into by the application is an error", async () => {
    const { call, sink } = open();
    const stream = call.record(input, () => streamOf([chunk("a"), chunk("b")]));
    await stream.next();
    const error = new SyntaxError("mine");
    await expect(stream.throw(error)).rejects.toBe(error);
    expect(sink.row).toMatchObject({ status: "error", error: "SyntaxError", outputLength: 1 });
  });

  it("of chunks that nobody knows, or that cannot be read, reaches the application whole", async () => {
    const hostile = {
      get object(): string {
        throw new Error("boom");
      },
    };
    for (const chunks of [
      ["a", "b"],
      [hostile, hostile],
      [null, 5],
    ]) {
      const { call, sink } = open();
      const seen = await drain(call.record(input, () => streamOf(chunks)));
      expect(seen.every((item, index) => item === chunks[index])).toBe(true);
      expect(seen).toHaveLength(2);
      expect(sink.row).toMatchObject({ status: "ok", outputLength: null });
    }
  });

  it("with several choices is read for the first alone", async () => {
    const { call, sink } = open();
    const mixed = [0, 1, 1, 0].map((index) => ({
      object: "chat.completion.chunk",
      choices: [{ index, delta: { content: index === 0 ? "first" : "second" } }],
    }));
    await drain(call.record(input, () => streamOf(mixed)));
    expect(sink.row).toMatchObject({ outputLength: 10 });
  });

  it("tells of tools, usage and refusal", async () => {
    const { call, sink } = open();
    const tool = (name: string | undefined) => ({ index: 0, function: { name, arguments: "{" } });
    const chunks = [
      { object: "chat.completion.chunk", model: "m", choices: [{ delta: { tool_calls: [tool("refund")] } }] },
      {
        object: "chat.completion.chunk",
        choices: [{ delta: { tool_calls: [tool(undefined), tool("escalate")] } }],
      },
      { object: "chat.completion.chunk", choices: [{ delta: { refusal: "no" }, finish_reason: "stop" }] },
      {
        object: "chat.completion.chunk",
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } },
      },
    ];
    await drain(call.record(input, () => streamOf(chunks)));
    expect(sink.row).toMatchObject({
      toolCalls: ["refund", "escalate"],
      refused: true,
      outputLength: 2,
      tokens: { input: 9, output: 3, cacheRead: 4, cacheWrite: null, reasoning: null },
    });
  });
});

describe("an answer", () => {
  const record = (answer: unknown, read?: (value: unknown) => object) => {
    const { call, sink } = open();
    call.record(input, () => answer, { read });
    return sink.row;
  };
  const completion = (message: object, more: object = {}) => ({
    object: "chat.completion",
    model: "m-1",
    system_fingerprint: "fp",
    choices: [{ message, ...more }],
    usage: { prompt_tokens: 5, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 1 } },
  });

  it("of the OpenAI format is read: model, fingerprint, tokens, finish, tools", () => {
    const tools = [{ function: { name: "refund" } }, { custom: { name: "note" } }, { function: {} }];
    expect(
      record(completion({ content: "hello", tool_calls: tools }, { finish_reason: "tool_calls" })),
    ).toMatchObject({
      answeringModel: "m-1",
      systemFingerprint: "fp",
      finishReason: "tool_calls",
      toolCalls: ["refund", "note"],
      outputLength: 5,
      refused: false,
      tokens: { input: 5, output: 2, reasoning: 1, cacheRead: null, cacheWrite: null },
    });
  });

  it("that is refused says so, by the model or by the provider's filter", () => {
    expect(record(completion({ content: null, refusal: "I will not" }))).toMatchObject({
      refused: true,
      outputLength: 10,
    });
    expect(record(completion({ content: "" }, { finish_reason: "content_filter" }))).toMatchObject({
      refused: true,
    });
  });

  it("in a wrapper with its response, as withResponse gives it, is read", () => {
    const wrapped = { data: completion({ content: "hello" }), response: {}, request_id: "r" };
    expect(record(wrapped)).toMatchObject({ outputLength: 5, answeringModel: "m-1" });
  });

  it("of a client of the application's own is read by its read", () => {
    const read = (value: unknown) => ({ text: (value as { said: string }).said, usage: { input: 3 } });
    expect(record({ said: "four" }, read)).toMatchObject({
      outputLength: 4,
      tokens: { input: 3, output: null, reasoning: null, cacheRead: null, cacheWrite: null },
    });
  });

  it("whose read fails or gives nonsense is a row without numbers, and nobody's error", () => {
    const nonsense = () => ({ text: 5, usage: "many", toolCalls: [1, "a"], refused: "no", model: undefined });
    const failing = () => {
      throw new Error("unreadable");
    };
    expect(record({}, failing)).toMatchObject({ status: "ok", outputLength: null, tokens: { input: null } });
    expect(record({}, nonsense)).toMatchObject({
      outputLength: null,
      refused: null,
      toolCalls: ["a"],
      answeringModel: null,
      tokens: { input: null },
    });
    expect(record({}, () => null as never)).toMatchObject({ status: "ok", outputLength: null });
  });

  it("with counts that are none has no tokens", () => {
    const answer = { ...completion({ content: "x" }), usage: { prompt_tokens: -1, completion_tokens: "7" } };
    expect(record(answer).tokens).toMatchObject({ input: null, output: null });
  });
});
