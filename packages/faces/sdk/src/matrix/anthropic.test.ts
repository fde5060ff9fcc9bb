/** The matrix of the official `@anthropic-ai/sdk` client: version by mode, against what the simulator served. */
import Anthropic1 from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import type { RunningSimulator, ServedCall } from "@colophon/simulator";
import Anthropic0 from "anthropic-0";
import { describe, expect, it } from "vitest";
import {
  ASKS,
  drain,
  expectLoop,
  expectRow,
  expectRows,
  matrixPrompts,
  NO_TOKENS,
  play,
  rowOf,
  scene,
  textOf,
} from "./matrix.fixture.ts";

const MODEL = "claude-haiku-4-5";
const prompts = matrixPrompts(MODEL);
const tool = betaTool({
  name: "get_weather",
  description: "The weather of a city today",
  inputSchema: {
    type: "object",
    properties: { city: { type: "string", description: "The city" } },
    required: ["city"],
  },
  run: ({ city }) => JSON.stringify({ city, temperature: city.length }),
});

describe.each([
  ["anthropic 1", Anthropic1],
  ["anthropic 0", Anthropic0 as unknown as typeof Anthropic1],
])("%s", (version, Client) => {
  const clientOf = (simulator: RunningSimulator, maxRetries = 0): Anthropic1 =>
    new Client({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries });
  // Version 1 lets the server keep the conversation of a loop, unless it is told not to; the simulator keeps none.
  const looping = { tools: [tool], ...(version === "anthropic 1" && { thread: false as const }) };
  const text = { prompt: prompts.text, ask: ASKS.text };
  const plain = scene({
    ...text,
    send: (p, simulator) => clientOf(simulator).messages.create(p.anthropic()),
    use: (message) => message,
  });
  const streamed = scene({
    ...text,
    send: (p, simulator) => clientOf(simulator).messages.create(p.anthropic({ stream: true })),
    use: async (stream) => drain(await stream),
  });
  const helped = scene({
    ...text,
    send: (p, simulator) => clientOf(simulator).messages.stream(p.anthropic()),
    use: async (stream) => {
      const told: unknown[] = [];
      stream.on("text", (delta, snapshot) => told.push([delta, snapshot]));
      stream.on("connect", () => told.push("connect"));
      return { final: await stream.finalMessage(), told };
    },
  });

  it("answers whole", async () => {
    const { rows, served } = await expectRows(plain, 1);
    expect(rows[0]).toMatchObject({
      outputLength: served[0]?.text.length,
      step: null,
      finishReason: "end_turn",
    });
    expect(rows[0]?.latency).toBeGreaterThan(0);
  });

  it("answers with its response, or raw", async () => {
    await expectRows(
      {
        ...plain,
        use: async (call) => {
          const { data, response, request_id } = await call.withResponse();
          return { data, status: response.status, request_id };
        },
      },
      1,
    );
    const raw = await expectRow(
      { ...plain, use: async (call) => (await call.asResponse()).text() },
      { status: "ok", tokens: NO_TOKENS },
    );
    expect(raw.rows[0]?.host).toBe(raw.host);
  });

  it("streams, split in two, and turned into bytes", async () => {
    const { rows, served } = await expectRows(streamed, 1);
    expect(rows[0]?.outputLength).toBe(served[0]?.text.length);
    expect(rows[0]?.firstToken).toBeGreaterThan(0);
    expect(rows[0]?.firstToken).toBeLessThan(rows[0]?.latency ?? 0);
    const split = scene({
      ...streamed,
      use: async (call) => {
        const [left, right] = (await call).tee();
        return Promise.all([drain(left), drain(right)]);
      },
    });
    await expectRows(split, 1);
    await expectRows({ ...streamed, use: async (call) => textOf((await call).toReadableStream()) }, 1);
  });

  it("streams through its helper, told by events, iterated, as bytes, or with its response", async () => {
    const { rows } = await expectRows(helped, 1);
    expect(rows[0]).toMatchObject({ step: null });
    await expectRows({ ...helped, use: drain }, 1);
    await expectRows({ ...helped, use: (stream) => textOf(stream.toReadableStream()) }, 1);
    await expectRows(
      {
        ...helped,
        use: async (stream) => {
          const { data, response } = await stream.withResponse();
          return [response.status, await data.finalText()];
        },
      },
      1,
    );
  });

  it("streams through the helper of the beta", async () => {
    await expectRows(
      {
        ...text,
        send: (p, simulator) => clientOf(simulator).beta.messages.stream(p.anthropic()),
        use: (stream) => stream.finalMessage(),
      },
      1,
    );
  });

  it("parses objects, whole and streamed", async () => {
    const object = { prompt: prompts.object, ask: ASKS.ticket };
    const parsed = scene({
      ...object,
      send: (p, simulator) => clientOf(simulator).messages.parse(p.anthropic()),
      use: (message) => message,
    });
    const { rows, served, seen, seenBare } = await play(parsed);
    expect(seen).toBe(seenBare);
    // The helper hands out a plain promise, which does not tell where the answer came from.
    expect(rows).toMatchObject([{ ...rowOf(served[0] as ServedCall, ""), host: null, schemaOk: true }]);
    const streamedObject = await expectRows({ ...helped, ...object }, 1);
    expect(streamedObject.rows[0]?.schemaOk).toBe(true);
  });

  it("runs tools: a row for each provider call, steps and parent in it", async () => {
    const loop = { prompt: prompts.tools, ask: ASKS.weather };
    const run = scene({
      ...loop,
      send: (p, simulator) => clientOf(simulator).beta.messages.toolRunner({ ...p.anthropic(), ...looping }),
      use: (runner) => runner.runUntilDone(),
    });
    for (const use of [run.use, drain, async (runner: PromiseLike<unknown>) => await runner]) {
      const { rows, served, seen, seenBare, host } = await play({ ...run, use });
      expect(seen).toBe(seenBare);
      expect(rows).toMatchObject(
        // Version 1 keeps its client to itself, and whole messages do not tell where they came from.
        served.map((one) => ({ ...rowOf(one, host), host: version === "anthropic 1" ? null : host })),
      );
      expectLoop(rows);
    }
    const streamedLoop = await expectRows(
      {
        ...loop,
        send: (p, simulator) =>
          clientOf(simulator).beta.messages.toolRunner({ ...p.anthropic({ stream: true }), ...looping }),
        use: async (runner) => {
          const turns: unknown[] = [];
          for await (const turn of runner) turns.push(await drain(turn));
          return turns;
        },
      },
      2,
    );
    expectLoop(streamedLoop.rows);
  });

  it("runs tools no further than the application lets it", async () => {
    const run = scene({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) =>
        clientOf(simulator).beta.messages.toolRunner({ ...p.anthropic(), ...looping, max_iterations: 1 }),
      use: async (runner) => drain(runner),
    });
    const { rows, seen, seenBare } = await play(run);
    expect(seen).toBe(seenBare);
    expect(rows).toMatchObject([{ status: "ok", step: 1, finishReason: "tool_use" }]);
    const left = await play({
      ...run,
      use: async (runner) => {
        for await (const message of runner) return message;
      },
    });
    expect(left.seen).toBe(left.seenBare);
    expect(left.rows).toMatchObject([{ status: "ok", step: 1, finishReason: "tool_use" }]);
    const failed = await play({ ...run, faults: ["none", "500"], use: (runner) => runner.runUntilDone() });
    expect(failed.rows[0]).toMatchObject({ status: "ok", step: 1 });
  });

  it("fails in the middle of a loop where the client fails", async () => {
    const { rows, seen, seenBare } = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      faults: ["none", "500"],
      send: (p, simulator) => clientOf(simulator).beta.messages.toolRunner({ ...p.anthropic(), ...looping }),
      use: (runner) => runner.runUntilDone(),
    });
    expect(seen).toBe(seenBare);
    expect(rows).toMatchObject([
      { status: "ok", step: 1 },
      { status: "error", step: 2, error: "InternalServerError 500", parent: rows[0]?.id },
    ]);
  });

  it("lets the application run tools itself, step by step, whole or streamed", async () => {
    const byHand = (isStreamed: boolean) =>
      scene({
        prompt: prompts.tools,
        ask: ASKS.weather,
        send: async (p, simulator) => {
          const client = clientOf(simulator);
          const messages: Anthropic1.MessageParam[] = [...p.anthropic().messages];
          for (;;) {
            const asked = { ...p.anthropic(), messages };
            const message = isStreamed
              ? await p.step(() => client.messages.stream(asked)).finalMessage()
              : await p.step(() => client.messages.create(asked));
            if (message.stop_reason !== "tool_use") return message;
            messages.push({ role: "assistant", content: message.content });
            const results = message.content.flatMap((block) =>
              block.type === "tool_use"
                ? [{ type: "tool_result" as const, tool_use_id: block.id, content: '{"temperature":20}' }]
                : [],
            );
            messages.push({ role: "user", content: results });
          }
        },
        use: (message) => message,
      });
    for (const isStreamed of [false, true]) {
      const { rows } = await expectRows(byHand(isStreamed), 2);
      expectLoop(rows);
    }
  });

  it("says what was refused, whole and streamed", async () => {
    const { rows } = await expectRows({ ...plain, ask: ASKS.harm }, 1);
    expect(rows[0]).toMatchObject({ refused: true, finishReason: "refusal", schemaOk: null });
    await expectRows({ ...streamed, ask: ASKS.harm }, 1);
  });

  it("says when the answer ran out of tokens", async () => {
    const { rows } = await expectRows({ ...plain, prompt: prompts.short }, 1);
    expect(rows[0]?.finishReason).toBe("max_tokens");
  });

  it.each([
    ["429", "RateLimitError 429"],
    ["500", "InternalServerError 500"],
    ["529", version === "anthropic 1" ? "OverloadedError 529" : "InternalServerError 529"],
    ["hangup", "APIConnectionError"],
  ])("fails as the client fails: %s", async (fault, error) => {
    const failed = { status: "error", error, tokens: NO_TOKENS, finishReason: null } as const;
    const { seen } = await expectRow({ ...plain, faults: [fault] }, failed);
    expect(seen).toContain(error.split(" ")[0]);
    await expectRow({ ...streamed, faults: [fault] }, failed);
    await expectRow({ ...helped, faults: [fault] }, failed);
  });

  it("gets through where the client tries again by itself", async () => {
    const send: typeof helped.send = (p, simulator) => clientOf(simulator, 2).messages.stream(p.anthropic());
    const { served } = await expectRows({ ...helped, send, faults: ["429;retry-after-ms=1;times=2"] }, 1);
    expect(served.map(({ status }) => status)).toEqual([429, 429, 200]);
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

  it("is cut, left or aborted in the middle, with what was seen", async () => {
    const seen = { finishReason: null, answeringModel: MODEL } as const;
    const cut = await expectRow({ ...streamed, faults: ["cut;after=6"] }, { status: "error", ...seen });
    expect(cut.rows[0]?.outputLength).toBeGreaterThan(0);
    expect(cut.rows[0]?.tokens.input).toBeGreaterThan(0);
    const cutHelped = await expectRow({ ...helped, faults: ["cut;after=6"] }, { status: "error", ...seen });
    expect(cutHelped.rows[0]?.outputLength).toBeGreaterThan(0);
    const left = async (call: ReturnType<typeof streamed.send>): Promise<unknown> => {
      const events: unknown[] = [];
      for await (const event of await call) if (events.push(event) === 6) break;
      return events;
    };
    const { rows } = await expectRow({ ...streamed, use: left }, { status: "aborted", ...seen });
    expect(rows[0]?.outputLength).toBeGreaterThan(0);
    const aborted = async (call: ReturnType<typeof streamed.send>): Promise<unknown> => {
      const stream = await call;
      let count = 0;
      for await (const _ of stream) if (++count === 6) stream.controller.abort();
      return count >= 6;
    };
    await expectRow({ ...streamed, use: aborted }, { status: "aborted", ...seen });
    const helper = await expectRow(
      {
        ...helped,
        use: async (stream) => {
          let count = 0;
          for await (const _ of stream) if (++count === 6) break;
          return [count, stream.aborted];
        },
      },
      { status: "aborted", ...seen },
    );
    expect(helper.rows[0]?.outputLength).toBeGreaterThan(0);
  });

  it("is aborted by a signal before it answers", async () => {
    const abort = new AbortController();
    await expectRow(
      {
        ...plain,
        send: (p, simulator) => clientOf(simulator).messages.create(p.anthropic(), { signal: abort.signal }),
        use: (call) => {
          setImmediate(() => abort.abort());
          return call;
        },
      },
      { status: "aborted", error: "APIUserAbortError" },
    );
  });
});
