/** Tests of the simulator as an app: no port, no timers. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulator, type Simulator } from "./create-simulator.ts";
import type { SimulatorOptions } from "./serve/simulator-options.ts";
import { ticketCorpus } from "./tickets/ticket-corpus.ts";
import { triageBodies } from "./tickets/triage-bodies.ts";

const NOW = Date.UTC(2026, 3, 16, 14, 32);

function create(options: SimulatorOptions = {}): Simulator {
  return createSimulator({ now: () => NOW, sleep: async () => {}, ...options });
}

interface Posted {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read JSON of many shapes.
  readonly body: any;
}

async function post(
  simulator: Simulator,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const response = await simulator.app.request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const ask = (content: string, more: object = {}): object => ({
  model: "gpt-5-mini",
  messages: [{ role: "user", content }],
  ...more,
});
const ASK = ask("Is this billing, bug or other? Answer with one word.\nThe app crashes.");
const BODIES = ticketCorpus(2, 60).map(({ ticket }) => ask(triageBodies.bare.replace("{{ticket}}", ticket)));

async function answers(
  simulator: Simulator,
  bodies: readonly object[],
  headers = {},
): Promise<readonly string[]> {
  const served = await Promise.all(bodies.map((body) => post(simulator, body, headers)));
  return served.map(({ status, body }) => body.choices?.[0].message.content ?? `status ${status}`);
}

test("a completion has every field of the wire format and says it is simulated", async () => {
  const { status, headers, body } = await post(create(), ASK);
  expect(status).toBe(200);
  expect(headers.get("x-colophon-simulator")).toBe("simulation");
  expect(body).toEqual({
    id: expect.stringMatching(/^chatcmpl-sim-/),
    object: "chat.completion",
    created: NOW / 1_000,
    model: "gpt-5-mini",
    service_tier: "default",
    system_fingerprint: expect.stringMatching(/^sim-gpt-5-mini-/),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "bug", refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: {
      prompt_tokens: 25,
      completion_tokens: 1,
      total_tokens: 26,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
  });
});

test("a stream carries the words, the finish reason, the usage and the end mark", async () => {
  const simulator = create();
  const body = JSON.stringify({
    ...ask("Summarise: the export hangs."),
    stream: true,
    stream_options: { include_usage: true },
  });
  const response = await simulator.app.request("/v1/chat/completions", { method: "POST", body });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const events = (await response.text())
    .trimEnd()
    .split("\n\n")
    .map((event) => event.replace(/^data: /, ""));
  expect(events.pop()).toBe("[DONE]");
  const chunks = events.map((event) => JSON.parse(event));
  expect(
    chunks.map((chunk) => chunk.choices[0]?.delta.content ?? chunk.choices[0]?.finish_reason ?? "usage"),
  ).toEqual(["", "the", " export", " hangs.", "stop", "usage"]);
  expect(chunks[0].choices[0].delta.role).toBe("assistant");
  expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 14, completion_tokens: 5 } });
  expect(simulator.requests.at(-1)).toMatchObject({ end: "served", stream: true, finishReason: "stop" });
});

test("streamed and whole answers are the same, and usage is left out of a stream unless asked for", async () => {
  const [whole, streamed] = [create(), create()];
  const [text] = await answers(whole, [BODIES[0] ?? {}]);
  const body = JSON.stringify({ ...BODIES[0], stream: true });
  const response = await streamed.app.request("/v1/chat/completions", { method: "POST", body });
  const lines = (await response.text()).match(/^data: \{.*$/gm) ?? [];
  const chunks = lines.map((line) => JSON.parse(line.slice(6)));
  expect(chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("")).toBe(text);
  expect(chunks.some((chunk) => "usage" in chunk)).toBe(false);
});

test("the same seed and requests give the same answers in any order, however many at once", async () => {
  const inOrder = create({ seed: 4 });
  const expected = new Map<object, string>();
  for (const body of BODIES) expected.set(body, (await answers(inOrder, [body]))[0] ?? "");
  const orders = fc.shuffledSubarray(BODIES, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(orders, async (bodies) => {
      const wanted = bodies.map((body) => expected.get(body));
      expect(await answers(create({ seed: 4 }), bodies)).toEqual(wanted);
    }),
    { seed: 1, numRuns: 20 },
  );
  expect(await answers(create({ seed: 5 }), BODIES)).not.toEqual([...expected.values()]);
});

test("a repeat of a request is a new draw, unless the request has a seed of its own", async () => {
  const simulator = create();
  expect(await answers(simulator, BODIES)).not.toEqual(await answers(simulator, BODIES));
  const seeded = BODIES.map((body) => ({ ...body, seed: 7 }));
  expect(await answers(simulator, seeded)).toEqual(await answers(simulator, seeded));
});

test("answer() is the same mind without the wire", async () => {
  const direct = create().answer({
    model: "gpt-5-mini",
    messages: [
      { role: "user", text: "Is this billing, bug or other? Answer with one word.\nThe app crashes." },
    ],
  });
  expect(direct).toMatchObject({ text: "bug", label: "bug", finishReason: "stop" });
  expect(Object.values(direct.probabilities).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});

test("limits cut the answer and say so; reasoning counts against them", async () => {
  const simulator = create();
  const long = ask(
    "Summarise the text below.\n\nThe export of the yearly report hangs on every machine of our office.",
  );
  const cut = await post(simulator, { ...long, max_completion_tokens: 5 });
  expect(cut.body.choices[0]).toMatchObject({
    finish_reason: "length",
    message: { content: "The export of the ye" },
  });
  expect(cut.body.usage.completion_tokens).toBe(5);
  const thinking = await post(simulator, { ...long, max_completion_tokens: 70, reasoning_effort: "low" });
  expect(thinking.body.usage).toMatchObject({
    completion_tokens: 70,
    completion_tokens_details: { reasoning_tokens: 64 },
  });
  const starved = await post(simulator, { ...long, max_completion_tokens: 10, reasoning_effort: "high" });
  expect(starved.body.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "" } });
  expect(starved.body.usage.completion_tokens).toBe(10);
  const stopped = await post(simulator, { ...long, stop: ["report"] });
  expect(stopped.body.choices[0]).toMatchObject({
    finish_reason: "stop",
    message: { content: "The export of the yearly " },
  });
});

test("a long prompt that was sent before has cached tokens", async () => {
  const simulator = create();
  const body = ask(
    `Summarise.\n\n${"The calendar export hangs on the second page of the report. ".repeat(100)}`,
  );
  expect((await post(simulator, body)).body.usage.prompt_tokens_details.cached_tokens).toBe(0);
  const { usage } = (await post(simulator, body)).body;
  expect(usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(1_024);
  expect(usage.prompt_tokens_details.cached_tokens).toBeLessThan(usage.prompt_tokens);
});

test.each([
  ["no JSON", "{oops", null],
  ["no model", { messages: [] }, "model"],
  ["no messages", { model: "m" }, "messages"],
  ["empty messages", { model: "m", messages: [] }, "messages"],
  ["an unknown role", { model: "m", messages: [{ role: "boss", content: "x" }] }, "messages[0].role"],
  ["no content", { model: "m", messages: [{ role: "user" }] }, "messages[0].content"],
  [
    "a part of no known kind",
    ask("x", { messages: [{ role: "user", content: [{ type: "smell", smell: {} }] }] }),
    "messages[0].content[0]",
  ],
  [
    "a result without its call",
    ask("x", { messages: [{ role: "tool", content: "x", tool_call_id: "call_1" }] }),
    "messages[0].role",
  ],
  ["functions of old", ask("x", { functions: [] }), "functions"],
  ["a search of the web", ask("x", { web_search_options: {} }), "web_search_options"],
  ["no choices", ask("x", { n: 0 }), "n"],
  ["a tool that is none", ask("x", { tools: [{ type: "web_search" }] }), "tools[0].type"],
  ["log probabilities", ask("x", { logprobs: true }), "logprobs"],
  ["a forced tool without tools", ask("x", { tool_choice: "required" }), "tool_choice"],
  ["sound", ask("x", { modalities: ["text", "audio"] }), "modalities"],
  ["too hot", ask("x", { temperature: 2.5 }), "temperature"],
  ["no room", ask("x", { max_tokens: 0 }), "max_tokens"],
  ["an unknown effort", ask("x", { reasoning_effort: "utmost" }), "reasoning_effort"],
  ["five stops", ask("x", { stop: ["a", "b", "c", "d", "e"] }), "stop"],
  [
    "stream options without a stream",
    ask("x", { stream_options: { include_usage: true } }),
    "stream_options",
  ],
  ["JSON without the word", ask("x", { response_format: { type: "json_object" } }), "messages"],
  ["an unknown format", ask("x", { response_format: { type: "xml" } }), "response_format.type"],
  [
    "a schema without a name",
    ask("x", { response_format: { type: "json_schema", json_schema: { schema: {} } } }),
    "response_format.json_schema.name",
  ],
])("bad input is refused in the wire's own words: %s", async (_, body, param) => {
  const simulator = create();
  const refused = await post(simulator, body);
  expect(refused.status).toBe(400);
  expect(refused.body.error).toMatchObject({ type: "invalid_request_error", param });
  expect(refused.body.error.message).toContain("simulator");
  expect(simulator.requests).toMatchObject([{ end: "refused", status: 400 }]);
});

test("an unknown route is a 404 that names it, with a hint where /v1 was forgotten", async () => {
  const response = await create().app.request("/chat/completions", { method: "POST" });
  expect(response.status).toBe(404);
  expect(response.headers.get("x-colophon-simulator")).toBe("simulation");
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toContain("POST /chat/completions");
  expect(error.message).toContain("/v1");
});

test("the page and the models say that they are simulated", async () => {
  const { app } = create({ seed: 9 });
  expect(await (await app.request("/")).text()).toContain("This is a simulation");
  const listed = await (await app.request("/v1/models")).json();
  const { data } = listed as { data: { id: string; owned_by: string }[] };
  expect(data.map((model) => model.id)).toEqual(["gpt-5-nano", "gpt-5-mini", "gpt-5"]);
  expect(data.every((model) => model.owned_by === "colophon-simulator")).toBe(true);
});

test("seeded faults hit their share, and repeats get through to the answer they would have had", async () => {
  const faults = { rate429: 0.3, rate500: 0.2 };
  const simulator = create({ seed: 4, faults });
  const first = await answers(simulator, BODIES);
  expect(first).toEqual(await answers(create({ seed: 4, faults }), BODIES));
  const count = (text: string): number => first.filter((answer) => answer === text).length / BODIES.length;
  expect(count("status 429")).toBeGreaterThan(0.15);
  expect(count("status 429")).toBeLessThan(0.45);
  expect(count("status 500")).toBeGreaterThan(0.08);
  const settled: string[] = [];
  for (const [index, body] of BODIES.entries()) {
    let answer = first[index] ?? "";
    while (answer.startsWith("status")) answer = (await answers(simulator, [body]))[0] ?? "";
    settled.push(answer);
  }
  expect(settled).toEqual(await answers(create({ seed: 4 }), BODIES));
});

test("a header demands a fault, for the first attempts only if it says so", async () => {
  const simulator = create();
  const headers = { "x-simulator-fault": "429;times=2;retry-after=3" };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) statuses.push((await post(simulator, ASK, headers)).status);
  expect(statuses).toEqual([429, 429, 200]);
  const limited = await post(simulator, ASK, { "x-simulator-fault": "429;retry-after=3" });
  expect(limited.headers.get("retry-after")).toBe("3");
  expect(limited.body.error.code).toBe("rate_limit_exceeded");
  expect((await post(simulator, ASK, { "x-simulator-fault": "500" })).status).toBe(500);
  expect((await post(create({ faults: { rate500: 1 } }), ASK, { "x-simulator-fault": "none" })).status).toBe(
    200,
  );
  expect((await post(simulator, ASK, { "x-simulator-fault": "gremlins" })).body.error.message).toContain(
    "gremlins",
  );
});

test("a cut answer breaks off in the middle and is logged as cut", async () => {
  const simulator = create();
  for (const stream of [true, false]) {
    const response = await simulator.app.request("/v1/chat/completions", {
      method: "POST",
      headers: { "x-simulator-fault": "cut" },
      body: JSON.stringify({ ...ASK, stream }),
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("cut this answer");
  }
  expect(simulator.requests.map((call) => call.end)).toEqual(["cut", "cut"]);
});

test("latency is drawn per request within the range, slower models taking longer, and is waited out", async () => {
  const waited: number[] = [];
  const simulator = create({
    latencyMs: { min: 100, max: 200 },
    sleep: async (milliseconds) => void waited.push(milliseconds),
  });
  await post(simulator, ASK);
  await post(simulator, { ...ASK, model: "gpt-5" });
  const [mini, large] = simulator.requests.map((call) => call.latencyMs ?? 0);
  expect(waited).toEqual([mini, large]);
  expect(mini).toBeGreaterThanOrEqual(100);
  expect(mini).toBeLessThanOrEqual(200);
  expect(large).toBeGreaterThanOrEqual(180);
  const body = JSON.stringify({ ...ASK, stream: true });
  waited.length = 0;
  await (await simulator.app.request("/v1/chat/completions", { method: "POST", body })).text();
  expect(waited.length).toBeGreaterThan(2);
  expect(waited.reduce((sum, each) => sum + each, 0)).toBeCloseTo(simulator.requests.at(-1)?.latencyMs ?? 0);
});

test("the log keeps the latest calls only, and no prompts", async () => {
  const simulator = create({ logLimit: 2 });
  for (const model of ["a", "b", "c"]) await post(simulator, { ...ASK, model });
  expect(simulator.requests.map((call) => call.model)).toEqual(["b", "c"]);
  expect(JSON.stringify(simulator.requests)).not.toContain("crashes");
});

test.each([
  [{ seed: 0.5 }, "seed"],
  [{ latencyMs: -1 }, "latencyMs"],
  [{ latencyMs: { min: 5, max: 1 } }, "latencyMs"],
  [{ faults: { rate429: 2 } }, "rate429"],
  [{ faults: { rate429: 0.7, rate500: 0.7 } }, "sum"],
  [{ faults: { retryAfterSeconds: -1 } }, "retryAfterSeconds"],
  [{ logLimit: -1 }, "logLimit"],
] as const)("options that make no sense are refused: %o", (options, named) => {
  expect(() => createSimulator(options)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(named) }),
  );
});
