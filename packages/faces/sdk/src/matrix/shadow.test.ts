/** Repeats of live calls with every client: the caller's result as it is, the repeat's consumed, failures heard by nobody. */
import AnthropicClient from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { buildText, hashText, type SnapshotDocument, type VersionText } from "@colophon/kernel";
import { type PreparedPrompt, shadowing } from "@colophon/runtime";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { Anthropic as Anthropic0 } from "anthropic-0";
import OpenAI from "openai";
import { OpenAI as OpenAI6 } from "openai-6";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import type { Prompt } from "../define/prompt.ts";
import { type TestExecution, type TestHarness, testHarness } from "../testing.ts";
import { AI_CLIENTS, listOf } from "./ai-clients.fixture.ts";

interface Place {
  readonly p: PreparedPrompt;
  readonly simulator: RunningSimulator;
}

/** One call as an application makes it and reads what comes back. */
interface Scene<R> {
  readonly model: string;
  send(place: Place): R;
  use(result: R): PromiseLike<unknown>;
}

function scene<R>(given: Scene<R>): Scene<unknown> {
  return given as Scene<unknown>;
}

interface Played {
  readonly harness: TestHarness;
  readonly simulator: RunningSimulator;
  readonly rows: readonly TestExecution[];
  readonly unhandled: readonly unknown[];
  /** What the caller of the live call got, or the error. */
  readonly seen: unknown;
}

const prompts = new Map<string, Prompt<{ ask: string }>>();

function promptFor(model: string): Prompt<{ ask: string }> {
  const known = prompts.get(model);
  if (known !== undefined) return known;
  const input = z.object({ ask: z.string() });
  const made = definePrompt({ key: `matrix.shadow.${model}`, model, input, body: "Answer.\n{{ask}}" });
  prompts.set(model, made);
  return made;
}

/** A release of version 1, which version 2 shadows. */
function shadowed(key: string, model: string): SnapshotDocument {
  const input = { type: "object", properties: { ask: { type: "string" } }, required: ["ask"] };
  const texts: readonly VersionText[] = ["Answer.\n{{ask}}", "Answer briefly.\n{{ask}}"].map((body) =>
    buildText({ body, model, input }),
  );
  const versions = texts.map((text, index) => [index + 1, { hash: hashText(text), withdrawn: false }]);
  const shadow = { rollout: "r", version: 2, rate: 1, concurrency: 4, calls: 100, where: null };
  const release = { version: 1, model: null, inherited: null, plan: null, shadow };
  const prompt = {
    risk: "medium" as const,
    versions: Object.fromEntries(versions),
    releases: { development: release },
    overrides: [],
  };
  return {
    format: 1,
    revision: 1,
    at: 0,
    environments: ["development"],
    prompts: { [key]: prompt },
    texts: Object.fromEntries(texts.map((text) => [hashText(text), text])),
  };
}

const TURNS = 30;

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function openStage({ model }: Pick<Scene<unknown>, "model">, schedule: readonly string[]) {
  const simulator = await startSimulator({ seed: 7, latencyMs: 0, faults: { schedule, stallMs: 60_000 } });
  const prompt = promptFor(model);
  const harness = testHarness({
    prompts: [prompt],
    snapshot: shadowed(prompt.key, model),
    shadow: shadowing(),
    capture: "full",
  });
  return { simulator, harness, call: harness.resolve(prompt, { user: "ada" }) };
}

async function play<R>(given: Scene<R>, faults: readonly string[] = []): Promise<Played> {
  const unhandled: unknown[] = [];
  const hear = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", hear);
  const { simulator, harness, call } = await openStage(given, faults);
  const result = call.record({ ask: "What is the weather in Paris?" }, (p) => given.send({ p, simulator }));
  const seen = await given.use(result);
  return {
    harness,
    simulator,
    rows: await rowsOf(harness, given),
    unhandled: await heard(unhandled, hear),
    seen,
  };
}

/** Waits for the repeat, where there is one; longer than that nothing can be waited for. */
async function rowsOf(
  harness: TestHarness,
  { model }: { readonly model: string },
): Promise<readonly TestExecution[]> {
  const { key } = promptFor(model);
  for (
    let turn = 0;
    turn < 200 && harness.executions().filter(({ prompt }) => prompt === key).length < 2;
    turn++
  )
    await new Promise((resolve) => setTimeout(resolve, 5));
  return harness.executions();
}

async function heard(
  unhandled: readonly unknown[],
  hear: (error: unknown) => unknown,
): Promise<readonly unknown[]> {
  await turns();
  process.off("unhandledRejection", hear);
  return unhandled;
}

function clientsFor({ baseUrl, anthropicBaseUrl }: RunningSimulator) {
  const settings = { apiKey: "none", maxRetries: 0 };
  return {
    openai: new OpenAI({ ...settings, baseURL: baseUrl }),
    openai6: new OpenAI6({ ...settings, baseURL: baseUrl }) as unknown as OpenAI,
    anthropic: new AnthropicClient({ ...settings, baseURL: anthropicBaseUrl }),
    anthropic0: new Anthropic0({ ...settings, baseURL: anthropicBaseUrl }) as unknown as AnthropicClient,
  };
}

