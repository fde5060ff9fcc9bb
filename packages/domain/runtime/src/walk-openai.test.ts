/** Tests the walk over models with the official OpenAI client, against the simulator's faults. */
import { modelChoice } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import OpenAI, { APIUserAbortError, RateLimitError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";

const PRIMARY = "gpt-5-mini";
const BACKUP = "gpt-5";
const input = { ticket: "I was charged twice for my invoice, please refund." };
let simulator: RunningSimulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, seed: 7, latencyMs: 0 });
  client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "none", maxRetries: 0 });
});
afterAll(() => simulator.close());

function open() {
  const stage = openStage(documentOf({}));
  const text = textOf("Answer with one of these labels: billing, bug, other.\n{{ticket}}", {
    model: PRIMARY,
  });
  const declaration = declarationOf("support.triage", text, { backup: [modelChoice(BACKUP)] });
  return { ...stage, call: stage.runtime.resolve<typeof input>(declaration) };
}

/** Meets a fault on the primary model alone. */
const faulty = (fault: string) => (p: PreparedPrompt) =>
  client.chat.completions.create(p.openai(), {
    signal: p.signal,
    headers: p.model.id === PRIMARY ? { "x-simulator-fault": fault } : {},
  });

describe("the official OpenAI client with a backup", () => {
  it("answers from the backup after a 429, and both rows say who was asked and who answered", async () => {
    const { call, sink } = open();
    const answer = await call.record(input, faulty("429"), { fallback: true });
    expect(answer.choices[0]?.message.content).toEqual(expect.any(String));
    expect(sink.rows).toMatchObject([
      {
        requestedModel: PRIMARY,
        answeringModel: null,
        attempt: 1,
        fallbackOf: null,
        status: "error",
        error: expect.stringMatching(/^RateLimitError 429/),
        tokens: { input: null, output: null },
      },
      {
        requestedModel: BACKUP,
        answeringModel: answer.model,
        attempt: 2,
        fallbackOf: sink.rows[0]?.id,
        status: "ok",
        tokens: { input: answer.usage?.prompt_tokens, output: answer.usage?.completion_tokens },
      },
    ]);
  });

  it("gets the client's own error, when the backup fails too", async () => {
    const { call, sink } = open();
    const thrown: unknown[] = [];
    const send = (p: PreparedPrompt) =>
      client.chat.completions
        .create(p.openai(), { headers: { "x-simulator-fault": "429" } })
        .catch((error: unknown) => {
          thrown.push(error);
          throw error;
        });
    const error = await call.record(input, send, { fallback: true }).catch((failed: unknown) => failed);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toBe(thrown[1]);
    expect(sink.rows.map((row) => row.status)).toEqual(["error", "error"]);
  });

  it.each(["hangup", "500", "503", "529"])("answers from the backup after %s", async (fault) => {
    const { call, sink } = open();
    await call.record(input, faulty(fault), { fallback: true });
    expect(sink.rows.map((row) => [row.requestedModel, row.status])).toEqual([
      [PRIMARY, "error"],
      [BACKUP, "ok"],
    ]);
  });

  it("gives up an answer that stalls, and takes the backup's", async () => {
    const { call, sink } = open();
    const failures: unknown[] = [];
    const send = (p: PreparedPrompt) => {
      const sent = faulty("stall")(p);
      sent.catch((error: unknown) => failures.push(error));
      return sent;
    };
    await call.record(input, send, { fallback: { timeoutMs: 300 } });
    expect(failures).toEqual([expect.any(APIUserAbortError)]);
    expect(sink.rows.map((row) => [row.requestedModel, row.status, row.error])).toEqual([
      [PRIMARY, "error", "TimeoutError"],
      [BACKUP, "ok", null],
    ]);
  });

  it("hands over a stream of the backup, which the time limit leaves alone then", async () => {
    const { call, sink } = open();
    const stream = await call.record(
      input,
      (p) =>
        client.chat.completions.create(p.openai({ stream: true }), {
          signal: p.signal,
          headers: { "x-simulator-fault": p.model.id === PRIMARY ? "503" : "stall;pause=400" },
        }),
      { fallback: { timeoutMs: 200 } },
    );
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) last = chunk;
    expect(last?.usage?.completion_tokens).toBe(sink.rows[1]?.tokens.output);
    expect(sink.rows.map((row) => [row.requestedModel, row.status])).toEqual([
      [PRIMARY, "error"],
      [BACKUP, "ok"],
    ]);
  });

  it("serves a route's model, and falls back from it to the primary one", async () => {
    const { runtime, sink } = openStage(documentOf({}));
    const text = textOf("Sort: {{ticket}}", { model: PRIMARY });
    const declaration = declarationOf("k", text, { routes: { strong: modelChoice(BACKUP) } });
    const call = runtime.resolve<typeof input>(declaration, { route: "strong" });
    const answer = await call.record(
      input,
      (p) => {
        const headers = p.model.id === BACKUP ? { "x-simulator-fault": "500" } : undefined;
        return client.chat.completions.create(p.openai(), { headers });
      },
      { fallback: true },
    );
    expect(sink.rows.map((row) => row.requestedModel)).toEqual([BACKUP, PRIMARY]);
    expect(sink.rows[1]?.answeringModel).toBe(answer.model);
  });
});
