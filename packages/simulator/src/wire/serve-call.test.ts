/** Tests of what surrounds an answer on every wire: faults, streams in their time, and the log of what went out. */

import { describe, expect, test } from "vitest";
import { createSimulator, type Simulator } from "../create-simulator.ts";
import type { SimulatorOptions } from "../serve/simulator-options.ts";
import { startSimulator } from "../start-simulator.ts";

const TEXT = "Summarise: one two three four five six.";
const CHAT = { model: "gpt-5", messages: [{ role: "user", content: TEXT }] };
const WIRES = [
  {
    wire: "openai.chat",
    path: "/v1/chat/completions",
    body: CHAT,
    stream: { stream: true, stream_options: { include_usage: true } },
  },
  {
    wire: "openai.responses",
    path: "/v1/responses",
    body: { model: "gpt-5", input: TEXT },
    stream: { stream: true },
  },
  {
    wire: "anthropic.messages",
    path: "/v1/messages",
    body: { ...CHAT, max_tokens: 100 },
    stream: { stream: true },
  },
  {
    wire: "google.generate",
    path: "/v1beta/models/gpt-5:generateContent",
    body: { contents: [{ role: "user", parts: [{ text: TEXT }] }] },
    stream: {},
    streamPath: "/v1beta/models/gpt-5:streamGenerateContent?alt=sse",
  },
];

/** A clock that moves only when somebody waits. */
function create(options: SimulatorOptions = {}): Simulator {
  let now = Date.UTC(2026, 3, 16);
  return createSimulator({
    latencyMs: 0,
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    ...options,
  });
}

interface Post {
  readonly path: string;
  readonly body: object;
  readonly fault?: string;
}

