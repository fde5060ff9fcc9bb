/** The matrix of the AI SDK: versions 6 and 7, each with the providers of OpenAI, Anthropic and Google, mode by mode. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { AiArguments, PreparedPrompt } from "@colophon/runtime";
import { type RunningSimulator, type ServedCall, startSimulator } from "@colophon/simulator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { testHarness } from "../testing.ts";
import { AI_CLIENTS, type AiClient, type AiResult, type AiStream, listOf } from "./ai-clients.fixture.ts";
import { ASKS, type MatrixPrompt, matrixPrompts, type Played, play, rowOf } from "./matrix.fixture.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const FINISH: Readonly<Record<string, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  refusal: "content-filter",
};

/** What the row of a call says, in the AI SDK's words and as far as the provider's package tells. */
function rowThrough(client: AiClient, served: ServedCall, host: string): object {
  const row = rowOf(served, host);
  // Only OpenAI's refusals are words, which the AI SDK takes for text.
  const said = served.text + (served.wire.startsWith("openai") ? (served.refusal ?? "") : "");
  // A chat names its tool before the first of its arguments, and only those are output to the AI SDK.
  const namesFirst = served.wire === "openai.chat" && served.stream && served.toolCalls.length > 0;
  const firstToken: unknown = namesFirst ? expect.any(Number) : (row.firstToken ?? null);
  return {
    ...row,
    firstToken: said === "" && served.toolCalls.length === 0 ? null : firstToken,
    finishReason: FINISH[served.finishReason ?? ""] ?? null,
    answeringModel: served.stream && !client.tellsModel ? null : served.model,
    systemFingerprint: served.stream ? null : served.systemFingerprint,
    outputLength: said.length || null,
    tokens: {
      input: served.usage?.promptTokens ?? null,
      output: served.usage?.completionTokens ?? null,
      reasoning: served.usage?.reasoningTokens ?? null,
      cacheRead: served.usage?.cachedTokens ?? null,
      cacheWrite: client.tellsCacheWrite ? (served.usage?.cacheWriteTokens ?? null) : null,
    },
  };
}

const WEATHER = {
  type: "object",
  properties: { city: { type: "string", description: "The city" } },
  required: ["city"],
};

/** Asks for its tool so that every model of the simulator calls it. */
function toolPrompt(model: string): MatrixPrompt {
  return definePrompt({
    key: `matrix.ai.${model}.tools`,
    model,
    input: z.object({ ask: z.string() }),
    messages: [
      { role: "system", content: "Always call get_weather first, then answer in one sentence." },
      { role: "user", content: "{{ask}}" },
    ],
    tools: [
      {
        name: "get_weather",
        description: "The weather of a city today",
        input: z.object({ city: z.string().describe("The city") }),
      },
    ],
  });
}

