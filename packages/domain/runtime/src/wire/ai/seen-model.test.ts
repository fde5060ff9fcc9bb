/** Tests that a model seen through answers as before, and that each of its calls leaves a row. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildText, type TextParts } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { PreparedPrompt } from "../../prepared-prompt.ts";
import { declarationOf, documentOf, openStage, type Stage } from "../../runtime.fixture.ts";
import { ai } from "./ai-wire.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const input = { ticket: "It crashes" };

interface Opened extends Stage {
  record<R>(send: (prompt: PreparedPrompt) => R): R;
  render(): PreparedPrompt;
}

function open(parts: Partial<TextParts> = {}): Opened {
  const stage = openStage(documentOf({}), { wires: [ai] });
  const text = buildText({
    body: "{{ticket}}",
    model: "gpt-5-mini",
    input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
    ...parts,
  });
  const call = stage.runtime.resolve<typeof input>(declarationOf("support.triage", text));
  return { ...stage, record: (send) => call.record(input, send), render: () => call.render(input) };
}

const USAGE = {
  inputTokens: { total: 12, noCache: 4, cacheRead: 8, cacheWrite: undefined },
  outputTokens: { total: 5, text: 3, reasoning: 2 },
};
const ANSWER = {
  content: [
    { type: "reasoning", text: "hm" },
    { type: "text", text: "bil" },
    { type: "text", text: "ling" },
    { type: "tool-call", toolCallId: "1", toolName: "lookup", input: "{}" },
  ],
  finishReason: { unified: "tool-calls", raw: "tool_calls" },
  usage: USAGE,
  warnings: [],
  request: { url: "https://models.example:8443/v1/x?key=secret" },
  response: { modelId: "gpt-5-mini-2026", body: { system_fingerprint: "fp_1" } },
};
const PARTS = [
  { type: "stream-start", warnings: [] },
  { type: "response-metadata", id: "r", modelId: "gpt-5-mini-2026" },
  { type: "text-start", id: "0" },
  { type: "text-delta", id: "0", delta: "bill" },
  { type: "text-delta", id: "0", delta: "ing" },
  { type: "text-end", id: "0" },
  { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage: USAGE },
];

/** A model as a provider writes one, with private fields. */
class OwnModel {
  readonly specificationVersion = "v3";
  readonly provider = "own.chat";
  readonly modelId: string;
  readonly #urls = { "image/*": [/^https:/] };
  readonly config: unknown = { baseURL: "https://configured.example/v1" };
  readonly asked: unknown[] = [];
  answer: () => unknown = () => ANSWER;
  pulled = 0;
  cancelled: unknown;
  parts: readonly unknown[] = PARTS;
  /** Thrown where the parts are over. */
  cut: Error | undefined;

  constructor(modelId: string) {
    this.modelId = modelId;
  }

  get supportedUrls(): unknown {
    return this.#urls;
  }

  async doGenerate(options: unknown): Promise<never> {
    this.asked.push(options);
    return this.answer() as never;
  }

  async doStream(options: unknown): Promise<{ readonly stream: ReadableStream<unknown> }> {
    this.asked.push(options);
    const stream = new ReadableStream<unknown>(
      {
        pull: (controller) => {
          const part = this.parts[this.pulled++];
          if (part !== undefined) controller.enqueue(part);
          else if (this.cut !== undefined) controller.error(this.cut);
          else controller.close();
        },
        cancel: (reason) => {
          this.cancelled = reason;
        },
      },
      { highWaterMark: 0 },
    );
    return { stream };
  }
}

it("needs its wire, which a bundle may leave out", () => {
  const { runtime } = openStage(documentOf({}), { wires: [] });
  const text = buildText({ body: "Hello", model: "gpt-5-mini" });
  const prompt = runtime.resolve<object>(declarationOf("greet", text)).render({});
  expect(() => prompt.ai()).toThrowError(
    'p.ai() needs a wire that open() was not given here; import { ai } from "colophon/ai" and pass wires: [ai] to open().',
  );
  expect(() => prompt.ai()).toThrowError(expect.objectContaining({ code: "wire-missing" }));
});

