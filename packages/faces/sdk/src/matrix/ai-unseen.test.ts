/** Tests the AI SDK where its provider calls are not seen, behind the name of a model: one row with all of them. */
import type { AiArguments, PreparedPrompt } from "@colophon/runtime";
import { type RunningSimulator, type ServedCall, startSimulator } from "@colophon/simulator";
import { afterEach, describe, expect, it } from "vitest";
import { testHarness } from "../testing.ts";
import { AI_CLIENTS, type AiClient, listOf } from "./ai-clients.fixture.ts";
import { ASKS, matrixPrompts, type Played, play } from "./matrix.fixture.ts";

const global = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
afterEach(() => {
  delete global.AI_SDK_DEFAULT_PROVIDER;
});

/** The row of several calls: the sum of what they cost, the finish of the last, the tools of all. */
function rowOfAll({ served }: Played): object {
  const sum = (count: (call: ServedCall) => number | undefined): number =>
    served.reduce((total, call) => total + (count(call) ?? 0), 0);
  const last = served.at(-1);
  return {
    status: "ok",
    step: null,
    answeringModel: last?.model,
    finishReason: "stop",
    refused: false,
    toolCalls: served.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name)),
    outputLength: last?.text.length,
    tokens: {
      input: sum(({ usage }) => usage?.promptTokens),
      output: sum(({ usage }) => usage?.completionTokens),
      reasoning: sum(({ usage }) => usage?.reasoningTokens),
      cacheRead: sum(({ usage }) => usage?.cachedTokens),
      cacheWrite: sum(({ usage }) => usage?.cacheWriteTokens),
    },
  };
}

const clients = AI_CLIENTS.filter(({ name }) => /, openai$/.test(name));

