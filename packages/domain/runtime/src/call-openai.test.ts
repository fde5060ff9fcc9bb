/** Tests `record` around the official OpenAI client, against the simulator. */
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "./call.ts";
import { declarationOf, documentOf, openStage, type RowSink, textOf } from "./runtime.fixture.ts";

const body = "Sort the ticket. Answer with one of these labels: billing, bug, other.\n{{ticket}}";
const input = { ticket: "I was charged twice for my invoice, please refund." };
let simulator: RunningSimulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, seed: 7, latencyMs: 0 });
  client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "none", maxRetries: 0 });
});
afterAll(() => simulator.close());

function open(more: Parameters<typeof declarationOf>[2] = {}): {
  call: Call<typeof input>;
  sink: RowSink;
  close: () => Promise<void>;
} {
  const stage = openStage(documentOf({}));
  const call = stage.runtime.resolve<typeof input>(declarationOf("support.triage", textOf(body), more), {
    user: "ada",
  });
  return { call, sink: stage.sink, close: () => stage.runtime.close() };
}

describe("the official OpenAI client", () => {
  it("answers through record as it does by itself, and leaves a whole row", async () => {
    const { call, sink } = open();
    const answer = await call.record(input, (p) => client.chat.completions.create(p.openai()));
    expect(answer.choices[0]?.message.content).toEqual(expect.any(String));
    expect(answer._request_id === undefined || typeof answer._request_id === "string").toBe(true);
    expect(sink.row).toMatchObject({
      id: call.executionId,
      status: "ok",
      requestedModel: "gpt-5-mini",
      answeringModel: answer.model,
      provider: "openai",
      finishReason: "stop",
      outputLength: answer.choices[0]?.message.content?.length,
      tokens: { input: answer.usage?.prompt_tokens, output: answer.usage?.completion_tokens },
      subjects: { user: "ada" },
      firstToken: null,
    });
  });

  it("gets its own promise back, with all its methods", async () => {
    const { call, sink } = open();
    let sent: unknown;
    const returned = call.record(input, (p) => {
      const promise = client.chat.completions.create(p.openai());
      sent = promise;
      return promise;
    });
    expect(returned).toBe(sent);
    const { data, response } = await returned.withResponse();
    expect(response.status).toBe(200);
    expect(sink.row).toMatchObject({
      status: "ok",
      answeringModel: data.model,
      tokens: { input: data.usage?.prompt_tokens },
    });
    expect((await returned).id).toBe(data.id);
    expect(sink.rows).toHaveLength(1);
  });

  it("hands out its raw response unread", async () => {
    const { call, sink } = open();
    const response = await call.record(input, (p) => client.chat.completions.create(p.openai())).asResponse();
    expect(response.bodyUsed).toBe(false);
    expect(await response.json()).toMatchObject({ object: "chat.completion" });
    expect(sink.row).toMatchObject({ status: "ok", outputLength: null, tokens: { input: null } });
  });

  it("is read inside send too, whether awaited or with its response", async () => {
    const { call, sink } = open();
    await call.record(input, (p) => client.chat.completions.create(p.openai()).withResponse());
    await call.record(input, async (p) => await client.chat.completions.create(p.openai()));
    expect(sink.rows.map((row) => typeof row.tokens.input)).toEqual(["number", "number"]);
  });

  it("streams through record: same class, same chunks, the row at the end", async () => {
    const { call, sink } = open();
    const stream = await call.record(input, (p) =>
      client.chat.completions.create({
        ...p.openai(),
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(stream.controller).toBeInstanceOf(AbortController);
    expect(sink.rows).toEqual([]);
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(sink.row).toMatchObject({ status: "ok", outputLength: text.length, finishReason: "stop" });
    expect(sink.row.tokens.output).toBeGreaterThan(0);
    expect(sink.row.firstToken).not.toBeNull();
  });

  it("streams split in two leave one row, of the whole", async () => {
    const { call, sink } = open();
    const stream = await call.record(input, (p) =>
      client.chat.completions.create({ ...p.openai(), stream: true }),
    );
    const [left, right] = stream.tee();
    const read = async (
      branch: AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>,
    ): Promise<string> => {
      let text = "";
      for await (const chunk of branch) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    };
    const [one, other] = await Promise.all([read(left), read(right)]);
    expect(one).toBe(other);
    expect(sink.row).toMatchObject({ status: "ok", outputLength: one.length });
  });

  it("streams left early, and streams aborted by their controller, are aborted rows", async () => {
    for (const leave of ["break", "abort"]) {
      const { call, sink } = open();
      const stream = await call.record(input, (p) =>
        client.chat.completions.create({ ...p.openai(), stream: true }),
      );
      for await (const _ of stream) {
        if (leave === "break") break;
        stream.controller.abort();
      }
      expect([leave, sink.row.status]).toEqual([leave, "aborted"]);
    }
  });

  it("aborted before it answers rejects with its own error", async () => {
    const { call, sink } = open();
    const abort = new AbortController();
    const returned = call.record(input, (p) =>
      client.chat.completions.create(p.openai(), { signal: abort.signal }),
    );
    abort.abort();
    await expect(returned).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    expect(sink.row).toMatchObject({ status: "aborted" });
  });

  it("refused by the server rejects with its own error, and raises no second one", async () => {
    const faulty = await startSimulator({ port: 0, seed: 1, faults: { rate429: 1 } });
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", listen);
    try {
      const { call, sink } = open();
      const angry = new OpenAI({ baseURL: faulty.baseUrl, apiKey: "none", maxRetries: 0 });
      const send = (p: { openai(): Parameters<typeof angry.chat.completions.create>[0] }) =>
        angry.chat.completions.create(p.openai());
      await expect(call.record(input, send)).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      const second = call.record(input, (p) => angry.chat.completions.create(p.openai()));
      await expect(second.withResponse()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      const third = call.record(input, (p) => angry.chat.completions.create(p.openai()));
      await expect(third.asResponse()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      await new Promise((resolve) => setImmediate(resolve));
      expect(sink.rows.map((row) => [row.status, row.error?.startsWith("RateLimitError 429")])).toEqual([
        ["error", true],
        ["error", true],
        ["error", true],
      ]);
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", listen);
      await faulty.close();
    }
  });

  it("gets tools, tool choice and output contract in its own words", async () => {
    const schema = {
      type: "object",
      properties: { label: { enum: ["billing", "bug", "other"] } },
      required: ["label"],
    };
    const tools = [{ name: "refund", description: "Gives money back", input: { type: "object" } }];
    const text = textOf(body, {
      output: schema,
      tools,
      toolChoice: { tool: "refund" },
      parameters: { temperature: 0 },
    });
    const stage = openStage(documentOf({}));
    const call = stage.runtime.resolve<typeof input>(declarationOf("k", text));
    const args = call.render(input).openai();
    expect(args).toMatchObject({
      model: "gpt-5-mini",
      temperature: 0,
      tool_choice: { type: "function", function: { name: "refund" } },
      tools: [
        {
          type: "function",
          function: { name: "refund", description: "Gives money back", parameters: { type: "object" } },
        },
      ],
      response_format: { type: "json_schema", json_schema: { schema } },
    });
    args.messages.push({ role: "user", content: "more" });
    expect(call.render(input).openai().messages).toHaveLength(1);
  });
});
