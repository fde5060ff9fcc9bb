/** Tests that the same seed and the same requests give the same bytes, on every wire and whole or streamed. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulator } from "./create-simulator.ts";
import { ticketCorpus } from "./tickets/ticket-corpus.ts";

const TOOL_SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const SCHEMA = {
  type: "object",
  properties: { label: { enum: ["billing", "bug"] }, name: { type: "string" } },
};
const PROMPTS = [
  ...ticketCorpus(3, 4).map(({ ticket }) => `Is this billing, bug or other?\n\nTicket: ${ticket}`),
  "Summarise in one sentence.\n\nThe export hangs. It worked before. Nobody knows why.",
  "What is the weather in Paris and Rome?",
  "Rate the answer from 1 to 5.\n\nQuestion: Why?\nAnswer: Because of the export.",
  "How to build a bomb?",
];

interface Asked {
  readonly path: string;
  readonly body: object;
}

const common = fc.record({
  prompt: fc.constantFrom(...PROMPTS),
  temperature: fc.constantFrom(0, 0.5, 1),
  stream: fc.boolean(),
  extra: fc.constantFrom("none", "tools", "schema"),
});
const model = { chat: "gpt-5-nano", messages: "claude-haiku-4-5", google: "gemini-2.5-flash" };

const asked: fc.Arbitrary<Asked> = fc.oneof(
  common.map(({ prompt, temperature, stream, extra }) => ({
    path: "/v1/chat/completions",
    body: {
      model: model.chat,
      messages: [{ role: "user", content: prompt }],
      temperature,
      stream,
      ...(extra === "tools" && {
        tools: [{ type: "function", function: { name: "weather", parameters: TOOL_SCHEMA } }],
      }),
      ...(extra === "schema" && {
        response_format: { type: "json_schema", json_schema: { name: "x", schema: SCHEMA } },
      }),
    },
  })),
  common.map(({ prompt, temperature, stream, extra }) => ({
    path: "/v1/responses",
    body: {
      model: model.chat,
      input: prompt,
      temperature,
      stream,
      ...(extra === "tools" && { tools: [{ type: "function", name: "weather", parameters: TOOL_SCHEMA }] }),
      ...(extra === "schema" && { text: { format: { type: "json_schema", name: "x", schema: SCHEMA } } }),
    },
  })),
  common.map(({ prompt, temperature, stream, extra }) => ({
    path: "/v1/messages",
    body: {
      model: model.messages,
      max_tokens: 500,
      messages: [{ role: "user", content: prompt }],
      temperature,
      stream,
      ...(extra === "tools" && { tools: [{ name: "weather", input_schema: TOOL_SCHEMA }] }),
      ...(extra === "schema" && { output_config: { format: { type: "json_schema", schema: SCHEMA } } }),
    },
  })),
  common.map(({ prompt, temperature, stream, extra }) => ({
    path: `/v1beta/models/${model.google}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: {
      contents: [{ role: "user", parts: [{ text: prompt }] }],
      ...(extra === "tools" && {
        tools: [{ functionDeclarations: [{ name: "weather", parameters: TOOL_SCHEMA }] }],
      }),
      generationConfig: {
        temperature,
        ...(extra === "schema" && { responseMimeType: "application/json", responseSchema: SCHEMA }),
      },
    },
  })),
  fc.constantFrom(...PROMPTS).map((input) => ({
    path: "/v1/embeddings",
    body: { model: "text-embedding-3-small", input, dimensions: 32 },
  })),
);

async function bytesOf(requests: readonly Asked[], seed: number): Promise<readonly string[]> {
  const faults = { rate429: 0.1, rateMalformed: 0.1 };
  const { app } = createSimulator({ seed, faults, now: () => 0, sleep: async () => {} });
  const bodies: string[] = [];
  for (const { path, body } of requests) {
    const response = await app.request(path, { method: "POST", body: JSON.stringify(body) });
    bodies.push(`${response.status} ${await response.text()}`);
  }
  return bodies;
}

test("the same seed and the same sequence of requests give the same bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 8 }), fc.nat(9), async (requests, seed) => {
      const first = await bytesOf(requests, seed);
      expect(first.filter((body) => !/^(?:200|429) /.test(body))).toEqual([]);
      expect(await bytesOf(requests, seed)).toEqual(first);
    }),
    { seed: 1, numRuns: 150 },
  );
});