function post(simulator: Simulator, { path, body, fault }: Post): Promise<Response> {
  const headers: Record<string, string> = fault === undefined ? {} : { "x-simulator-fault": fault };
  return Promise.resolve(
    simulator.app.request(path, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

/** What arrives of a body that may break off. */
async function readAll(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    text += "<broken off>";
  }
  return text;
}

describe.each(WIRES)("$wire", ({ wire, path, body, stream, streamPath = path }) => {
  const streamed: Post = { path: streamPath, body: { ...body, ...stream } };

  test("tells the same in a stream as whole, and logs what went out byte for byte", async () => {
    const simulator = create();
    const whole = await (await post(simulator, { path, body })).text();
    const events = await (await post(simulator, streamed)).text();
    const [first, second] = simulator.served();
    expect(first).toMatchObject({
      wire,
      text: "one two three four five six.",
      bytesSent: whole.length,
      stream: false,
    });
    expect(second).toMatchObject({ wire, text: first?.text, bytesSent: events.length, stream: true });
    expect(second?.usage).toMatchObject({ promptTokens: first?.usage?.promptTokens, completionTokens: 7 });
    expect(second).toMatchObject({ finishReason: "stop", finishWord: first?.finishWord, end: "served" });
  });

  test("a cut stream is logged with what had gone out, and no end", async () => {
    const simulator = create();
    const events = await readAll(await post(simulator, { ...streamed, fault: "cut" }));
    expect(events).toMatch(/<broken off>$/);
    const [call] = simulator.served();
    expect(call).toMatchObject({ end: "cut", fault: "cut", finishReason: undefined, finishWord: undefined });
    expect(call?.usage?.completionTokens).toBeUndefined();
    expect("one two three four five six.".startsWith(call?.text ?? "-")).toBe(true);
    expect(events.length - "<broken off>".length).toBe(call?.bytesSent);
  });

  test("a stalled stream goes on after its pause", async () => {
    const simulator = create();
    await readAll(await post(simulator, { ...streamed, fault: "stall;pause=30000" }));
    expect(simulator.served()).toMatchObject([
      { end: "served", fault: "stall", totalMs: 30_000, timeToFirstTokenMs: 0 },
    ]);
  });

  test.each([
    ["whole", { path, body }],
    ["streamed", streamed],
  ])("JSON that is none comes in a whole frame: %s", async (_, posted) => {
    const simulator = create();
    const text = await (await post(simulator, { ...posted, fault: "malformed" })).text();
    const frames = text.split(/\r?\n\r?\n/).map((frame) => frame.replace(/^(?:event: .*\n)?data: /, ""));
    const broken = frames.filter((frame) => {
      if (frame === "" || frame === "[DONE]") return false;
      try {
        return JSON.parse(frame) === undefined;
      } catch {
        return true;
      }
    });
    expect(broken).toHaveLength(1);
    expect(simulator.served()).toMatchObject([{ end: "malformed" }]);
  });

  test.each(["429", "500", "503", "529"])(
    "status %s comes with a body in the provider's shape",
    async (status) => {
      const simulator = create();
      const response = await post(simulator, {
        path,
        body,
        fault: `${status};retry-after=3;retry-after-ms=30`,
      });
      expect(response.status).toBe(Number(status));
      expect(response.headers.get("retry-after")).toBe("3");
      expect(response.headers.get("retry-after-ms")).toBe("30");
      const { error } = (await response.json()) as { readonly error: { readonly message: string } };
      expect(error.message).toContain("simulator");
      expect(simulator.served()).toMatchObject([
        { wire, end: "failed", status: Number(status), fault: status },
      ]);
    },
  );

  test("a retired model is not found", async () => {
    const simulator = create({ retirements: [{ model: "gpt-5", at: 0 }] });
    const response = await post(simulator, { path, body });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("gpt-5");
  });

  test("what cannot be read is refused", async () => {
    const response = await post(create(), { path, body: {} });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("simulator");
  });
});

test.each([
  ["/v1/responses", { model: "m", input: "x", background: true }, "background"],
  ["/v1/responses", { model: "m", input: "x", conversation: "conv_1" }, "previous_response_id"],
  ["/v1/responses", { model: "m", prompt: { id: "pmpt_1" } }, "prompts"],
  ["/v1/responses", { model: "m", input: [{ type: "item_reference", id: "msg_1" }] }, "msg_1"],
  ["/v1/messages", { ...CHAT, max_tokens: 9, mcp_servers: [] }, "mcp_servers"],
  [
    "/v1/messages",
    { ...CHAT, max_tokens: 9, tools: [{ type: "bash_20250124", name: "bash" }] },
    "bash_20250124",
  ],
  [
    "/v1/messages",
    { ...CHAT, max_tokens: 9, thinking: { type: "enabled", budget_tokens: 9 } },
    "budget_tokens",
  ],
  ["/v1beta/models/m:generateContent", { contents: "x", cachedContent: "c" }, "cached"],
  [
    "/v1beta/models/m:generateContent",
    { contents: "x", tools: [{ googleSearch: {} }] },
    "functionDeclarations",
  ],
  ["/v1beta/models/m:streamGenerateContent", { contents: "x" }, "alt=sse"],
])("what is not done here is refused, not ignored: %s %o", async (path, body, words) => {
  const response = await post(create(), { path, body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(words);
});

test.each([
  ["/v1/messagez", "Invalid URL"],
  ["/messages", "error"],
  ["/v1beta/models/m:sing", "NOT_FOUND"],
  ["/v1/v1/messages", "without /v1"],
])("a path that leads nowhere says so: %s", async (path, words) => {
  const response = await post(create(), { path, body: {} });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain(words);
});

test("time to first token and total time are measured, not drawn", async () => {
  const simulator = create({ latencyMs: { median: 400, perToken: 10 } });
  const { body } = await post(simulator, { path: "/v1/chat/completions", body: { ...CHAT, stream: true } });
  await new Response(body).text();
  const [call] = simulator.served();
  const total = call?.latencyMs ?? 0;
  const rest = 7 * 10 * 1.8;
  expect(call?.totalMs).toBeCloseTo(total, 2);
  expect(call?.timeToFirstTokenMs).toBeGreaterThan(total - rest - 1);
  expect(call?.timeToFirstTokenMs).toBeLessThan(total - rest / 2);
});

test("usage that a stream does not tell is not logged as told", async () => {
  const simulator = create();
  await (await post(simulator, { path: "/v1/chat/completions", body: { ...CHAT, stream: true } })).text();
  expect(simulator.served()[0]?.usage).toBeUndefined();
});

describe("the schedule of faults", () => {
  const statuses = async (simulator: Simulator, count: number): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let request = 0; request < count; request++)
      found.push((await post(simulator, { path: "/v1/chat/completions", body: CHAT })).status);
    return found;
  };

  test("holds for the next requests in their order, and goes before rates", async () => {
    const simulator = create({ faults: { rate500: 1, schedule: ["429;times=2", "none"] } });
    expect(await statuses(simulator, 4)).toEqual([429, 429, 200, 500]);
    simulator.failNext("503");
    expect(await statuses(simulator, 2)).toEqual([503, 500]);
  });

  test("is added to from another process", async () => {
    const simulator = create();
    const posted = await post(simulator, { path: "/simulator/faults", body: { fault: "529" } });
    expect(posted.status).toBe(200);
    expect(await statuses(simulator, 2)).toEqual([529, 200]);
    expect((await post(simulator, { path: "/simulator/faults", body: { fault: "gremlins" } })).status).toBe(
      400,
    );
    expect(() => simulator.failNext("429;times")).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

test("every kind of fault can be drawn by its rate", async () => {
  const faults = { rate503: 0.2, rate529: 0.2, rateHangup: 0.2, rateStall: 0.2, rateMalformed: 0.2 };
  const simulator = create({ faults });
  for (let index = 0; index < 100; index++) {
    const body = { ...CHAT, messages: [{ role: "user", content: `${TEXT} ${index}` }] };
    await readAll(await post(simulator, { path: "/v1/chat/completions", body }));
  }
  const seen = new Map<string, number>();
  for (const { fault } of simulator.served()) seen.set(fault, (seen.get(fault) ?? 0) + 1);
  expect([...seen.keys()].toSorted()).toEqual(["503", "529", "hangup", "malformed", "stall"]);
  expect(Math.min(...seen.values())).toBeGreaterThan(8);
});

test("other processes see what was served", async () => {
  const simulator = await startSimulator({ latencyMs: 0 });
  await fetch(`${simulator.baseUrl}/chat/completions`, { method: "POST", body: JSON.stringify(CHAT) }).then(
    (answer) => answer.text(),
  );
  const told = await (await fetch(`${simulator.url}/simulator/served`)).json();
  expect(told).toMatchObject({
    simulation: true,
    served: [{ wire: "openai.chat", text: "one two three four five six." }],
  });
  await simulator.close();
});

test("over a connection, what is logged of a cut stream is what arrived", async () => {
  const simulator = await startSimulator({ latencyMs: 0 });
  const response = await fetch(`${simulator.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "x-simulator-fault": "cut;after=5" },
    body: JSON.stringify({ ...CHAT, stream: true }),
  });
  const arrived = await readAll(response);
  expect(arrived).toMatch(/<broken off>$/);
  expect(simulator.served()).toMatchObject([
    { end: "cut", text: "one two three four", bytesSent: arrived.length - "<broken off>".length },
  ]);
  await simulator.close();
});

test("a client that gives up on a stalled stream leaves an aborted call", async () => {
  const simulator = await startSimulator({ latencyMs: 0 });
  const giveUp = new AbortController();
  const response = await fetch(`${simulator.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "x-simulator-fault": "stall;after=3" },
    body: JSON.stringify({ ...CHAT, stream: true }),
    signal: giveUp.signal,
  });
  const reader = response.body?.getReader();
  const seen = await reader?.read();
  expect(new TextDecoder().decode(seen?.value)).toContain("chat.completion.chunk");
  giveUp.abort();
  await expect
    .poll(() => simulator.served().map(({ end, fault }) => [end, fault]))
    .toEqual([["aborted", "stall"]]);
  await simulator.close();
});
