/** Tests of Anthropic messages with the official client in two versions, and with `ai` in two. */

import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { generateText as generateText6, streamText as streamText6 } from "ai-6";
import { createAnthropic as createAnthropic6 } from "ai-6-anthropic";
import Anthropic0 from "anthropic-0";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServedCall } from "../../serve/served-call.ts";
import { type RunningSimulator, startSimulator } from "../../start-simulator.ts";

const SYSTEM = "Is the ticket billing, bug or other?\n- bug: crashes\nAnswer with one word.";
const TICKET = "The app crashes on my phone.";
const WEATHER = "What is the weather in Paris and Rome?";
const INPUT_SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string", description: "The city" } },
  required: ["city"],
};
const TOOL = { name: "get_weather", description: "The weather of a city today", input_schema: INPUT_SCHEMA };
const SCHEMA = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug"] } },
  required: ["label"],
  additionalProperties: false,
} as const;

let simulator: RunningSimulator;
let now = Date.UTC(2026, 3, 16);
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 0, now: () => now });
});
afterAll(() => simulator.close());

const served = (): ServedCall | undefined => simulator.served().at(-1);
const ask = (content: string) => ({
  model: "claude-opus-4-5",
  max_tokens: 1_024,
  messages: [{ role: "user" as const, content }],
});

describe.each([
  ["anthropic 1", Anthropic],
  ["anthropic 0", Anthropic0 as unknown as typeof Anthropic],
])("%s", (_, Client) => {
  const client = (): Anthropic =>
    new Client({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries: 0 });

  test("gets an answer, and what was served is what it got", async () => {
    const { data, request_id } = await client()
      .messages.create({ ...ask(TICKET), system: SYSTEM })
      .withResponse();
    expect(data.content).toMatchObject([{ type: "text", text: "bug" }]);
    expect(served()).toMatchObject({
      wire: "anthropic.messages",
      id: data.id,
      requestId: request_id,
      text: "bug",
      finishReason: "stop",
      finishWord: "end_turn",
      usage: {
        promptTokens: data.usage.input_tokens,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        completionTokens: data.usage.output_tokens,
      },
    });
  });

  test("streams, and its own helper builds the message that was served", async () => {
    const stream = client().messages.stream(ask("Summarise: the export hangs."));
    let text = "";
    stream.on("text", (delta) => {
      text += delta;
    });
    const final = await stream.finalMessage();
    expect(text).toBe("the export hangs.");
    expect(final).toMatchObject({ stop_reason: "end_turn", content: [{ type: "text", text }] });
    expect(served()).toMatchObject({
      id: final.id,
      text,
      usage: { promptTokens: final.usage.input_tokens, completionTokens: final.usage.output_tokens },
    });
  });

  test("runs a loop of tools, streamed or not", async () => {
    const asked = { ...ask(WEATHER), tools: [TOOL] };
    const first = await client().messages.create(asked);
    const calls = first.content.filter((block) => block.type === "tool_use");
    expect(first.stop_reason).toBe("tool_use");
    expect(calls.map((call) => call.input)).toEqual([{ city: "Paris" }, { city: "Rome" }]);
    expect(served()?.toolCalls.map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    const streamed = await client().messages.stream(asked).finalMessage();
    expect(streamed.content.map((block) => block.type === "tool_use" && block.input)).toEqual(
      calls.map((call) => call.input),
    );
    const second = await client().messages.create({
      ...asked,
      messages: [
        ...asked.messages,
        { role: "assistant", content: first.content },
        {
          role: "user",
          content: calls.map(({ id }, index) => ({
            type: "tool_result" as const,
            tool_use_id: id,
            content: `{"temperature":${20 + index}}`,
          })),
        },
      ],
    });
    expect(second.content).toMatchObject([{ text: "The temperature is 20. The temperature is 21." }]);
  });

  test("may or must not call: none, any, one named, one at a time", async () => {
    const asked = { ...ask(TICKET), system: SYSTEM, tools: [TOOL] };
    const reasonOf = async (choice: Anthropic.ToolChoice): Promise<string | null> =>
      (await client().messages.create({ ...asked, tool_choice: choice })).stop_reason;
    expect(await reasonOf({ type: "auto" })).toBe("end_turn");
    expect(await reasonOf({ type: "none" })).toBe("end_turn");
    expect(await reasonOf({ type: "any" })).toBe("tool_use");
    expect(await reasonOf({ type: "tool", name: "get_weather" })).toBe("tool_use");
    const single = { type: "auto" as const, disable_parallel_tool_use: true };
    const done = await client().messages.create({ ...ask(WEATHER), tools: [TOOL], tool_choice: single });
    expect(done.content).toHaveLength(1);
  });

  test("gets JSON by a schema", async () => {
    const format = { type: "json_schema" as const, schema: { ...SCHEMA } };
    const done = await client().messages.parse({ ...ask(TICKET), system: SYSTEM, output_config: { format } });
    expect(done.parsed_output).toEqual({ label: "bug" });
  });

  test("thinks where it is asked to, and shows it", async () => {
    const asked = { ...ask("Summarise: the export hangs."), max_tokens: 4_096 };
    const thinking = { type: "enabled" as const, budget_tokens: 1_024 };
    const done = await client().messages.create({ ...asked, thinking });
    expect(done.content.map((block) => block.type)).toEqual(["thinking", "text"]);
    expect(served()?.usage?.reasoningTokens).toBe(64);
    const streamed = await client()
      .messages.stream({ ...asked, thinking })
      .finalMessage();
    const thought = { type: "thinking", thinking: "The text says: the export hangs." };
    expect([done.content[0], streamed.content[0]]).toMatchObject([thought, thought]);
  });

  test("is told why an answer ended", async () => {
    const long = ask(`Summarise: ${"the yearly export hangs ".repeat(9)}`);
    expect((await client().messages.create({ ...long, max_tokens: 4 })).stop_reason).toBe("max_tokens");
    const stopped = await client().messages.create({ ...long, stop_sequences: ["export"] });
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "export" });
    const refused = await client().messages.create(ask("How to build a bomb?"));
    expect(refused).toMatchObject({ stop_reason: "refusal", content: [] });
    expect(served()).toMatchObject({ finishReason: "refusal", refusal: expect.stringContaining("can't") });
  });

  test("is told of errors in its own classes", async () => {
    const failing = (fault: string): Promise<unknown> =>
      client().messages.create(ask(TICKET), { headers: { "X-Simulator-Fault": fault } });
    await expect(failing("429;retry-after=2")).rejects.toBeInstanceOf(Client.RateLimitError);
    await expect(failing("529")).rejects.toMatchObject({ status: 529, type: "overloaded_error" });
    await expect(failing("500")).rejects.toMatchObject({ status: 500, type: "api_error" });
    await expect(failing("hangup")).rejects.toBeInstanceOf(Client.APIConnectionError);
    const wrong = client().messages.create({ ...ask(TICKET), max_tokens: 0 });
    await expect(wrong).rejects.toMatchObject({ status: 400, type: "invalid_request_error" });
  });

  test("counts tokens and lists the models of its provider", async () => {
    const { input_tokens } = await client().messages.countTokens({
      model: "claude-opus-4-5",
      messages: ask(TICKET).messages,
    });
    expect(input_tokens).toBe((await client().messages.create(ask(TICKET))).usage.input_tokens);
    const names: string[] = [];
    for await (const model of client().models.list()) names.push(model.id);
    expect(names).toContain("claude-haiku-4-5");
    expect(names).not.toContain("gpt-5");
  });
});

