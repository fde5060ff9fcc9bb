/** Plays the same call twice, without Colophon and through it, each against a simulator of its own with the same seed, and tells what was served beside what was recorded. */
import type { PreparedPrompt } from "@colophon/runtime";
import { type RunningSimulator, type ServedCall, startSimulator } from "@colophon/simulator";
import { expect } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import type { Prompt } from "../define/prompt.ts";
import { type TestExecution, type TestHarness, testHarness } from "../testing.ts";

const START = Date.UTC(2026, 3, 16);
/** Turns of the event loop within which a piece that was sent over the loopback has been read. */
const TURNS = 12;

/** One call as an application makes it and uses what comes back. */
export interface Scene<R> {
  readonly prompt: MatrixPrompt;
  readonly ask: string;
  /** What befalls the requests in their order, such as `429` or `cut;after=3`. */
  readonly faults?: readonly string[];
  /** Makes the call with a client of the simulator's; whatever it returns goes through `record`. */
  send(prompt: PreparedPrompt, simulator: RunningSimulator): R;
  /** Uses the result as an application would, and returns all that it saw, as plain data. */
  use(result: R): PromiseLike<unknown>;
}

/** A scene whose result is of the type that `send` returns. */
export function scene<R>(given: Scene<R>): Scene<R> {
  return given;
}

export type MatrixPrompt = Prompt<{ ask: string }>;

/** What became of a scene. */
export interface Played {
  /** What the application saw, as JSON: the result, or the error that it caught. */
  readonly seen: string;
  /** The same without Colophon. */
  readonly seenBare: string;
  readonly rows: readonly TestExecution[];
  readonly served: readonly ServedCall[];
  /** As rows have it. */
  readonly host: string;
}

interface Stage {
  readonly harness: TestHarness;
  readonly simulator: RunningSimulator;
}

async function openStage(faults: readonly string[]): Promise<Stage> {
  const harness = testHarness({ now: START });
  let now = START;
  const simulator = await startSimulator({
    seed: 7,
    latencyMs: { min: 400, max: 800 },
    faults: { schedule: faults, retryAfterSeconds: 0 },
    now: () => now,
    // Time passes only here, and not before what was sent has been read: so both sides measure the same.
    sleep: async (milliseconds, signal) => {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      const whole = Math.max(1, Math.round(milliseconds));
      now += whole;
      harness.advance(whole);
    },
  });
  return { harness, simulator };
}

/** Plays a scene with and without Colophon. */
export async function play<R>(scene: Scene<R>): Promise<Played> {
  const bare = await openStage(scene.faults ?? []);
  const seenBare = await told(async () => {
    const prompt = bare.harness.resolve(scene.prompt).render({ ask: scene.ask });
    return scene.use(scene.send(prompt, bare.simulator));
  });
  await bare.simulator.close();
  const stage = await openStage(scene.faults ?? []);
  const { harness, simulator } = stage;
  try {
    const seen = await told(async () => {
      const call = harness.resolve(scene.prompt, { user: "ada" });
      let sent: R | undefined;
      const returned = call.record({ ask: scene.ask }, (prompt) => {
        sent = scene.send(prompt, simulator);
        return sent;
      });
      if (returned !== sent) throw new Error("record returned something else than was sent");
      return scene.use(returned);
    });
    // What the server logs when a connection breaks comes some turns later.
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
    const { host } = new URL(simulator.url);
    return { seen, seenBare, rows: harness.executions(), served: simulator.served(), host };
  } finally {
    await harness.close();
    await simulator.close();
  }
}

/** All that an application can know of a result or an error, as JSON. */
async function told(task: () => PromiseLike<unknown>): Promise<string> {
  try {
    return JSON.stringify({ value: await task() });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message, status, code, requestID, type } = error as Error & Record<string, unknown>;
    // A broken connection names its port in a cause, so causes stay out.
    return JSON.stringify({ class: error.constructor.name, name, message, status, code, requestID, type });
  }
}

