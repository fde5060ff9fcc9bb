/** Tests of embeddings with the official client and with `ai`. */

import { createOpenAI } from "@ai-sdk/openai";
import { cosineSimilarity, embedMany } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningSimulator, startSimulator } from "../../start-simulator.ts";

const MODEL = "text-embedding-3-small";
const TEXTS = [
  "The export of the monthly report crashes on my phone.",
  "My phone app crashes when I export the report of the month.",
  "Please refund the invoice, I was charged twice.",
];

let simulator: RunningSimulator;
let client: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 0 });
  client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 0 });
});
afterAll(() => simulator.close());

test("texts that share words are near, others are not", async () => {
  const { data, usage } = await client.embeddings.create({ model: MODEL, input: TEXTS });
  const [one = [], two = [], three = []] = data.map(({ embedding }) => [...embedding]);
  expect(one).toHaveLength(1_536);
  expect(Math.hypot(...one)).toBeCloseTo(1, 5);
  expect(cosineSimilarity(one, two)).toBeGreaterThan(0.4);
  expect(cosineSimilarity(one, three)).toBeLessThan(0.2);
  expect(simulator.served().at(-1)).toMatchObject({
    wire: "openai.embeddings",
    usage: { promptTokens: usage.prompt_tokens },
  });
});

test("both encodings say the same, in as many dimensions as asked for", async () => {
  const asked = { model: MODEL, input: TEXTS[0] ?? "", dimensions: 64 };
  const [decoded, floats] = await Promise.all([
    client.embeddings.create(asked),
    client.embeddings.create({ ...asked, encoding_format: "float" }),
  ]);
  expect(floats.data[0]?.embedding).toHaveLength(64);
  expect([...(decoded.data[0]?.embedding ?? [])]).toEqual(floats.data[0]?.embedding);
});

test("ai embeds many at once", async () => {
  const model = createOpenAI({ baseURL: simulator.baseUrl, apiKey: "any" }).embedding(MODEL);
  const { embeddings } = await embedMany({ model, values: TEXTS });
  expect(embeddings).toHaveLength(3);
});

test.each([
  ["nothing", { input: "" }, "input"],
  ["an empty list", { input: [] }, "input"],
  ["no dimensions", { input: "x", dimensions: 0 }, "dimensions"],
])("%s is refused", async (_, more, param) => {
  const asked = client.embeddings.create({ model: MODEL, ...more });
  await expect(asked).rejects.toMatchObject({ status: 400, param });
});
