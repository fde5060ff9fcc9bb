/** The matrix of the official `openai` client: version by endpoint by mode, against what the simulator served. */
import type { RunningSimulator } from "@colophon/simulator";
import OpenAI7 from "openai";
import OpenAI6 from "openai-6";
import { describe, expect, it } from "vitest";
import {
  ASKS,
  drain,
  expectLoop,
  expectRow,
  expectRows,
  matrixPrompts,
  NO_TOKENS,
  scene,
  textOf,
} from "./matrix.fixture.ts";

const prompts = matrixPrompts("gpt-5-mini");
const runnable = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "The weather of a city today",
    parameters: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
    parse: JSON.parse,
    function: ({ city }: { city: string }) => ({ city, temperature: city.length }),
  },
};

describe.each([
  ["openai 7", OpenAI7],
  ["openai 6", OpenAI6 as unknown as typeof OpenAI7],
])("%s", (_, Client) => {
  const clientOf = (simulator: RunningSimulator, maxRetries = 0): OpenAI7 =>
    new Client({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries });

  describe("chat completions", () => {
    const text = { prompt: prompts.text, ask: ASKS.text };
    const plain = scene({
      ...text,
      send: (p, simulator) => clientOf(simulator).chat.completions.create(p.openai()),
      use: (answer) => answer,
    });
    const streamed = scene({
      ...text,
      send: (p, simulator) => clientOf(simulator).chat.completions.create(p.openai({ stream: true })),
      use: async (stream) => drain(await stream),
    });

    it("answers whole", async () => {
      const { rows, served } = await expectRows(plain, 1);
      expect(rows[0]).toMatchObject({ outputLength: served[0]?.text.length, step: null, attempt: 1 });
      expect(rows[0]?.latency).toBeGreaterThan(0);
    });

    it("answers with its response", async () => {
      const use = async (call: ReturnType<typeof plain.send>): Promise<unknown> => {
        const { data, response, request_id } = await call.withResponse();
        return { data, status: response.status, request_id };
      };
      await expectRows({ ...plain, use }, 1);
    });

    it("hands its raw response out unread", async () => {
      const use = async (call: ReturnType<typeof plain.send>): Promise<unknown> =>
        (await call.asResponse()).text();
      const { rows, host } = await expectRow({ ...plain, use }, { status: "ok", tokens: NO_TOKENS });
      expect(rows[0]?.host).toBe(host);
    });

    it("streams", async () => {
      const { rows, served } = await expectRows(streamed, 1);
      expect(rows[0]?.outputLength).toBe(served[0]?.text.length);
      expect(rows[0]?.firstToken).toBeGreaterThan(0);
      expect(rows[0]?.firstToken).toBeLessThan(rows[0]?.latency ?? 0);
    });

    it("streams split in two, and turned into bytes", async () => {
      await expectRows(
        {
          ...streamed,
          use: async (call) => {
            const [left, right] = (await call).tee();
            return Promise.all([drain(left), drain(right)]);
          },
        },
        1,
      );
      const bytes = await expectRows(
        { ...streamed, use: async (call) => textOf((await call).toReadableStream()) },
        1,
      );
      expect(bytes.seen).toContain("chat.completion.chunk");
    });

    it("streams through its helper, told by events, iterated or awaited", async () => {
      const helped = scene({
        ...text,
        send: (p, simulator) => clientOf(simulator).chat.completions.stream(p.openai({ stream: true })),
        use: async (stream) => {
          const told: unknown[] = [];
          stream.on("content", (delta, snapshot) => told.push([delta, snapshot]));
          stream.on("connect", () => told.push("connect"));
          return { final: await stream.finalChatCompletion(), usage: await stream.totalUsage(), told };
        },
      });
      const { rows } = await expectRows(helped, 1);
      expect(rows[0]).toMatchObject({ step: null });
      await expectRows({ ...helped, use: drain }, 1);
      await expectRows({ ...helped, use: (stream) => textOf(stream.toReadableStream()) }, 1);
    });

    it("parses objects, whole and streamed", async () => {
      const object = { prompt: prompts.object, ask: ASKS.ticket };
      const { rows } = await expectRows(
        {
          ...object,
          send: (p, simulator) => clientOf(simulator).chat.completions.parse(p.openai()),
          use: (answer) => answer,
        },
        1,
      );
      expect(rows[0]?.schemaOk).toBe(true);
      const helped = await expectRows(
        {
          ...object,
          send: (p, simulator) => clientOf(simulator).chat.completions.stream(p.openai({ stream: true })),
          use: (stream) => stream.finalMessage(),
        },
        1,
      );
      expect(helped.rows[0]?.schemaOk).toBe(true);
    });

    it("runs tools: a row for each provider call, steps and parent in it", async () => {
      const loop = { prompt: prompts.tools, ask: ASKS.weather };
      const { rows } = await expectRows(
        {
          ...loop,
          send: (p, simulator) =>
            clientOf(simulator).chat.completions.runTools({ ...p.openai(), tools: [runnable] }),
          use: async (runner) => [await runner.finalContent(), await runner.totalUsage(), runner.messages],
        },
        2,
      );
      expectLoop(rows);
      const streamedLoop = await expectRows(
        {
          ...loop,
          send: (p, simulator) =>
            clientOf(simulator).chat.completions.runTools({
              ...p.openai({ stream: true }),
              tools: [runnable],
            }),
          use: async (runner) => [await drain(runner), await runner.finalContent()],
        },
        2,
      );
      expectLoop(streamedLoop.rows);
    });

    it("lets the application run tools itself, step by step", async () => {
      const { rows } = await expectRows(
        {
          prompt: prompts.tools,
          ask: ASKS.weather,
          send: async (p, simulator) => {
            const client = clientOf(simulator);
            const messages: OpenAI7.ChatCompletionMessageParam[] = [...p.openai().messages];
            for (;;) {
              const answer = await p.step(() => client.chat.completions.create({ ...p.openai(), messages }));
              const message = answer.choices[0]?.message;
              if (!message?.tool_calls) return answer;
              messages.push(message);
              for (const { id } of message.tool_calls) {
                messages.push({ role: "tool", tool_call_id: id, content: '{"temperature":20}' });
              }
            }
          },
          use: (answer) => answer,
        },
        2,
      );
      expectLoop(rows);
    });

    it("says what was refused, whole and streamed", async () => {
      const { rows } = await expectRows({ ...plain, ask: ASKS.harm }, 1);
      expect(rows[0]).toMatchObject({ refused: true, schemaOk: null });
      await expectRows({ ...streamed, ask: ASKS.harm }, 1);
    });

    it("says when the answer ran out of tokens", async () => {
      const { rows } = await expectRows({ ...plain, prompt: prompts.short }, 1);
      expect(rows[0]?.finishReason).toBe("length");
    });

    it.each([["429"], ["500"], ["hangup"]])("fails as the client fails: %s", async (fault) => {
      const kind: Readonly<Record<string, string>> = {
        429: "RateLimitError 429 rate_limit_exceeded",
        500: "InternalServerError 500",
        hangup: "APIConnectionError",
      };
      const failed = { status: "error", error: kind[fault], tokens: NO_TOKENS, finishReason: null } as const;
      const { seen } = await expectRow({ ...plain, faults: [fault] }, failed);
      expect(seen).toContain(kind[fault]?.split(" ")[0]);
      await expectRow({ ...streamed, faults: [fault] }, failed);
      const helper = scene({
        ...text,
        faults: [fault],
        send: (p, simulator) => clientOf(simulator).chat.completions.stream(p.openai({ stream: true })),
        use: (stream) => stream.finalContent(),
      });
      await expectRow(helper, failed);
    });

    it("gets through where the client tries again by itself", async () => {
      const send: typeof plain.send = (p, simulator) =>
        clientOf(simulator, 2).chat.completions.create(p.openai());
      const faults = ["429;retry-after-ms=1;times=2"];
      const { rows, served } = await expectRows({ ...plain, send, faults }, 1);
      expect(served.map(({ status }) => status)).toEqual([429, 429, 200]);
      expect(rows[0]).toMatchObject({ status: "ok", attempt: 1 });
    });

    it("tells errors of the client's own class", async () => {
      const { seen } = await expectRow(
        {
          ...plain,
          faults: ["429"],
          use: (call) => call.then(undefined, (error) => error instanceof Client.RateLimitError),
        },
        { status: "error" },
      );
      expect(seen).toBe('{"value":true}');
    });

    it("is cut in the middle: an error with what was seen", async () => {
      const cut = {
        status: "error",
        finishReason: null,
        answeringModel: "gpt-5-mini",
        tokens: NO_TOKENS,
      } as const;
      const { rows } = await expectRow({ ...streamed, faults: ["cut;after=5"] }, cut);
      expect(rows[0]?.outputLength).toBeGreaterThan(0);
      expect(rows[0]?.firstToken).toBeGreaterThan(0);
    });

    it("is left, or aborted, in the middle: an aborted row with what was seen", async () => {
      const aborted = { status: "aborted", finishReason: null, answeringModel: "gpt-5-mini" } as const;
      const left = async (call: ReturnType<typeof streamed.send>): Promise<unknown> => {
        const seen: unknown[] = [];
        for await (const chunk of await call) if (seen.push(chunk) === 4) break;
        return seen;
      };
      const { rows } = await expectRow({ ...streamed, use: left }, aborted);
      expect(rows[0]?.outputLength).toBeGreaterThan(0);
      const byController = async (call: ReturnType<typeof streamed.send>): Promise<unknown> => {
        const stream = await call;
        const seen: unknown[] = [];
        for await (const chunk of stream) if (seen.push(chunk) === 4) stream.controller.abort();
        return seen.length >= 4;
      };
      await expectRow({ ...streamed, use: byController }, aborted);
      const bySignal = new AbortController();
      await expectRow(
        {
          ...plain,
          send: (p, simulator) =>
            clientOf(simulator).chat.completions.create(p.openai(), { signal: bySignal.signal }),
          use: (call) => {
            setImmediate(() => bySignal.abort());
            return call;
          },
        },
        { status: "aborted", error: "APIUserAbortError" },
      );
    });

    it("is aborted through its helper", async () => {
      const helped = scene({
        ...text,
        send: (p, simulator) => clientOf(simulator).chat.completions.stream(p.openai({ stream: true })),
        use: async (stream) => {
          let count = 0;
          for await (const _ of stream) if (++count === 4) break;
          return [count, stream.aborted];
        },
      });
      const { rows } = await expectRow(helped, { status: "aborted", answeringModel: "gpt-5-mini" });
      expect(rows[0]?.outputLength).toBeGreaterThan(0);
    });
  });

  describe("responses", () => {
    const text = { prompt: prompts.text, ask: ASKS.text };
    const plain = scene({
      ...text,
      send: (p, simulator) => clientOf(simulator).responses.create(p.responses()),
      use: (response) => response,
    });
    const streamed = scene({
      ...text,
      send: (p, simulator) => clientOf(simulator).responses.create(p.responses({ stream: true })),
      use: async (stream) => drain(await stream),
    });
    const helped = scene({
      ...text,
      send: (p, simulator) => clientOf(simulator).responses.stream(p.responses({ stream: true })),
      use: async (stream) => {
        const told: unknown[] = [];
        stream.on("response.output_text.delta", ({ delta, snapshot }) => told.push([delta, snapshot]));
        return { final: await stream.finalResponse(), told };
      },
    });

    it("answers whole", async () => {
      const { rows, served } = await expectRows(plain, 1);
      expect(rows[0]).toMatchObject({
        outputLength: served[0]?.text.length,
        step: null,
        finishReason: "completed",
      });
    });

    it("answers with its response", async () => {
      const use = async (call: ReturnType<typeof plain.send>): Promise<unknown> => {
        const { data, response, request_id } = await call.withResponse();
        return { data, status: response.status, request_id };
      };
      await expectRows({ ...plain, use }, 1);
    });

    it("streams", async () => {
      const { rows, served } = await expectRows(streamed, 1);
      expect(rows[0]?.outputLength).toBe(served[0]?.text.length);
      expect(rows[0]?.firstToken).toBeLessThan(rows[0]?.latency ?? 0);
      await expectRows({ ...streamed, use: async (call) => textOf((await call).toReadableStream()) }, 1);
    });

    it("streams through its helper, told by events or iterated", async () => {
      const { rows } = await expectRows(helped, 1);
      expect(rows[0]).toMatchObject({ step: null });
      await expectRows({ ...helped, use: drain }, 1);
    });

    it("parses objects, whole and streamed", async () => {
      const object = { prompt: prompts.object, ask: ASKS.ticket };
      const { rows } = await expectRows(
        {
          ...object,
          send: (p, simulator) => clientOf(simulator).responses.parse(p.responses()),
          use: (response) => response,
        },
        1,
      );
      expect(rows[0]?.schemaOk).toBe(true);
      const streamedObject = await expectRows({ ...helped, ...object }, 1);
      expect(streamedObject.rows[0]?.schemaOk).toBe(true);
    });

    it("lets the application run tools itself, step by step, whole or streamed", async () => {
      const loop = { prompt: prompts.tools, ask: ASKS.weather };
      const outputs = (
        calls: readonly OpenAI7.Responses.ResponseOutputItem[],
      ): OpenAI7.Responses.ResponseInputItem[] =>
        calls.flatMap((item) =>
          item.type === "function_call"
            ? [
                item,
                {
                  type: "function_call_output" as const,
                  call_id: item.call_id,
                  output: '{"temperature":20}',
                },
              ]
            : [],
        );
      const { rows } = await expectRows(
        {
          ...loop,
          send: async (p, simulator) => {
            const { responses } = clientOf(simulator);
            const input: OpenAI7.Responses.ResponseInput = [...p.responses().input];
            for (;;) {
              const response = await p.step(() => responses.create({ ...p.responses(), input }));
              const results = outputs(response.output);
              if (results.length === 0) return response;
              input.push(...results);
            }
          },
          use: (response) => response,
        },
        2,
      );
      expectLoop(rows);
      const streamedLoop = await expectRows(
        {
          ...loop,
          send: async (p, simulator) => {
            const { responses } = clientOf(simulator);
            const input: OpenAI7.Responses.ResponseInput = [...p.responses().input];
            for (;;) {
              const response = await p
                .step(() => responses.stream({ ...p.responses({ stream: true }), input }))
                .finalResponse();
              const results = outputs(response.output);
              if (results.length === 0) return response;
              input.push(...results);
            }
          },
          use: (response) => response,
        },
        2,
      );
      expectLoop(streamedLoop.rows);
    });

    it("says what was refused, whole and streamed", async () => {
      const { rows } = await expectRows({ ...plain, ask: ASKS.harm }, 1);
      expect(rows[0]).toMatchObject({ refused: true, schemaOk: null });
      await expectRows({ ...streamed, ask: ASKS.harm }, 1);
    });

    it("says when the answer ran out of tokens, whole and streamed", async () => {
      const { rows } = await expectRows({ ...plain, prompt: prompts.short }, 1);
      expect(rows[0]?.finishReason).toBe("max_output_tokens");
      await expectRows({ ...streamed, prompt: prompts.short }, 1);
    });

    it.each([["429"], ["500"]])("fails as the client fails: %s", async (fault) => {
      const error = fault === "429" ? "RateLimitError 429 rate_limit_exceeded" : "InternalServerError 500";
      await expectRow({ ...plain, faults: [fault] }, { status: "error", error });
      await expectRow({ ...streamed, faults: [fault] }, { status: "error", error });
      await expectRow({ ...helped, faults: [fault] }, { status: "error", error });
    });

    it("gets through where the client tries again by itself", async () => {
      const send: typeof streamed.send = (p, simulator) =>
        clientOf(simulator, 2).responses.create(p.responses({ stream: true }));
      await expectRows({ ...streamed, send, faults: ["429;retry-after-ms=1"] }, 1);
    });

    it("is cut, left or aborted in the middle, with what was seen", async () => {
      const seen = { finishReason: null, answeringModel: "gpt-5-mini", tokens: NO_TOKENS } as const;
      const cut = await expectRow({ ...streamed, faults: ["cut;after=8"] }, { status: "error", ...seen });
      expect(cut.rows[0]?.outputLength).toBeGreaterThan(0);
      const left = async (call: ReturnType<typeof streamed.send>): Promise<unknown> => {
        const events: unknown[] = [];
        for await (const event of await call) if (events.push(event) === 8) break;
        return events;
      };
      const { rows } = await expectRow({ ...streamed, use: left }, { status: "aborted", ...seen });
      expect(rows[0]?.outputLength).toBeGreaterThan(0);
      await expectRow(
        {
          ...helped,
          use: async (stream) => {
            stream.on("response.output_text.delta", () => stream.abort());
            return stream.finalResponse();
          },
        },
        { status: "aborted", answeringModel: "gpt-5-mini" },
      );
    });
  });
});