describe("a model seen through", () => {
  it("is the provider's model in everything but its two calls", () => {
    const { record, render } = open();
    const model = new OwnModel("m");
    record((p) => {
      const { model: seen } = p.ai(model);
      expect(seen).toBeInstanceOf(OwnModel);
      expect(seen).toEqual(model);
      expect(Object.keys(seen)).toEqual(Object.keys(model));
      expect(seen.supportedUrls).toBe(model.supportedUrls);
      expect(seen.specificationVersion).toBe("v3");
      expect(seen.modelId).toBe("m");
    });
    expect(render().ai(model).model).toBe(model);
  });

  it("can be a frozen one", async () => {
    const { record, sink } = open();
    const model = Object.freeze({
      specificationVersion: "v3",
      provider: "own",
      modelId: "m",
      doGenerate: async (_options: object) => ANSWER,
      doStream: async (_options: object) => ({ stream: undefined }),
    });
    await record(async (p) => {
      const seen = p.ai(model).model;
      expect(seen.modelId).toBe("m");
      expect(await seen.doGenerate({})).toBe(ANSWER);
      expect(await seen.doStream({})).toEqual({ stream: undefined });
    });
    expect(sink.rows.map(({ status, step }) => [status, step])).toEqual([
      ["ok", 1],
      ["ok", 2],
    ]);
  });

  it("returns the very answer, and its row says what is in it", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    const options = { prompt: [] };
    expect(await record((p) => p.ai(model).model.doGenerate(options))).toBe(ANSWER);
    expect(model.asked[0]).toBe(options);
    expect(sink.row).toMatchObject({
      status: "ok",
      step: 1,
      attempt: 1,
      answeringModel: "gpt-5-mini-2026",
      host: "models.example:8443",
      systemFingerprint: "fp_1",
      tokens: { input: 12, output: 5, reasoning: 2, cacheRead: 8, cacheWrite: null },
      finishReason: "tool-calls",
      toolCalls: ["lookup"],
      refused: false,
      outputLength: 7,
    });
  });

  it("says nothing that the model did not say", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    const empty = { content: [] };
    model.answer = () => empty;
    await record((p) => p.ai(model).model.doGenerate({}));
    expect(sink.row).toMatchObject({
      answeringModel: null,
      host: "configured.example",
      tokens: { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null },
      finishReason: null,
      refused: null,
      outputLength: null,
    });
  });

  it("reads the plain numbers of specification v2, refusals, and Google's name of what answered", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    model.answer = () => ({
      content: [{ type: "text", text: "I cannot." }],
      finishReason: "content-filter",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, reasoningTokens: 1, cachedInputTokens: 2 },
      response: { body: { modelVersion: "gemini-2.5-flash-002" } },
    });
    await record((p) => p.ai(model).model.doGenerate({}));
    expect(sink.row).toMatchObject({
      answeringModel: "gemini-2.5-flash-002",
      tokens: { input: 3, output: 2, reasoning: 1, cacheRead: 2, cacheWrite: null },
      finishReason: "content-filter",
      refused: true,
    });
  });

  it("survives an answer that cannot be read", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    const odd = {
      get content(): never {
        throw new Error("no");
      },
    };
    model.answer = () => odd;
    expect(await record((p) => p.ai(model).model.doGenerate({}))).toBe(odd);
    expect(sink.row).toMatchObject({ status: "ok", finishReason: null });
  });

  it("counts a call after a failed one as another attempt of its step", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    const failure = Object.assign(new Error("slow down"), { statusCode: 429 });
    const answers = [ANSWER, failure, failure, ANSWER];
    model.answer = () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    };
    await record(async (p) => {
      const { model: seen } = p.ai(model);
      await seen.doGenerate({});
      await expect(seen.doGenerate({})).rejects.toBe(failure);
      await expect(seen.doGenerate({})).rejects.toBe(failure);
      await seen.doGenerate({});
    });
    expect(sink.rows.map(({ step, attempt, status, error }) => [step, attempt, status, error])).toEqual([
      [1, 1, "ok", null],
      [2, 1, "error", "Error 429"],
      [2, 2, "error", "Error 429"],
      [2, 3, "ok", null],
    ]);
    const [first, ...others] = sink.rows;
    expect(others.map(({ parent }) => parent)).toEqual(others.map(() => first?.id));
    expect(sink.rows[1]?.host).toBe("configured.example");
  });

  it.each([
    [new Error("the user left"), "aborted"],
    [Object.assign(new Error("late"), { name: "TimeoutError" }), "error"],
  ])("takes a signal aborted with %s for %s", async (reason, status) => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    model.answer = () => {
      throw reason;
    };
    const abortSignal = AbortSignal.abort(reason);
    await expect(record((p) => p.ai(model).model.doGenerate({ abortSignal }))).rejects.toBe(reason);
    expect(sink.row.status).toBe(status);
  });

  it("asks for the version's output where the call asks for no other form", async () => {
    const schema = { type: "object", properties: { label: { type: "string" } } };
    const { record } = open({ output: schema });
    const model = new OwnModel("m");
    const text = { responseFormat: { type: "text" } };
    await record(async (p) => {
      const { model: seen } = p.ai(model);
      await seen.doGenerate({ seed: 1 });
      await seen.doGenerate(text);
    });
    expect(model.asked).toEqual([
      { seed: 1, responseFormat: { type: "json", name: "answer", schema } },
      text,
    ]);
  });

  it("that is never called is an aborted row, once nobody holds it", { timeout: 30_000 }, async () => {
    setFlagsFromString("--expose-gc");
    const { record, sink } = open();
    const answer = await record(async (p) => {
      p.ai(new OwnModel("m"));
      return "from the cache";
    });
    expect(answer).toBe("from the cache");
    const statuses = (): readonly string[] => {
      collectGarbage();
      return sink.rows.map(({ status }) => status);
    };
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(["aborted"]);
  });

  it("that is held beyond a text waits for its call", async () => {
    const { record, sink } = open();
    const seen = await record(async (p) => {
      const { model } = p.ai(new OwnModel("m"));
      return () => model;
    });
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sink.rows).toEqual([]);
    await seen().doGenerate({});
    expect(sink.row).toMatchObject({ status: "ok", finishReason: "tool-calls" });
  });

  it("that is called after its record has failed leaves a row of its own", async () => {
    const { record, sink } = open();
    let later: () => Promise<unknown> = async () => undefined;
    const failed = record(async (p) => {
      const { model } = p.ai(new OwnModel("m"));
      later = () => model.doGenerate({});
      throw new Error("before it was called");
    });
    await expect(failed).rejects.toThrow("before it was called");
    await later();
    expect(sink.rows).toMatchObject([
      { status: "error", step: null },
      { status: "ok", step: 1, parent: sink.rows[0]?.id, finishReason: "tool-calls" },
    ]);
  });

  it("may hold its calls fast", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    const fixed = { value: model.doGenerate.bind(model), writable: false, configurable: false };
    Object.defineProperty(model, "doGenerate", fixed);
    expect(await record((p) => p.ai(model).model.doGenerate({}))).toBe(ANSWER);
    expect(sink.row).toMatchObject({ status: "ok", finishReason: "tool-calls" });
  });

  it("waits for its calls where the record returns something else before them", async () => {
    const { record, sink } = open();
    const model = new OwnModel("m");
    let later: () => Promise<unknown> = async () => undefined;
    const response = new Response("ok");
    const returned = await record(async (p) => {
      const { model: seen } = p.ai(model);
      later = () => seen.doGenerate({});
      return response;
    });
    expect(returned).toBe(response);
    expect(sink.rows).toEqual([]);
    await later();
    expect(sink.row).toMatchObject({ status: "ok", finishReason: "tool-calls" });
  });
});

