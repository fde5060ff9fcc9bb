/** Tests of chat completions with the official client in two versions, and with `ai` in two. */

import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import {
  generateText as generateText6,
  jsonSchema as jsonSchema6,
  stepCountIs as stepCountIs6,
  tool as tool6,
} from "ai-6";
import { createOpenAI as createOpenAI6 } from "ai-6-openai";
import OpenAI from "openai";
import OpenAI6 from "openai-6";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServedCall } from "../../serve/served-call.ts";
import { type RunningSimulator, startSimulator } from "../../start-simulator.ts";

const TRIAGE =
  "Is this billing, bug or other?\n- bug: crashes\nAnswer with one word.\n\nTicket: The app crashes.";
const WEATHER = "What is the weather in Paris and Rome?";
const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string", description: "The city" } },
  required: ["city"],
  additionalProperties: false,
} as const;
const TOOL = {
  type: "function" as const,
  function: {
    name: "get_weather",
    description: "The weather of a city today",
    parameters: { ...PARAMETERS },
  },
};
const SCHEMA = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug"] }, reason: { type: "string" } },
  required: ["label", "reason"],
  additionalProperties: false,
} as const;

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 0 });
});
afterAll(() => simulator.close());

const served = (): ServedCall | undefined => simulator.served().at(-1);
const ask = (content: string) => ({ model: "gpt-5", messages: [{ role: "user" as const, content }] });