const GPT = "gpt-5-mini";
const CLAUDE = "claude-haiku-4-5";

const LABELLED = {
  type: "object",
  properties: { label: { type: "string" } },
  required: ["label"],
  additionalProperties: false,
};

const openaiScenes = (["openai", "openai6"] as const).flatMap((name): readonly [string, Scene<unknown>][] => [
  [
    `${name}, create`,
    scene({
      model: GPT,
      send: ({ p, simulator }) => clientsFor(simulator)[name].chat.completions.create(p.openai()),
      use: (sent) => sent,
    }),
  ],
  [
    `${name}, create with its response`,
    scene({
      model: GPT,
      send: ({ p, simulator }) =>
        clientsFor(simulator)[name].chat.completions.create(p.openai()).withResponse(),
      use: (sent) => sent.then(({ data }) => data),
    }),
  ],
  [
    `${name}, create as a stream`,
    scene({
      model: GPT,
      send: ({ p, simulator }) =>
        clientsFor(simulator)[name].chat.completions.create(p.openai({ stream: true })),
      use: async (sent) => listOf(await sent),
    }),
  ],
  [
    `${name}, the stream helper`,
    scene({
      model: GPT,
      send: ({ p, simulator }) =>
        clientsFor(simulator)[name].chat.completions.stream(p.openai({ stream: true })),
      use: (sent) => sent.finalChatCompletion(),
    }),
  ],
  [
    `${name}, responses as a stream`,
    scene({
      model: GPT,
      send: ({ p, simulator }) => clientsFor(simulator)[name].responses.create(p.responses({ stream: true })),
      use: async (sent) => listOf(await sent),
    }),
  ],
  [
    `${name}, the response stream helper`,
    scene({
      model: GPT,
      send: ({ p, simulator }) => clientsFor(simulator)[name].responses.stream(p.responses({ stream: true })),
      use: (sent) => sent.finalResponse(),
    }),
  ],
]);

const anthropicScenes = (["anthropic", "anthropic0"] as const).flatMap(
  (name): readonly [string, Scene<unknown>][] => [
    [
      `${name}, create`,
      scene({
        model: CLAUDE,
        send: ({ p, simulator }) => clientsFor(simulator)[name].messages.create(p.anthropic()),
        use: (sent) => sent,
      }),
    ],
    [
      `${name}, create as a stream`,
      scene({
        model: CLAUDE,
        send: ({ p, simulator }) =>
          clientsFor(simulator)[name].messages.create(p.anthropic({ stream: true })),
        use: async (sent) => listOf(await sent),
      }),
    ],
    [
      `${name}, the stream helper`,
      scene({
        model: CLAUDE,
        send: ({ p, simulator }) => clientsFor(simulator)[name].messages.stream(p.anthropic()),
        use: (sent) => sent.finalMessage(),
      }),
    ],
  ],
);

const aiScenes = AI_CLIENTS.flatMap((client): readonly [string, Scene<unknown>][] => {
  const { name, model, sdk } = client;
  const args = ({ p, simulator }: Place) => ({
    ...p.ai(client.provider(simulator)),
    maxRetries: 0,
    // Its own default prints.
    onError: () => undefined,
  });
  return [
    [
      `${name}, generateText`,
      scene({ model, send: (place) => sdk.generateText(args(place)), use: (sent) => sent }),
    ],
    [
      `${name}, streamText`,
      scene({ model, send: (place) => sdk.streamText(args(place)), use: (sent) => sent.consumeStream() }),
    ],
    [
      `${name}, streamText as a response`,
      scene({
        model,
        send: async (place) => sdk.streamText(args(place)).toUIMessageStreamResponse(),
        use: async (sent) => (await sent).text(),
      }),
    ],
    [
      `${name}, streamObject`,
      scene({
        model,
        send: (place) => sdk.streamObject({ ...args(place), schema: sdk.jsonSchema(LABELLED) }),
        use: async (sent) => listOf(sent.fullStream),
      }),
    ],
  ];
});