async function listOf(stream: ReadableStream<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const part of stream) list.push(part);
  return list;
}

describe("a stream seen through", () => {
  async function streamed(model: OwnModel, opened: Opened, options = {}): Promise<ReadableStream<unknown>> {
    const { stream } = await opened.record((p) => p.ai(model).model.doStream(options));
    return stream;
  }

  it("passes on every part itself, and asks for none ahead of the application", async () => {
    const opened = open();
    const model = new OwnModel("m");
    const reader = (await streamed(model, opened)).getReader();
    const seen: unknown[] = [];
    for (;;) {
      expect(model.pulled).toBe(seen.length);
      opened.clock.pass(10);
      const { done, value } = await reader.read();
      if (done) break;
      seen.push(value);
    }
    expect(seen.every((part, index) => part === PARTS[index])).toBe(true);
    expect(seen).toHaveLength(PARTS.length);
    expect(opened.sink.row).toMatchObject({
      status: "ok",
      firstToken: 40,
      latency: 80,
      outputLength: 7,
      answeringModel: "gpt-5-mini-2026",
      finishReason: "stop",
      tokens: { input: 12, output: 5 },
    });
  });

  it("that is cancelled is aborted, with what was seen, and so is the provider's", async () => {
    const opened = open();
    const model = new OwnModel("m");
    const reader = (await streamed(model, opened)).getReader();
    for (let count = 0; count < 4; count++) await reader.read();
    await reader.cancel("enough");
    expect(model.cancelled).toBe("enough");
    expect(opened.sink.row).toMatchObject({
      status: "aborted",
      outputLength: 4,
      finishReason: null,
      refused: null,
    });
  });

  it("that is cancelled after it has said everything is whole", async () => {
    const opened = open();
    const reader = (await streamed(new OwnModel("m"), opened)).getReader();
    for (let count = 0; count < PARTS.length; count++) await reader.read();
    await reader.cancel();
    expect(opened.sink.row).toMatchObject({ status: "ok", finishReason: "stop" });
  });

  it("that breaks off fails with the same error", async () => {
    const opened = open();
    const model = new OwnModel("m");
    model.parts = PARTS.slice(0, 4);
    model.cut = new TypeError("terminated");
    const reader = (await streamed(model, opened)).getReader();
    for (let count = 0; count < 4; count++) await reader.read();
    await expect(reader.read()).rejects.toBe(model.cut);
    expect(opened.sink.row).toMatchObject({ status: "error", error: "TypeError", outputLength: 4 });
  });

  it("that ends without having finished was cut", async () => {
    const opened = open();
    const model = new OwnModel("m");
    model.parts = PARTS.slice(0, 4);
    for await (const _ of await streamed(model, opened));
    expect(opened.sink.row).toMatchObject({ status: "aborted", outputLength: 4 });
  });

  it("that carries an error is a failed call, and the next one another attempt", async () => {
    const opened = open();
    const model = new OwnModel("m");
    const error = Object.assign(new Error("overloaded"), { statusCode: 529 });
    model.parts = [...PARTS.slice(0, 4), { type: "error", error }, PARTS.at(-1)];
    await opened.record(async (p) => {
      const { model: seen } = p.ai(model);
      for await (const _ of (await seen.doStream({})).stream);
      await seen.doGenerate({});
    });
    expect(opened.sink.rows).toMatchObject([
      { status: "error", error: "Error 529", step: 1, attempt: 1 },
      { status: "ok", step: 1, attempt: 2 },
    ]);
  });

  it("that fails once the application has aborted is aborted", async () => {
    const opened = open();
    const model = new OwnModel("m");
    const controller = new AbortController();
    model.parts = PARTS.slice(0, 4);
    model.cut = new Error("the user left");
    const stream = await streamed(model, opened, { abortSignal: controller.signal });
    controller.abort(model.cut);
    await expect(listOf(stream)).rejects.toBe(model.cut);
    expect(opened.sink.row).toMatchObject({ status: "aborted", outputLength: 4 });
  });

  it("that nobody reads is aborted at the latest when the runtime closes", async () => {
    const opened = open();
    await streamed(new OwnModel("m"), opened);
    expect(opened.sink.rows).toEqual([]);
    await opened.runtime.close();
    expect(opened.sink.row).toMatchObject({ status: "aborted", finishReason: null });
  });

  it("that is dropped half read is aborted with what was seen, though a listener of its signal holds it", async () => {
    const opened = open();
    const dropHalfRead = async (): Promise<void> => {
      const { signal } = new AbortController();
      const stream = await streamed(new OwnModel("m"), opened, { abortSignal: signal });
      const reader = stream.getReader();
      // As the AI SDK has it, which ends its own streams when the signal says so.
      signal.addEventListener("abort", () => reader.cancel());
      for (let count = 0; count < 4; count++) await reader.read();
    };
    await dropHalfRead();
    for (let turn = 0; turn < 1_000 && opened.sink.rows.length === 0; turn++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(opened.sink.row).toMatchObject({ status: "aborted", outputLength: 4 });
  });

  it("takes parts that cannot be read", async () => {
    const opened = open();
    const model = new OwnModel("m");
    const odd = {
      get type(): never {
        throw new Error("no");
      },
    };
    model.parts = [odd, null, 3, ...PARTS];
    expect(await listOf(await streamed(model, opened))).toHaveLength(PARTS.length + 3);
    expect(opened.sink.row).toMatchObject({ status: "ok", finishReason: "stop" });
  });
});