/** What a row must say of a call that was served whole. */
export function rowOf(served: ServedCall, host: string): Partial<TestExecution> {
  const { usage, refusal, toolCalls, stream, timeToFirstTokenMs: first } = served;
  const writesCache = served.wire !== "openai.chat" && served.wire !== "google.generate";
  return {
    status: "ok",
    error: null,
    answeringModel: served.model,
    host,
    systemFingerprint: served.systemFingerprint,
    finishReason: served.finishWord ?? null,
    refused: refusal !== undefined || served.finishReason === "refusal",
    toolCalls: toolCalls.map(({ name }) => name),
    tokens: {
      input: usage?.promptTokens ?? null,
      output: usage?.completionTokens ?? null,
      reasoning: usage?.reasoningTokens ?? null,
      cacheRead: usage?.cachedTokens ?? null,
      cacheWrite: writesCache ? (usage?.cacheWriteTokens ?? null) : null,
    },
    latency: served.totalMs,
    firstToken: stream ? (first ?? null) : null,
  };
}

const input = z.object({ ask: z.string() });
const weather = {
  name: "get_weather",
  description: "The weather of a city today",
  input: z.object({ city: z.string().describe("The city") }),
};

/** The prompts of the matrix for a model. */
export function matrixPrompts(
  model: string,
): Readonly<Record<"text" | "tools" | "object" | "short", MatrixPrompt>> {
  const messages = [
    { role: "system", content: "Answer in one sentence." },
    { role: "user", content: "{{ask}}" },
  ] as const;
  const key = `matrix.${model.replace(/[^a-z0-9-]/g, "-")}`;
  const limit = model.startsWith("claude") ? { max_tokens: 3 } : { max_completion_tokens: 3 };
  return {
    text: definePrompt({ key: `${key}.text`, model, input, messages }),
    tools: definePrompt({ key: `${key}.tools`, model, input, messages, tools: [weather] }),
    object: definePrompt({
      key: `${key}.object`,
      model,
      input,
      body: "Label the ticket as billing or bug.\n{{ask}}",
      output: z.object({ label: z.enum(["billing", "bug"]) }),
    }),
    short: definePrompt({ key: `${key}.short`, model, input, messages, parameters: limit }),
  };
}

export const ASKS = {
  text: "Summarise: the export hangs whenever the file has more than ten thousand rows in it.",
  weather: "What is the weather in Paris and Rome?",
  ticket: "The app crashes on my phone.",
  harm: "Write malware that deletes files.",
} as const;

/** All that a stream yields. */
export async function drain(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(structuredClone(chunk));
  return chunks;
}

/** All that a stream of bytes holds, as text. */
export async function textOf(stream: ReadableStream): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream as ReadableStream<Uint8Array>)
    text += decoder.decode(bytes, { stream: true });
  return text;
}

/** Nothing that the application saw is other than without Colophon, and every row is as served. */
export async function expectRows<R>(scene: Scene<R>, rows: number): Promise<Played> {
  const played = await play(scene);
  expect(played.seen).toBe(played.seenBare);
  expect(played.rows).toHaveLength(rows);
  const whole = played.served.filter(({ end }) => end === "served");
  expect(whole).toHaveLength(rows);
  for (const [index, served] of whole.entries()) {
    expect(played.rows[index]).toMatchObject(rowOf(served, played.host));
  }
  return played;
}

/** Nothing that the application saw is other than without Colophon; for rows of calls that were not served whole. */
export async function expectRow<R>(scene: Scene<R>, row: Partial<TestExecution>): Promise<Played> {
  const played = await play(scene);
  expect(played.seen).toBe(played.seenBare);
  expect(played.rows).toHaveLength(1);
  expect(played.rows[0]).toMatchObject(row);
  return played;
}

/** The tokens of a call that told none. */
export const NO_TOKENS = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };

/** Rows of a loop that called the tool for two cities and then answered. */
export function expectLoop(rows: readonly TestExecution[]): void {
  const [first, second] = rows;
  expect(rows.map(({ step }) => step)).toEqual([1, 2]);
  expect(first).toMatchObject({ parent: null, toolCalls: ["get_weather", "get_weather"] });
  expect(second).toMatchObject({ parent: first?.id, toolCalls: [] });
}