describe("a shadowed call", () => {
  it.each([...openaiScenes, ...anthropicScenes, ...aiScenes])(
    "of %s is answered twice, once for its caller and once for its row",
    async (_, given) => {
      const { rows, simulator, harness, unhandled } = await play(given);
      try {
        const [live, shadow] = rows;
        expect(rows).toHaveLength(2);
        expect(live).toMatchObject({ lane: "live", version: 1, status: "ok" });
        expect(shadow).toMatchObject({
          lane: "shadow",
          version: 2,
          status: "ok",
          parent: live?.id,
          step: live?.step,
        });
        expect(shadow?.tokens.output).toBeGreaterThan(0);
        expect(shadow?.contents?.output).toEqual(expect.any(String));
        expect(Object.entries(shadow?.tokens ?? {}).filter(([, count]) => count === null)).toEqual(
          Object.entries(live?.tokens ?? {}).filter(([, count]) => count === null),
        );
        expect(simulator.served().map(({ end }) => end)).toEqual(["served", "served"]);
        expect(unhandled).toEqual([]);
      } finally {
        await harness.close();
        await simulator.close();
      }
    },
  );

  it.each([...openaiScenes, ...anthropicScenes, ...aiScenes])(
    "of %s is no trouble to anybody when its repeat fails",
    async (name, given) => {
      const { rows, simulator, harness, unhandled } = await play(given, ["none", "500"]);
      try {
        expect(rows.map(({ lane, status }) => `${lane} ${status}`)).toEqual(["live ok", "shadow error"]);
        expect(unhandled, name).toEqual([]);
      } finally {
        await harness.close();
        await simulator.close();
      }
    },
  );

  it.each([...openaiScenes.slice(0, 4), ...anthropicScenes.slice(0, 3), ...aiScenes.slice(0, 2)])(
    "of %s has its repeat aborted at close",
    async (name, given) => {
      const unhandled: unknown[] = [];
      const hear = (error: unknown) => unhandled.push(error);
      process.on("unhandledRejection", hear);
      const stage = await openStage(given, ["none", "stall;after=0"]);
      const { harness, simulator, call } = stage;
      let begun: () => void = () => undefined;
      const repeated = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const send = (p: PreparedPrompt) => {
        if (p.version === 2) begun();
        return given.send({ p, simulator });
      };
      await given.use(call.record({ ask: "Hello" }, send));
      await repeated;
      await turns();
      await harness.close();
      expect(harness.executions().map(({ lane, status }) => `${lane} ${status}`)).toEqual([
        "live ok",
        "shadow aborted",
      ]);
      expect(await heard(unhandled, hear), name).toEqual([]);
      await simulator.close();
    },
  );
});

const weather = {
  description: "The weather of a city today",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const,
};

describe("what runs tools by itself is not repeated", () => {
  const runs: string[] = [];
  const run = () => {
    runs.push("run");
    return '{"temperature":20}';
  };
  const looping = [
    [
      "openai, runTools",
      scene({
        model: GPT,
        send: ({ p, simulator }) =>
          clientsFor(simulator).openai.chat.completions.runTools({
            ...p.openai(),
            tools: [
              {
                type: "function",
                function: {
                  name: "get_weather",
                  description: weather.description,
                  parameters: weather.inputSchema as never,
                  function: run,
                },
              },
            ],
          } as never),
        use: (sent) => (sent as { finalContent(): Promise<unknown> }).finalContent(),
      }),
    ],
    [
      "anthropic, toolRunner",
      scene({
        model: CLAUDE,
        send: ({ p, simulator }) =>
          clientsFor(simulator).anthropic.beta.messages.toolRunner({
            ...p.anthropic(),
            thread: false,
            tools: [betaTool({ name: "get_weather", ...weather, run })],
          } as never),
        use: (sent) => sent.runUntilDone(),
      }),
    ],
    ...AI_CLIENTS.filter(({ model }) => model === GPT).flatMap(({ name, sdk, provider, model }) => {
      const tools = {
        get_weather: {
          description: weather.description,
          inputSchema: sdk.jsonSchema(weather.inputSchema),
          execute: run,
        },
      };
      const args = ({ p, simulator }: Place) => ({
        ...p.ai(provider(simulator)),
        tools,
        stopWhen: sdk.stopAfter(3),
      });
      return [
        [
          `${name}, generateText`,
          scene({ model, send: (place) => sdk.generateText(args(place)), use: (sent) => sent }),
        ],
        [
          `${name}, streamText`,
          scene({ model, send: (place) => sdk.streamText(args(place)), use: (sent) => sent.consumeStream() }),
        ],
      ] as const;
    }),
  ] as const;

  it.each(looping)("%s", async (_, given) => {
    runs.length = 0;
    const { harness, simulator, rows } = await play(given);
    await harness.close();
    await simulator.close();
    expect(rows.map(({ purpose }) => purpose)).not.toContain("shadow");
    expect(rows.length).toBeGreaterThan(0);
    expect(harness.status().shadow).toEqual({ sent: 0, skipped: 0 });
    expect(runs.length).toBeLessThanOrEqual(1);
  });

  it("nor is what may run them unseen, through a model's name", async () => {
    const sdk = AI_CLIENTS[0]?.sdk;
    const given = scene({
      model: GPT,
      send: async ({ p }) => ({ asked: p.ai().model }),
      use: (sent) => sent,
    });
    expect(sdk).toBeDefined();
    const { harness, simulator, rows } = await play(given);
    await harness.close();
    await simulator.close();
    expect(rows.map(({ purpose }) => purpose)).toEqual(["serve"]);
  });
});