/** Data without what no two calls have in common: times, ids of the AI SDK's own, ports. */
function comparable(value: unknown): unknown {
  const passing = new Set(["timestamp", "headers", "performance", "callId"]);
  const text = JSON.stringify(value, (key, one) => (passing.has(key) ? undefined : one)) ?? "null";
  return JSON.parse(
    text
      .replace(/127\.0\.0\.1:\d+/g, "HOST")
      .replace(/"(aitxt|aiobj|call|msg)-[\w-]{16,}"/g, '"ID"')
      .replace(/(created|created_at|completed_at)(\\*":)\d+/g, "$1$20"),
  );
}

const result = async (sent: Promise<AiResult>): Promise<unknown> => comparable(await sent);
const parts = async (sent: AiStream): Promise<unknown> => comparable(await listOf(sent.fullStream));

describe.each(AI_CLIENTS)("$name", (client) => {
  const { sdk } = client;
  const prompts = { ...matrixPrompts(client.model), tools: toolPrompt(client.model) };
  /** Retries are off unless the application wants them. */
  const args = (p: PreparedPrompt, simulator: RunningSimulator): AiArguments<unknown> & object => ({
    ...p.ai(client.provider(simulator)),
    ...{ maxRetries: 0 },
  });
  const execute = { get_weather: ({ city }: { city: string }) => `It rains in ${city}.` };
  const looping = (p: PreparedPrompt, simulator: RunningSimulator): object => ({
    ...p.ai(client.provider(simulator), { execute }),
    maxRetries: 0,
    stopWhen: sdk.stopAfter(3),
  });

  /** The application saw the same, and each row says what was served. */
  function expectTrue({ seen, seenBare, rows, served, host }: Played): void {
    expect(seen).toMatch(/^{"value":/);
    expect(seen).toBe(seenBare);
    expect(served.length).toBeGreaterThan(0);
    expect(rows).toMatchObject(served.map((call) => rowThrough(client, call, host)));
  }

  const scenes: readonly [string, MatrixPrompt, string][] = [
    ["an answer", prompts.text, ASKS.text],
    ["an answer cut short by its limit", prompts.short, ASKS.text],
    ["a refusal", prompts.text, ASKS.harm],
  ];

  it.each(scenes)("generateText: %s", async (_, prompt, ask) => {
    const played = await play({
      prompt,
      ask,
      send: (p, simulator) => sdk.generateText(args(p, simulator)),
      use: result,
    });
    expectTrue(played);
    expect(played.rows).toMatchObject([{ step: 1, attempt: 1, parent: null, requestedModel: client.model }]);
  });

  it.each(scenes)("streamText: %s", async (_, prompt, ask) => {
    const played = await play({
      prompt,
      ask,
      send: (p, simulator) => sdk.streamText(args(p, simulator)),
      use: parts,
    });
    expectTrue(played);
  });

  it("streamText to a browser: the bytes are the same", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      send: async (p, simulator) => sdk.streamText(args(p, simulator)).toUIMessageStreamResponse(),
      use: async (sent) => {
        const response = await sent;
        return { headers: [...response.headers], body: [...new Uint8Array(await response.arrayBuffer())] };
      },
    });
    expectTrue(played);
  });

  it("generateText with tools: a row for each call of the model", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) => sdk.generateText(looping(p, simulator)),
      use: result,
    });
    expectTrue(played);
    expectLoop(played);
  });

  it("streamText with tools: a row for each call of the model", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) => sdk.streamText(looping(p, simulator)),
      use: parts,
    });
    expectTrue(played);
    expectLoop(played);
  });

  const objects: readonly [string, (p: AiArguments<unknown> & object) => Promise<AiResult>][] = [
    ["generateObject", (given) => sdk.generateObject(given)],
    [
      "generateText with Output.object",
      (given) => sdk.generateText({ ...given, output: sdk.Output.object(given) }),
    ],
  ];

  it.each(objects)("%s: the object in the version's schema", async (_, send) => {
    const played = await play({
      prompt: prompts.object,
      ask: ASKS.ticket,
      send: (p, simulator) => send(args(p, simulator)),
      use: async (sent) => {
        const { object, output, ...more } = await sent;
        return comparable([object ?? output, more]);
      },
    });
    expectTrue(played);
    expect(played.seen).toContain('{"value":[{"label":"bug"}');
    expect(played.rows).toMatchObject([{ schemaOk: true, step: 1 }]);
  });

  it("generateText alone: asks for the version's output schema too", async () => {
    const { rows, served, host } = await play({
      prompt: prompts.object,
      ask: ASKS.ticket,
      send: (p, simulator) => sdk.generateText(args(p, simulator)),
      use: async (sent) => (await sent).text,
    });
    expect(rows).toMatchObject(served.map((call) => rowThrough(client, call, host)));
    expect(rows).toMatchObject([{ schemaOk: true }]);
  });

  it("streamObject: the object as it grows", async () => {
    const played = await play({
      prompt: prompts.object,
      ask: ASKS.ticket,
      send: (p, simulator) => sdk.streamObject(args(p, simulator)),
      use: async (sent) => [await listOf(sent.partialObjectStream), await sent.object],
    });
    expectTrue(played);
    expect(played.rows).toMatchObject([{ schemaOk: true }]);
  });

  it("an abort in the middle of a stream: the row has what was seen", async () => {
    const controllers: AbortController[] = [];
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      send: (p, simulator) => {
        const controller = new AbortController();
        controllers.push(controller);
        const { signal: abortSignal } = controller;
        return sdk.streamText({ ...args(p, simulator), abortSignal, onError: () => undefined });
      },
      use: async (sent) => {
        let text = "";
        const types: unknown[] = [];
        for await (const part of sent.fullStream) {
          const { type, ...more } = part as { readonly type: string; readonly text?: string };
          types.push(type);
          text += type === "text-delta" ? more.text : "";
          if (text.length > 10) controllers.at(-1)?.abort(new Error("the user left"));
        }
        expect(types.at(-1)).toBe("abort");
        return text.slice(0, 10);
      },
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.served).toMatchObject([{ end: "aborted" }]);
    expect(played.rows).toMatchObject([{ status: "aborted", finishReason: null, refused: null }]);
    expect(played.rows[0]?.outputLength).toBeGreaterThan(10);
    expect(played.rows[0]?.outputLength).toBeLessThanOrEqual(played.served[0]?.text.length ?? 0);
    expect(played.rows[0]?.firstToken).toBe(played.served[0]?.timeToFirstTokenMs);
  });

  it("an abort before the answer: the same error, and an aborted row", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      faults: ["stall;after=0"],
      send: (p, simulator) => {
        const controller = new AbortController();
        const sent = sdk.generateText({ ...args(p, simulator), abortSignal: controller.signal });
        setImmediate(() => controller.abort());
        return sent;
      },
      use: result,
    });
    expect(played.seen).toContain('"name":"AbortError"');
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([{ status: "aborted" }]);
  });

  it("an error: the same one, and its class and status in the row", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      faults: ["500"],
      send: (p, simulator) => sdk.generateText(args(p, simulator)),
      use: result,
    });
    expect(played.seen).toContain('"class":"APICallError"');
    expect(played.seen).toBe(played.seenBare);
    const { host } = played;
    const tokens = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };
    expect(played.rows).toMatchObject([
      { status: "error", error: "APICallError 500", host, tokens, refused: null },
    ]);
  });

  it("an error before a stream: the same part, and its class and status in the row", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      faults: ["500"],
      send: (p, simulator) => sdk.streamText({ ...args(p, simulator), onError: () => undefined }),
      use: async (sent) => {
        const seen = (await listOf(sent.fullStream)) as {
          readonly type: string;
          readonly error?: Error;
        }[];
        return seen.map(({ type, error }) => [type, error?.message]);
      },
    });
    expect(played.seen).toContain('"error"');
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([{ status: "error", error: "APICallError 500" }]);
  });

  it("a stream that breaks off: the same error, and a row with what was seen", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      faults: ["cut"],
      send: (p, simulator) => sdk.streamText({ ...args(p, simulator), onError: () => undefined }),
      use: parts,
    });
    expect(played.seen).toContain('"class":"APICallError"');
    expect(played.seen).toBe(played.seenBare);
    expect(played.served).toMatchObject([{ end: "cut" }]);
    expect(played.rows).toMatchObject([{ status: "error", error: "APICallError 200", finishReason: null }]);
    expect(played.rows[0]?.outputLength).toBeGreaterThan(0);
    expect(played.rows[0]?.outputLength).toBeLessThanOrEqual(played.served[0]?.text.length ?? 0);
  });

  it("429 twice: each attempt has its row", async () => {
    for (const send of [
      (given: object) => sdk.generateText(given).then(({ text }) => text),
      (given: object) => Promise.resolve(sdk.streamText(given).text),
    ]) {
      const played = await play({
        prompt: prompts.text,
        ask: ASKS.text,
        faults: ["429;times=2;retry-after-ms=1"],
        send: (p, simulator) => send({ ...args(p, simulator), maxRetries: 2 }),
        use: (sent) => sent,
      });
      expect(played.seen).toMatch(/^{"value":"\w/);
      expect(played.seen).toBe(played.seenBare);
      const failed = { status: "error", error: "APICallError 429", step: 1 };
      const whole = rowThrough(client, played.served[2] as ServedCall, played.host);
      expect(played.rows).toMatchObject([
        { ...failed, attempt: 1 },
        { ...failed, attempt: 2 },
        { ...whole, step: 1, attempt: 3 },
      ]);
    }
  });

  it("a reader that leaves early: a row with what was seen, once the collector finds its stream", async () => {
    const simulator = await startSimulator({ latencyMs: 0 });
    const colophon = testHarness();
    const leave = async (): Promise<void> => {
      const call = colophon.resolve(prompts.text);
      const streamed = call.record({ ask: ASKS.text }, (p) => sdk.streamText(args(p, simulator)));
      for await (const _ of streamed.textStream) return;
    };
    await leave();
    for (let turn = 0; turn < 1_000 && colophon.executions().length === 0; turn++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Version 6 reads a short answer to its end all the same.
    expect(colophon.executions()).toMatchObject([
      { status: expect.stringMatching(/^(aborted|ok)$/), step: 1 },
    ]);
    expect(colophon.executions()[0]?.outputLength).toBeGreaterThan(0);
    await simulator.close();
  });

  it("an agent: a row for each call of the model", async () => {
    for (const send of [
      (agent: InstanceType<typeof sdk.ToolLoopAgent>, messages: object) => agent.generate({ messages }),
      async (agent: InstanceType<typeof sdk.ToolLoopAgent>, messages: object) => {
        const { text, steps } = await agent.stream({ messages });
        return { text: await text, steps: await steps };
      },
    ]) {
      const played = await play({
        prompt: prompts.tools,
        ask: ASKS.weather,
        send: async (p, simulator) => {
          const { messages, ...settings } = looping(p, simulator) as AiArguments<unknown>;
          return send(new sdk.ToolLoopAgent(settings), messages);
        },
        use: async (sent) => comparable(await sent),
      });
      expectTrue(played);
      expectLoop(played);
    }
  });

  it("the application's own callbacks are called as before", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: async (p, simulator) => {
        const told: string[] = [];
        const streamed = sdk.streamText({
          ...looping(p, simulator),
          onStepFinish: (step: { readonly finishReason: string }) =>
            void told.push(`step ${step.finishReason}`),
          onFinish: ({ text }: { readonly text: string }) => void told.push(`finish ${text}`),
        });
        await streamed.consumeStream();
        return told;
      },
      use: (sent) => sent,
    });
    expectTrue(played);
    expect(JSON.parse(played.seen).value).toEqual([
      "step tool-calls",
      "step stop",
      expect.stringMatching(/^finish \w/),
    ]);
  });

  if (!client.name.endsWith(".chat"))
    it("a registry: the model of the version's provider", async () => {
      const played = await play({
        prompt: prompts.text,
        ask: ASKS.text,
        send: (p, simulator) => {
          const providers = { other: {}, [p.model.provider]: client.provider(simulator) };
          const registry = sdk.createProviderRegistry(providers, { separator: ">" });
          return sdk.generateText({ ...p.ai(registry), maxRetries: 0 });
        },
        use: result,
      });
      expectTrue(played);
    });

  it("what is sent is what an application without Colophon would write", async () => {
    const sent: unknown[] = [];
    const caught: typeof fetch = async (url, init) => {
      sent.push([String(url), JSON.parse(String(init?.body))]);
      return fetch(url, init);
    };
    const byHand = (model: unknown): object => ({
      model,
      system: "Always call get_weather first, then answer in one sentence.",
      instructions: "Always call get_weather first, then answer in one sentence.",
      messages: [{ role: "user", content: ASKS.weather }],
      tools: {
        get_weather: {
          description: "The weather of a city today",
          inputSchema: sdk.jsonSchema(WEATHER),
        },
      },
    });
    await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: async (p, simulator) => {
        const provider = client.provider(simulator, { fetch: caught });
        const ours = await sdk.generateText(p.ai(provider));
        const theirs = await sdk.generateText(byHand((provider as (id: string) => object)(client.model)));
        return [ours, theirs];
      },
      use: async (results) => (await results).map(({ text }) => text),
    });
    expect(sent).toHaveLength(4);
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[2]).toEqual(sent[3]);
  });

  function expectLoop({ rows }: Played): void {
    const [first, ...others] = rows;
    expect(others.length).toBeGreaterThan(0);
    expect(first).toMatchObject({ step: 1, finishReason: "tool-calls", parent: null });
    expect(first?.toolCalls).toContain("get_weather");
    expect(others).toMatchObject(others.map((_, index) => ({ step: index + 2, parent: first?.id })));
    expect(rows.at(-1)).toMatchObject({ finishReason: "stop" });
  }
});
