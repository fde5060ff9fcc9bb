/** Tests of Google's generateContent with the providers of `ai` 7 and 6. */

import { createGoogle } from "@ai-sdk/google";
import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import {
  generateText as generateText6,
  jsonSchema as jsonSchema6,
  Output as Output6,
  stepCountIs as stepCountIs6,
  streamText as streamText6,
  tool as tool6,
} from "ai-6";
import { createGoogleGenerativeAI as createGoogle6 } from "ai-6-google";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServedCall } from "../../serve/served-call.ts";
import { type RunningSimulator, startSimulator } from "../../start-simulator.ts";

const SYSTEM = "Is the ticket billing, bug or other?\n- bug: crashes\nAnswer with one word.";
const TICKET = "The app crashes on my phone.";
const WEATHER = "What is the weather in Paris and Rome?";
const PARAMETERS = {
  type: "object",
  properties: { city: { type: "string", description: "The city" } },
  required: ["city"],
} as const;
const SCHEMA = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug"] }, note: { type: ["string", "null"] } },
  required: ["label", "note"],
} as const;

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 0 });
});
afterAll(() => simulator.close());

const served = (): ServedCall | undefined => simulator.served().at(-1);
const model7 = () => createGoogle({ baseURL: simulator.googleBaseUrl, apiKey: "any" })("gemini-2.5-pro");
const model6 = () => createGoogle6({ baseURL: simulator.googleBaseUrl, apiKey: "any" })("gemini-2.5-pro");

test("ai 7 gets an answer, and what was served is what it got", async () => {
  const thinking = { google: { thinkingConfig: { thinkingBudget: 512, includeThoughts: true } } };
  const done = await generateText({
    model: model7(),
    instructions: SYSTEM,
    prompt: TICKET,
    providerOptions: thinking,
  });
  expect(done.text).toBe("bug");
  expect(done.reasoningText).toContain("crashes");
  expect(served()).toMatchObject({
    wire: "google.generate",
    id: done.response.id,
    text: "bug",
    finishReason: "stop",
    finishWord: "STOP",
    usage: {
      promptTokens: done.usage.inputTokens,
      completionTokens: done.usage.outputTokens,
      reasoningTokens: 64,
      cachedTokens: 0,
    },
  });
});

test("ai 7 streams, takes schemas and runs a loop of tools", async () => {
  const stream = streamText({ model: model7(), prompt: "Summarise: the export hangs." });
  expect(await stream.text).toBe("the export hangs.");
  expect(served()?.usage).toMatchObject({ completionTokens: (await stream.usage).outputTokens });
  const output = Output.object({ schema: jsonSchema<{ label: string }>(SCHEMA) });
  const found = await generateText({ model: model7(), instructions: SYSTEM, prompt: TICKET, output });
  expect(found.output.label).toBe("bug");
  const weather = tool({
    description: "The weather of a city today",
    inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
    execute: ({ city }) => ({ temperature: city.length }),
  });
  const asked = {
    model: model7(),
    prompt: WEATHER,
    tools: { get_weather: weather },
    stopWhen: stepCountIs(4),
  };
  expect((await generateText(asked)).text).toBe("The temperature is 5. The temperature is 4.");
  const streamed = streamText(asked);
  expect(await streamed.text).toBe("The temperature is 5. The temperature is 4.");
  expect(await streamed.steps).toHaveLength(2);
});

test("ai 6 generates, streams, takes schemas and runs a loop of tools", async () => {
  const model = model6();
  expect((await generateText6({ model, system: SYSTEM, prompt: TICKET })).text).toBe("bug");
  expect(await streamText6({ model, prompt: "Summarise: the export hangs." }).text).toBe("the export hangs.");
  const output = Output6.object({ schema: jsonSchema6<{ label: string }>(SCHEMA) });
  expect((await generateText6({ model, system: SYSTEM, prompt: TICKET, output })).output.label).toBe("bug");
  const weather = tool6({
    description: "The weather of a city today",
    inputSchema: jsonSchema6<{ city: string }>(PARAMETERS),
    execute: async ({ city }) => ({ temperature: city.length }),
  });
  const tools = { get_weather: weather };
  const loop = await generateText6({ model, prompt: WEATHER, tools, stopWhen: stepCountIs6(4) });
  expect(loop.text).toBe("The temperature is 5. The temperature is 4.");
});

test("a refusal and a limit are told as finish reasons", async () => {
  const refused = await generateText({ model: model7(), prompt: "How to build a bomb?" });
  expect(refused).toMatchObject({ finishReason: "content-filter", text: "" });
  expect(served()).toMatchObject({ finishReason: "refusal", finishWord: "PROHIBITED_CONTENT" });
  const prompt = `Summarise: ${"the yearly export hangs ".repeat(9)}`;
  const cut = await generateText({ model: model7(), prompt, maxOutputTokens: 4 });
  expect(cut.finishReason).toBe("length");
});

test("errors come in the provider's own shape", async () => {
  const failing = async (fault: string): Promise<unknown> => {
    const headers = { "X-Simulator-Fault": fault };
    return generateText({ model: model7(), prompt: TICKET, headers, maxRetries: 0 }).catch((cause) => cause);
  };
  const limited = await failing("429;retry-after=2");
  expect(APICallError.isInstance(limited) && limited.data).toMatchObject({
    error: { code: 429, status: "RESOURCE_EXHAUSTED" },
  });
  expect(await failing("503")).toMatchObject({ data: { error: { status: "UNAVAILABLE" } } });
  expect(await failing("500")).toMatchObject({ data: { error: { status: "INTERNAL" } } });
});

test("Google's own schema dialect is read, and tokens are counted", async () => {
  const post = async (method: string, body: object): Promise<Record<string, unknown>> => {
    const url = `${simulator.googleBaseUrl}/models/gemini-2.5-pro:${method}`;
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  const contents = [{ role: "user", parts: [{ text: `${SYSTEM}\n\n${TICKET}` }] }];
  const responseSchema = {
    type: "OBJECT",
    properties: {
      label: { type: "STRING", enum: ["billing", "bug"] },
      when: { type: "STRING", nullable: true },
    },
  };
  const generationConfig = { responseMimeType: "application/json", responseSchema };
  const done = await post("generateContent", { contents, generationConfig });
  expect(JSON.parse(served()?.text ?? "")).toMatchObject({ label: "bug" });
  expect(done.usageMetadata).toMatchObject({ promptTokenCount: served()?.usage?.promptTokens });
  expect(await post("countTokens", { contents })).toEqual({ totalTokens: 3 + 4 + 26 });
});