describe.each(clients)("$name, by the name of the model", (client: AiClient) => {
  const { sdk } = client;
  const prompts = matrixPrompts(client.model);
  const execute = { get_weather: ({ city }: { city: string }) => `It rains in ${city}.` };

  /** Puts a provider of its own in the place of the gateway, as an application does. */
  function args(p: PreparedPrompt, simulator: RunningSimulator): AiArguments<string> & object {
    const model = (client.provider(simulator) as (id: string) => object)(client.model);
    const languageModels = { [`openai/${client.model}`]: model };
    global.AI_SDK_DEFAULT_PROVIDER = sdk.customProvider({ languageModels });
    return { ...p.ai(undefined, { execute }), ...{ maxRetries: 0, stopWhen: sdk.stopAfter(3) } };
  }

  it("generateText: what the model said", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      send: (p, simulator) => sdk.generateText(args(p, simulator)),
      use: async (sent) => (await sent).text,
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([{ ...rowOfAll(played), latency: played.served[0]?.totalMs }]);
  });

  it("generateText with tools: the usage of all steps, though version 6 calls the last step's `usage`", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) => sdk.generateText(args(p, simulator)),
      use: async (sent) => {
        const { usage, totalUsage } = (await sent) as unknown as Record<string, { inputTokens: number }>;
        return [usage?.inputTokens, totalUsage?.inputTokens];
      },
    });
    const { served, seen } = played;
    expect(served.length).toBeGreaterThan(1);
    expect(played.rows).toMatchObject([rowOfAll(played)]);
    const [usage, total] = JSON.parse(seen).value;
    const last = served.at(-1)?.usage?.promptTokens;
    expect(total).toBe(played.rows[0]?.tokens.input);
    expect(usage).toBe(client.version === 6 ? last : total);
  });

  it("streamText with tools: the usage of all steps, and the words of the last", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) => sdk.streamText(args(p, simulator)),
      use: async (sent) => [await listOf(sent.textStream), await sent.text],
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.served.length).toBeGreaterThan(1);
    const [first] = played.served;
    expect(played.rows).toMatchObject([{ ...rowOfAll(played), firstToken: first?.timeToFirstTokenMs }]);
  });

  it("an agent's stream: the same", async () => {
    const played = await play({
      prompt: prompts.tools,
      ask: ASKS.weather,
      send: (p, simulator) => {
        const { messages, ...settings } = args(p, simulator);
        return new sdk.ToolLoopAgent(settings).stream({ messages });
      },
      use: async (sent) => listOf((await sent).textStream),
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([rowOfAll(played)]);
  });

  it("generateObject: the object as it was read", async () => {
    const played = await play({
      prompt: prompts.object,
      ask: ASKS.ticket,
      send: (p, simulator) => sdk.generateObject(args(p, simulator)),
      use: async (sent) => (await sent).object,
    });
    expect(played.seen).toBe(played.seenBare);
    const outputLength = JSON.stringify(JSON.parse(played.seen).value).length;
    expect(played.rows).toMatchObject([{ ...rowOfAll(played), outputLength, schemaOk: true }]);
  });

  it("streamObject: the same, streamed", async () => {
    const played = await play({
      prompt: prompts.object,
      ask: ASKS.ticket,
      send: (p, simulator) => sdk.streamObject(args(p, simulator)),
      use: async (sent) => [await listOf(sent.partialObjectStream), await sent.object],
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([{ ...rowOfAll(played), schemaOk: true }]);
  });

  it("an abort in the middle of a stream: what was seen", async () => {
    const controllers: AbortController[] = [];
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      send: (p, simulator) => {
        const controller = new AbortController();
        controllers.push(controller);
        return sdk.streamText({ ...args(p, simulator), abortSignal: controller.signal });
      },
      use: async (sent) => {
        for await (const _ of sent.textStream) controllers.at(-1)?.abort();
      },
    });
    expect(played.rows).toMatchObject([{ status: "aborted", finishReason: null }]);
    expect(played.rows[0]?.outputLength).toBeGreaterThan(0);
  });

  it("an error in a stream: its class and status", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      faults: ["500"],
      send: (p, simulator) => sdk.streamText({ ...args(p, simulator), onError: () => undefined }),
      use: async (sent) => (await listOf(sent.fullStream)).map((part) => (part as { type: string }).type),
    });
    expect(played.seen).toBe(played.seenBare);
    expect(played.rows).toMatchObject([{ status: "error", error: "APICallError 500" }]);
  });

  it("a stream that nobody reads has a row when the harness closes at the latest", async () => {
    const simulator = await startSimulator({ latencyMs: 0 });
    const colophon = testHarness();
    const unread = colophon
      .resolve(prompts.text)
      .record({ ask: ASKS.text }, (p) => sdk.streamText({ ...args(p, simulator), onError: () => undefined }));
    expect(unread).toBeDefined();
    await colophon.close();
    expect(colophon.executions()).toMatchObject([{ status: "aborted", finishReason: null }]);
    await simulator.close();
  });

  it("embed: the tokens", async () => {
    const played = await play({
      prompt: prompts.text,
      ask: ASKS.text,
      send: (p, simulator) => {
        const provider = client.provider(simulator) as unknown as { embeddingModel(id: string): unknown };
        return sdk.embed({ model: provider.embeddingModel("text-embedding-3-small"), value: p.text });
      },
      use: async (sent) => (await sent).embedding.length,
    });
    expect(played.seen).toBe(played.seenBare);
    const [call] = played.served;
    expect(played.rows).toMatchObject([
      { status: "ok", tokens: { input: call?.usage?.promptTokens, output: null }, finishReason: null },
    ]);
  });
});

it("the wire is among those of the test harness", () => {
  const prompt = matrixPrompts("gpt-5-mini").text;
  const given = testHarness().resolve(prompt).render({ ask: "Why?" }).ai();
  expect(given).toMatchObject({
    model: "openai/gpt-5-mini",
    instructions: "Answer in one sentence.",
    messages: [{ role: "user", content: "Why?" }],
  });
});