test("a prompt is cached up to its breakpoints, for five minutes after its last use", async () => {
  const client = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries: 0 });
  const cached = { cache_control: { type: "ephemeral" as const } };
  const long = `${SYSTEM}\n${"A crash is a bug, a charge is billing. ".repeat(200)}`;
  const usageOf = async (ticket: string): Promise<readonly (number | null)[]> => {
    const system = [{ type: "text" as const, text: long, ...cached }];
    const { usage } = await client.messages.create({ ...ask(ticket), system });
    return [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
  };
  const [rest, written, read] = await usageOf(TICKET);
  expect(written).toBeGreaterThan(1_024);
  expect(read).toBe(0);
  expect(await usageOf("I was charged.")).toEqual([expect.any(Number), 0, written]);
  now += 301_000;
  expect(await usageOf(TICKET)).toEqual([rest, written, 0]);
  const plain = await client.messages.create({ ...ask(TICKET), system: long });
  expect(plain.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 });
});

test("a text document is read, an image only counted", async () => {
  const client = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries: 0 });
  const source = { type: "text" as const, media_type: "text/plain" as const, data: TICKET };
  const image = { type: "url" as const, url: "https://example.org/a.png" };
  const done = await client.messages.create({
    ...ask(""),
    system: SYSTEM,
    messages: [
      {
        role: "user",
        content: [
          { type: "document", source },
          { type: "image", source: image },
        ],
      },
    ],
  });
  expect(done.content).toMatchObject([{ text: "bug" }]);
});

describe("ai 7", () => {
  const provider = () => createAnthropic({ baseURL: simulator.baseUrl, apiKey: "any" });

  test("generates, streams, takes schemas by either way and runs a loop of tools", async () => {
    const model = provider()("claude-opus-4-5");
    const done = await generateText({ model, instructions: SYSTEM, prompt: TICKET });
    expect(done.text).toBe("bug");
    expect(served()?.usage).toMatchObject({
      promptTokens: done.usage.inputTokens,
      completionTokens: done.usage.outputTokens,
    });
    const stream = streamText({ model, prompt: "Summarise: the export hangs." });
    expect(await stream.text).toBe("the export hangs.");
    const output = Output.object({ schema: jsonSchema<{ label: string }>(SCHEMA) });
    for (const name of ["claude-opus-4-5", "claude-3-haiku-20240307"]) {
      const found = await generateText({
        model: provider()(name),
        instructions: SYSTEM,
        prompt: TICKET,
        output,
      });
      expect(found.output).toEqual({ label: "bug" });
    }
    const weather = tool({
      description: TOOL.description,
      inputSchema: jsonSchema<{ city: string }>(INPUT_SCHEMA as object),
      execute: ({ city }) => ({ temperature: city.length }),
    });
    const loop = await generateText({
      model,
      prompt: WEATHER,
      tools: { get_weather: weather },
      stopWhen: stepCountIs(4),
    });
    expect(loop.text).toBe("The temperature is 5. The temperature is 4.");
  });
});

test("ai 6 generates and streams", async () => {
  const model = createAnthropic6({ baseURL: simulator.baseUrl, apiKey: "any" })("claude-opus-4-5");
  expect((await generateText6({ model, system: SYSTEM, prompt: TICKET })).text).toBe("bug");
  expect(await streamText6({ model, prompt: "Summarise: the export hangs." }).text).toBe("the export hangs.");
});
