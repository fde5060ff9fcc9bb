/** Tests the helpers of the `openai` client where the matrix of clients does not look: late, in steps, and unlike their client. */
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../call.ts";
import { declarationOf, documentOf, openStage, type RowSink, textOf } from "../../runtime.fixture.ts";

const input = { ticket: "What is the weather in Paris?" };
const tool = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "The weather of a city today",
    parameters: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
    function: () => '{"temperature":20}',
  },
};
let simulator: RunningSimulator;
let client: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 7, latencyMs: 0 });
  client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 0 });
});
afterAll(() => simulator.close());

function open(): { readonly call: Call<typeof input>; readonly sink: RowSink } {
  const stage = openStage(documentOf({}));
  const text = textOf("{{ticket}}", { model: "gpt-5" });
  return { call: stage.runtime.resolve(declarationOf("k", text)), sink: stage.sink };
}

describe("a helper of the openai client", () => {
  it("that was through before it was handed over is a row of what it kept", async () => {
    const { call, sink } = open();
    const stream = await call.record(input, async (p) => {
      const helper = client.chat.completions.stream(p.openai({ stream: true }));
      await helper.done();
      return helper;
    });
    const { usage } = await stream.finalChatCompletion();
    expect(sink.row).toMatchObject({ status: "ok", tokens: { input: usage?.prompt_tokens }, step: null });
  });

  it("of responses that was through before it was handed over is a row too", async () => {
    const { call, sink } = open();
    const { finalResponse } = await call.record(input, async (p) => {
      const helper = client.responses.stream(p.responses({ stream: true }));
      const response = await helper.finalResponse();
      return Object.assign(helper, { finalResponse: async () => response });
    });
    const { usage } = await finalResponse();
    expect(sink.row).toMatchObject({ status: "ok", tokens: { input: usage?.input_tokens } });
  });

  it("that looped before it was handed over is one row with the total usage", async () => {
    const { call, sink } = open();
    const runner = await call.record(input, async (p) => {
      const loop = client.chat.completions.runTools({ ...p.openai(), tools: [tool] });
      await loop.done();
      return loop;
    });
    const { prompt_tokens, completion_tokens } = await runner.totalUsage();
    expect(runner.allChatCompletions()).toHaveLength(2);
    expect(sink.row).toMatchObject({
      status: "ok",
      finishReason: "stop",
      toolCalls: ["get_weather"],
      tokens: { input: prompt_tokens, output: completion_tokens },
    });
  });

  it("that is handed over in the middle is told from there on, by its end at the latest", async () => {
    const chat = open();
    const streamed = await chat.call.record(input, async (p) => {
      const loop = client.chat.completions.runTools({ ...p.openai({ stream: true }), tools: [tool] });
      await loop.emitted("connect");
      return loop;
    });
    await streamed.done();
    const used = streamed.allChatCompletions().map(({ usage }) => usage?.prompt_tokens);
    expect(chat.sink.rows.map(({ step, tokens }) => [step, tokens.input])).toEqual([
      [null, used[0]],
      [2, used[1]],
    ]);
    const responses = open();
    const stream = await responses.call.record(input, async (p) => {
      const helper = client.responses.stream(p.responses({ stream: true }));
      await helper.emitted("response.created");
      return helper;
    });
    const { usage, status } = await stream.finalResponse();
    expect(responses.sink.row).toMatchObject({
      status: "ok",
      finishReason: status,
      tokens: { input: usage?.input_tokens },
    });
  });

  it("that failed or was aborted before it was handed over is a row that says so", async () => {
    const late = async (end: (helper: { abort(): void }) => void): Promise<RowSink> => {
      const { call, sink } = open();
      await call.record(input, async (p) => {
        const helper = client.chat.completions.stream(p.openai({ stream: true }));
        end(helper);
        await helper.done().catch(() => undefined);
        return helper;
      });
      return sink;
    };
    expect((await late((helper) => helper.abort())).row).toMatchObject({ status: "aborted" });
    simulator.failNext("500");
    expect((await late(() => undefined)).row).toMatchObject({ status: "error" });
  });

  it("in a step of its own goes on from that step", async () => {
    const { call, sink } = open();
    await call.record(input, async (p) => {
      await p.step(() => client.chat.completions.create(p.openai()));
      const loop = p.step(() => client.chat.completions.runTools({ ...p.openai(), tools: [tool] }));
      await loop.finalContent();
    });
    expect(sink.rows.map(({ step, status, toolCalls }) => [step, status, toolCalls])).toEqual([
      [1, "ok", []],
      [2, "ok", ["get_weather"]],
      [3, "ok", []],
    ]);
  });

  it("whose tool fails keeps the rows of its calls, and its error", async () => {
    const { call, sink } = open();
    const failing = {
      ...tool,
      function: {
        ...tool.function,
        function: (): string => {
          throw new RangeError("no weather");
        },
      },
    };
    const runner = call.record(input, (p) =>
      client.chat.completions.runTools({ ...p.openai(), tools: [failing] }),
    );
    await expect(runner.done()).rejects.toThrow("no weather");
    expect(sink.rows.map(({ step, status }) => [step, status])).toEqual([[1, "ok"]]);
  });

  it("that fails in its second call is an error of that call", async () => {
    const { call, sink } = open();
    simulator.failNext("none");
    simulator.failNext("429");
    const runner = call.record(input, (p) =>
      client.chat.completions.runTools({ ...p.openai(), tools: [tool] }),
    );
    await expect(runner.finalContent()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(sink.rows.map(({ step, status, error }) => [step, status, error])).toEqual([
      [1, "ok", null],
      [2, "error", "RateLimitError 429 rate_limit_exceeded"],
    ]);
    expect(sink.rows[1]?.parent).toBe(sink.rows[0]?.id);
  });

  it("keeps its own properties to itself", () => {
    const { call } = open();
    const helper = call.record(input, (p) => client.chat.completions.stream(p.openai({ stream: true })));
    const bare = client.chat.completions.stream(call.render(input).openai({ stream: true }));
    expect(Object.keys(helper)).toEqual(Object.keys(bare));
    for (const one of [helper, bare]) {
      one.on("abort", () => undefined);
      one.abort();
    }
  });

  it("is not changed by events that cannot be read", async () => {
    const { call, sink } = open();
    const helper = call.record(input, (p) => client.chat.completions.stream(p.openai({ stream: true })));
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("boom");
        },
      },
    );
    const heard: unknown[] = [];
    helper.on("chatCompletion", (answer) => heard.push(answer));
    helper._emit("chatCompletion", hostile as never);
    expect(heard[0]).toBe(hostile);
    await helper.done();
    expect(sink.row.status).toBe("ok");
  });
});
