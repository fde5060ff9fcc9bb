/** Tests of the responses API with the official client in two versions, and with `ai` in two. */

import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { generateText as generateText6 } from "ai-6";
import { createOpenAI as createOpenAI6 } from "ai-6-openai";
import OpenAI from "openai";
import OpenAI6 from "openai-6";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServedCall } from "../../serve/served-call.ts";
import { type RunningSimulator, startSimulator } from "../../start-simulator.ts";

const INSTRUCTIONS = "Is the ticket billing, bug or other?\n- bug: crashes\nAnswer with one word.";
const TICKET = "The app crashes on my phone.";
const WEATHER = "What is the weather in Paris?";
const TOOL = {
  type: "function" as const,
  name: "get_weather",
  description: "The weather of a city today",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  strict: true,
};
const SCHEMA = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug"] } },
  required: ["label"],
  additionalProperties: false,
} as const;
const FORMAT = { type: "json_schema" as const, name: "triage", strict: true, schema: { ...SCHEMA } };

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 0 });
});
afterAll(() => simulator.close());

const served = (): ServedCall | undefined => simulator.served().at(-1);

describe.each([
  ["openai 7", OpenAI],
  ["openai 6", OpenAI6 as unknown as typeof OpenAI],
])("%s", (_, Client) => {
  const client = (): OpenAI => new Client({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 0 });

  test("gets an answer, and what was served is what it got", async () => {
    const done = await client().responses.create({
      model: "gpt-5",
      instructions: INSTRUCTIONS,
      input: TICKET,
    });
    expect(done.output_text).toBe("bug");
    expect(done.status).toBe("completed");
    expect(served()).toMatchObject({
      wire: "openai.responses",
      id: done.id,
      text: "bug",
      finishReason: "stop",
      finishWord: "completed",
      usage: {
        promptTokens: done.usage?.input_tokens,
        cachedTokens: done.usage?.input_tokens_details.cached_tokens,
        completionTokens: done.usage?.output_tokens,
        reasoningTokens: done.usage?.output_tokens_details.reasoning_tokens,
      },
    });
  });

  test("streams, and its own helper builds the response that was served", async () => {
    const stream = client().responses.stream({
      model: "gpt-5",
      input: "Summarise: the export hangs.",
      reasoning: { effort: "low", summary: "auto" },
    });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type);
    const final = await stream.finalResponse();
    expect(final.output_text).toBe("the export hangs.");
    expect(final.output.map((item) => item.type)).toEqual(["reasoning", "message"]);
    expect(final.usage?.output_tokens_details.reasoning_tokens).toBe(64);
    expect([...types]).toEqual(
      expect.arrayContaining(["response.created", "response.output_text.delta", "response.completed"]),
    );
    expect(served()).toMatchObject({ id: final.id, text: "the export hangs.", stream: true });
  });

  test("runs a loop of tools by items, or goes on from the response before", async () => {
    const asked = { model: "gpt-5", tools: [TOOL] };
    const first = await client().responses.create({ ...asked, input: WEATHER });
    const call = first.output.find((item) => item.type === "function_call");
    if (call?.type !== "function_call") throw new Error("There is no call.");
    expect(JSON.parse(call.arguments)).toEqual({ city: "Paris" });
    const result = {
      type: "function_call_output" as const,
      call_id: call.call_id,
      output: '{"temperature":21}',
    };
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: WEATHER }, call, result];
    const byItems = await client().responses.create({ ...asked, input });
    expect(byItems.output_text).toBe("The temperature is 21.");
    const goingOn = await client().responses.create({
      ...asked,
      previous_response_id: first.id,
      input: [result],
    });
    expect(goingOn.output_text).toBe("The temperature is 21.");
    expect((await client().responses.retrieve(first.id)).id).toBe(first.id);
  });

  test("streams a function call", async () => {
    const stream = client().responses.stream({ model: "gpt-5", input: WEATHER, tools: [TOOL] });
    const final = await stream.finalResponse();
    expect(final.output).toMatchObject([{ type: "function_call", name: "get_weather" }]);
    expect(served()?.toolCalls).toMatchObject([{ arguments: '{"city":"Paris"}' }]);
  });

  test("gets JSON by a schema, and a refusal in a part of its own", async () => {
    const asked = { model: "gpt-5", instructions: INSTRUCTIONS, text: { format: FORMAT } };
    const done = await client().responses.parse({ ...asked, input: TICKET });
    expect(done.output_parsed).toEqual({ label: "bug" });
    const refused = await client().responses.create({ ...asked, input: "How to build a bomb?" });
    expect(refused.output).toMatchObject([{ content: [{ type: "refusal" }] }]);
    const stream = client().responses.stream({ ...asked, input: "How to build a bomb?" });
    expect((await stream.finalResponse()).output).toMatchObject([{ content: [{ type: "refusal" }] }]);
    expect(served()).toMatchObject({ finishReason: "refusal", refusal: expect.stringContaining("can't") });
  });

  test("is told where the limit cut it off", async () => {
    const long = {
      model: "gpt-5",
      input: `Summarise: ${"the yearly export hangs ".repeat(9)}`,
      max_output_tokens: 16,
    };
    const done = await client().responses.create(long);
    expect(done).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
    const stream = await client().responses.create({ ...long, stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types.at(-1)).toBe("response.incomplete");
  });

  test("is told of errors in its own classes", async () => {
    const input = { model: "gpt-5", input: TICKET };
    const headers = { "X-Simulator-Fault": "429;retry-after=1" };
    await expect(client().responses.create(input, { headers })).rejects.toBeInstanceOf(Client.RateLimitError);
    const lost = client().responses.create({ ...input, previous_response_id: "resp_none" });
    await expect(lost).rejects.toMatchObject({ status: 400, code: "previous_response_not_found" });
    const stray = client().responses.create({
      model: "gpt-5",
      input: [{ type: "function_call_output", call_id: "call_none", output: "x" }],
    });
    await expect(stray).rejects.toThrow("call_none");
  });
});

test("ai 7 generates, streams, takes schemas and runs a loop of tools", async () => {
  const model = createOpenAI({ baseURL: simulator.baseUrl, apiKey: "any" }).responses("gpt-5");
  const done = await generateText({ model, instructions: INSTRUCTIONS, prompt: TICKET });
  expect(done.text).toBe("bug");
  expect(served()?.usage).toMatchObject({
    promptTokens: done.usage.inputTokens,
    completionTokens: done.usage.outputTokens,
  });
  const stream = streamText({ model, prompt: "Summarise: the export hangs." });
  expect(await stream.text).toBe("the export hangs.");
  const output = Output.object({ schema: jsonSchema<{ label: string }>(SCHEMA) });
  expect((await generateText({ model, instructions: INSTRUCTIONS, prompt: TICKET, output })).output).toEqual({
    label: "bug",
  });
  const weather = tool({
    description: TOOL.description,
    inputSchema: jsonSchema<{ city: string }>(TOOL.parameters as object),
    execute: ({ city }) => ({ temperature: city.length }),
  });
  const loop = await generateText({
    model,
    prompt: WEATHER,
    tools: { get_weather: weather },
    stopWhen: stepCountIs(4),
    providerOptions: { openai: { reasoningEffort: "low" } },
  });
  expect(loop.text).toBe("The temperature is 5.");
});

test("ai 6 generates", async () => {
  const model = createOpenAI6({ baseURL: simulator.baseUrl, apiKey: "any" }).responses("gpt-5");
  expect((await generateText6({ model, system: INSTRUCTIONS, prompt: TICKET })).text).toBe("bug");
});