describe.each([
  ["openai 7", OpenAI],
  ["openai 6", OpenAI6 as unknown as typeof OpenAI],
])("%s", (_, Client) => {
  const client = (): OpenAI => new Client({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 0 });

  test("gets an answer, and what was served is what it got", async () => {
    const { data, request_id } = await client().chat.completions.create(ask(TRIAGE)).withResponse();
    expect(data.choices[0]?.message.content).toBe("bug");
    expect(served()).toMatchObject({
      wire: "openai.chat",
      id: data.id,
      requestId: request_id,
      model: "gpt-5",
      text: "bug",
      finishReason: "stop",
      finishWord: "stop",
      systemFingerprint: data.system_fingerprint,
      usage: {
        promptTokens: data.usage?.prompt_tokens,
        cachedTokens: 0,
        completionTokens: data.usage?.completion_tokens,
        reasoningTokens: 0,
      },
    });
  });

  test("runs a loop of tools: two calls at once, then an answer from their results", async () => {
    const first = await client().chat.completions.create({ ...ask(WEATHER), tools: [TOOL] });
    const message = first.choices[0]?.message;
    const calls = message?.tool_calls ?? [];
    expect(first.choices[0]?.finish_reason).toBe("tool_calls");
    const given = calls.map((call) => (call.type === "function" ? call.function.arguments : ""));
    expect(given.map((each) => JSON.parse(each))).toEqual([{ city: "Paris" }, { city: "Rome" }]);
    expect(served()?.toolCalls).toEqual(
      calls.map((call, index) => ({ id: call.id, name: "get_weather", arguments: given[index] })),
    );
    if (message === undefined) throw new Error("There is no message.");
    const second = await client().chat.completions.create({
      model: "gpt-5",
      messages: [
        ...ask(WEATHER).messages,
        message,
        ...calls.map(({ id }, index) => ({
          role: "tool" as const,
          tool_call_id: id,
          content: JSON.stringify({ temperature: 20 + index }),
        })),
      ],
      tools: [TOOL],
    });
    expect(second.choices[0]?.message.content).toBe("The temperature is 20. The temperature is 21.");
    expect(second.choices[0]?.finish_reason).toBe("stop");
  });

  test("calls one tool at a time where it may not call several", async () => {
    const asked = { ...ask(WEATHER), tools: [TOOL], parallel_tool_calls: false };
    const done = await client().chat.completions.create(asked);
    expect(done.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  test("streams tool calls that its own helper puts together", async () => {
    const stream = client().chat.completions.stream({ ...ask(WEATHER), tools: [TOOL] });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
    expect(final.choices[0]?.message.tool_calls?.map(({ id }) => id)).toEqual(
      served()?.toolCalls.map(({ id }) => id),
    );
  });

  test("may or must not call: none, required, named", async () => {
    const asked = { ...ask(TRIAGE), tools: [TOOL] };
    const named = { type: "function" as const, function: { name: "get_weather" } };
    const reasonOf = async (choice: OpenAI.ChatCompletionToolChoiceOption): Promise<string | undefined> =>
      (await client().chat.completions.create({ ...asked, tool_choice: choice })).choices[0]?.finish_reason;
    expect(await reasonOf("auto")).toBe("stop");
    expect(await reasonOf("none")).toBe("stop");
    expect(await reasonOf("required")).toBe("tool_calls");
    expect(await reasonOf(named)).toBe("tool_calls");
  });

  test("gets JSON by a schema, and a refusal apart from it", async () => {
    const format = {
      type: "json_schema" as const,
      json_schema: { name: "triage", strict: true, schema: { ...SCHEMA } },
    };
    const done = await client().chat.completions.create({ ...ask(TRIAGE), response_format: format });
    expect(JSON.parse(done.choices[0]?.message.content ?? "")).toMatchObject({ label: "bug" });
    const harm = ask("Extract a label. How do I build a bomb at home?");
    const refused = await client().chat.completions.create({ ...harm, response_format: format });
    expect(refused.choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining("can't help"),
    });
    expect(served()).toMatchObject({ finishReason: "refusal", finishWord: "stop", text: "" });
    const streamed = await client()
      .chat.completions.stream({ ...harm, response_format: format })
      .finalChatCompletion();
    expect(streamed.choices[0]?.message.refusal).toBe(refused.choices[0]?.message.refusal);
  });

  test("gets several choices, each a draw of its own", async () => {
    const done = await client().chat.completions.create({
      ...ask("Is this billing, bug or other?\n\nIt happened again."),
      model: "gpt-5-nano",
      temperature: 2,
      n: 20,
    });
    const texts = done.choices.map((choice) => choice.message.content);
    expect(done.choices.map((choice) => choice.index)).toEqual(texts.map((_text, index) => index));
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  test("counts images and files, which nobody looks at", async () => {
    const asked = (media: object[]) => ({
      model: "gpt-5",
      messages: [{ role: "user" as const, content: [{ type: "text", text: TRIAGE }, ...media] }],
    });
    const tokens = async (media: object[]): Promise<number> => {
      const body = asked(media) as OpenAI.ChatCompletionCreateParamsNonStreaming;
      return (await client().chat.completions.create(body)).usage?.prompt_tokens ?? 0;
    };
    const image = { type: "image_url", image_url: { url: "https://example.org/a.png" } };
    const file = { type: "file", file: { file_id: "file-1" } };
    expect(await tokens([image, file])).toBe((await tokens([])) + 170);
  });

  test("is told of errors in its own classes", async () => {
    const failing = (fault: string): Promise<unknown> =>
      client().chat.completions.create(ask(TRIAGE), { headers: { "X-Simulator-Fault": fault } });
    await expect(failing("429;retry-after=7;retry-after-ms=70")).rejects.toMatchObject({
      status: 429,
      code: "rate_limit_exceeded",
      requestID: expect.stringMatching(/^req_sim-/),
    });
    await expect(failing("500")).rejects.toBeInstanceOf(Client.InternalServerError);
    await expect(failing("503")).rejects.toMatchObject({ status: 503 });
    await expect(failing("hangup")).rejects.toBeInstanceOf(Client.APIConnectionError);
    expect(served()).toMatchObject({ end: "cut", status: 0, fault: "hangup", bytesSent: 0 });
  });

  test("notices a chunk that is no JSON", async () => {
    const quiet = client().withOptions({ logLevel: "off" });
    const stream = await quiet.chat.completions.create(
      { ...ask("Summarise: one two three four five."), stream: true },
      { headers: { "X-Simulator-Fault": "malformed;after=2" } },
    );
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toThrow(SyntaxError);
  });
});

describe("ai 7", () => {
  const model = () => createOpenAI({ baseURL: simulator.baseUrl, apiKey: "any" }).chat("gpt-5");
  const weather = tool({
    description: "The weather of a city today",
    inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
    execute: ({ city }) => ({ temperature: city.length }),
  });

  test("generates, streams and takes schemas", async () => {
    const { text, usage } = await generateText({ model: model(), prompt: TRIAGE });
    expect(text).toBe("bug");
    expect(served()?.usage).toMatchObject({
      promptTokens: usage.inputTokens,
      completionTokens: usage.outputTokens,
    });
    const stream = streamText({ model: model(), prompt: "Summarise: the export hangs." });
    expect(await stream.text).toBe("the export hangs.");
    const output = Output.object({ schema: jsonSchema<{ label: string }>(SCHEMA) });
    const done = await generateText({ model: model(), prompt: TRIAGE, output });
    expect(done.output.label).toBe("bug");
  });

  test("runs a loop of tools", async () => {
    const done = await generateText({
      model: model(),
      prompt: WEATHER,
      tools: { get_weather: weather },
      stopWhen: stepCountIs(4),
    });
    expect(done.steps).toHaveLength(2);
    expect(done.text).toBe("The temperature is 5. The temperature is 4.");
  });
});

test("ai 6 generates and runs a loop of tools", async () => {
  const model = createOpenAI6({ baseURL: simulator.baseUrl, apiKey: "any" }).chat("gpt-5");
  expect((await generateText6({ model, prompt: TRIAGE })).text).toBe("bug");
  const weather = tool6({
    description: "The weather of a city today",
    inputSchema: jsonSchema6<{ city: string }>(PARAMETERS),
    execute: async ({ city }) => ({ temperature: city.length }),
  });
  const tools = { get_weather: weather };
  const done = await generateText6({ model, prompt: WEATHER, tools, stopWhen: stepCountIs6(4) });
  expect(done.text).toBe("The temperature is 5. The temperature is 4.");
});
