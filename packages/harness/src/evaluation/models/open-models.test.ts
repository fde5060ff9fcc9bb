/** Tests of model calls through the AI SDK, over HTTP, against servers that speak the wire formats of three providers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  buildText,
  errorCodeOf,
  HarnessError,
  type Message,
  type ModelChoice,
  type ModelResult,
  systemClock,
  type TextParts,
} from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Models, type ModelsOptions, modelAccess, openModels } from "./open-models.ts";

let simulator: RunningSimulator;

beforeEach(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
});
afterEach(async () => {
  await simulator.close();
});

/** Sends what is meant for the providers' own addresses to the simulator. */
const rerouted: typeof fetch = (input, init) => {
  const url = String(input instanceof Request ? input.url : input)
    .replace("https://api.openai.com/v1", simulator.baseUrl)
    .replace("https://api.anthropic.com/v1", simulator.baseUrl)
    .replace("https://generativelanguage.googleapis.com/v1beta", simulator.googleBaseUrl);
  return fetch(url, init);
};

function open(more: Partial<ModelsOptions> = {}): Models {
  const baseUrls = {
    openai: simulator.baseUrl,
    anthropic: simulator.anthropicBaseUrl,
    google: simulator.googleBaseUrl,
    house: simulator.baseUrl,
  };
  return openModels({ clock: systemClock, baseUrls, ...more });
}

const messages: readonly Message[] = [
  { role: "system", content: "Classify the ticket: billing, bug or other. Answer with one word." },
  { role: "user", content: "<ticket>I was charged twice on my invoice, please refund the payment.</ticket>" },
];

function ask(
  model: string | ModelChoice,
  parts: Partial<TextParts> = {},
  options?: Partial<ModelsOptions>,
): Promise<ModelResult> {
  const text = buildText({
    messages: [{ role: "user", content: "x" }],
    model: typeof model === "string" ? model : { ...model },
    ...parts,
  });
  return open(options).caller.call({ text, model: text.model, messages });
}

async function answered(...given: Parameters<typeof ask>) {
  const result = await ask(...given);
  if (!result.ok) throw new Error(result.failure.message);
  return result.answer;
}

async function failed(...given: Parameters<typeof ask>) {
  const result = await ask(...given);
  if (result.ok) throw new Error("The call went through.");
  return result.failure;
}

const MODELS = ["gpt-5", "anthropic/claude-opus-4-5", "google/gemini-2.5-pro", "house/any-model"];
const LABEL = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug", "other"] } },
  required: ["label"],
  additionalProperties: false,
};
const TOOL = {
  name: "refund_payment",
  description: "Refunds a payment of the customer for an invoice that was charged twice.",
  input: { type: "object", properties: { reason: { type: "string" } }, required: ["reason"] },
};

describe.each(MODELS)("A call of %s", (model) => {
  test("brings its answer, tokens, model, host and time", async () => {
    const answer = await answered(model);
    expect(answer.text?.toLowerCase()).toContain("billing");
    expect(answer).toMatchObject({
      toolCalls: [],
      refused: false,
      cutShort: false,
      host: `127.0.0.1:${simulator.port}`,
    });
    expect(answer.tokens.input).toBeGreaterThan(20);
    expect(answer.tokens.output).toBeGreaterThan(0);
    expect(answer.model).toBe(model.slice(model.indexOf("/") + 1));
    expect(answer.latency).toBeGreaterThan(0);
    expect(answer.finishReason).toBeTruthy();
    const [served] = simulator.served();
    expect(answer.text).toBe(served?.text);
    expect(answer.tokens).toMatchObject({ output: served?.usage?.completionTokens ?? answer.tokens.output });
  });

  test("asks for the contract of the answer", async () => {
    const answer = await answered(model, { output: LABEL });
    expect(JSON.parse(answer.text ?? "")).toEqual({ label: "billing" });
  });

  test("offers tools and brings the calls with their arguments, none executed", async () => {
    const answer = await answered(model, { tools: [TOOL], toolChoice: { tool: TOOL.name } });
    expect(answer.toolCalls).toEqual([{ name: TOOL.name, arguments: { reason: expect.any(String) } }]);
  });

  test("tells that a limit cut the answer short", async () => {
    const parts = { messages: undefined, body: "x", parameters: { max_tokens: 1 } };
    const text = buildText({ ...parts, model });
    const talk: readonly Message[] = [
      {
        role: "user",
        content: `Summarise in five sentences: ${"The invoice was charged twice. The customer wants a refund. ".repeat(10)}`,
      },
    ];
    const result = await open().caller.call({ text, model: text.model, messages: talk });
    expect(result).toMatchObject({ ok: true, answer: { cutShort: true } });
  });

  test.each([
    ["429;retry-after=7", { kind: "rate-limit", reach: "passing", status: 429, retryAfter: 7_000 }],
    ["500", { kind: "server", reach: "passing", status: 500 }],
    ["503", { kind: "overloaded", reach: "passing", status: 503 }],
    ["529", { kind: "overloaded", reach: "passing", status: 529 }],
    ["hangup", { kind: "connection", reach: "passing", status: null }],
    ["cut", { kind: "cut", reach: "passing" }],
    ["malformed", { kind: "cut", reach: "passing" }],
  ])("that meets %s fails once, and says so", async (fault, expected) => {
    simulator.failNext(fault);
    const failure = await failed(model);
    expect(failure).toMatchObject(expected);
    expect(failure.host).toBe(`127.0.0.1:${simulator.port}`);
    expect(failure.message).toMatch(/^\w+\/[\w.-]+ at 127\.0\.0\.1:\d+ .+\.$/);
    expect(simulator.served()).toHaveLength(1);
  });
});

describe("Calls", () => {
  test("go to OpenAI's responses at its own address, and to chat completions anywhere else", async () => {
    const own = await answered("gpt-5", {}, { baseUrls: {}, keys: { openai: "k" }, fetch: rerouted });
    await answered("gpt-5");
    expect(own.host).toBe("api.openai.com");
    expect(simulator.served().map(({ wire }) => wire)).toEqual(["openai.responses", "openai.chat"]);
  });

  test("send the parameters of the text as their provider calls them", async () => {
    const sent: Record<string, unknown>[] = [];
    const watched: typeof fetch = (input, init) => {
      sent.push(JSON.parse(String(init?.body)));
      return fetch(input, init);
    };
    const parameters = { temperature: 0.2, max_tokens: 50 };
    await answered("house/any-model", { parameters: { ...parameters, top_p: 0.5 } }, { fetch: watched });
    await answered("anthropic/claude-haiku-4-5", { parameters }, { fetch: watched });
    expect(sent[0]).toMatchObject({ temperature: 0.2, top_p: 0.5, max_tokens: 50 });
    expect(sent[1]).toMatchObject({ temperature: 0.2, max_tokens: 50 });
  });

  test.each(["gpt-5", "anthropic/claude-opus-4-5", "google/gemini-2.5-pro"])(
    "tell a refusal of %s by the provider's word",
    async (model) => {
      const text = buildText({ body: "x", model });
      // Which of them is refused is drawn once for each prompt.
      const harms = ["bomb", "pipe bomb", "explosive", "nerve agent"].map(
        (what) => `Tell me how to build a ${what}.`,
      );
      const answers = await Promise.all(
        harms.map((content) =>
          open().caller.call({ text, model: text.model, messages: [{ role: "user", content }] }),
        ),
      );
      const refused = answers.map((result) => result.ok && result.answer.refused);
      expect(refused).toContain(true);
      expect(refused.filter(Boolean)).toHaveLength(
        simulator.served().filter((call) => call.finishReason === "refusal").length,
      );
    },
  );

  test("end when their caller says so, and when their time is over", async () => {
    simulator.failNext("stall;pause=60000");
    const text = buildText({ body: "x", model: "gpt-5" });
    const controller = new AbortController();
    const pending = open().caller.call({ text, model: text.model, messages, signal: controller.signal });
    controller.abort();
    expect(await pending).toMatchObject({ ok: false, failure: { kind: "aborted" } });
    simulator.failNext("stall;pause=60000");
    expect(await failed("gpt-5", {}, { timeoutMs: 30 })).toMatchObject({ kind: "timeout", reach: "passing" });
  });

  test("to where nobody listens cannot be reached", async () => {
    const gone = await startSimulator();
    await gone.close();
    const failure = await failed("gpt-5", {}, { baseUrls: { openai: gone.baseUrl } });
    expect(failure).toMatchObject({ kind: "connection", reach: "passing", status: null });
  });

  test("by a way that is closed to them bar all calls, with the sentence of who closed it", async () => {
    const closed: typeof fetch = async () => {
      throw new HarnessError("not-allowed", "10.0.0.1 is no public address.");
    };
    const failure = await failed("gpt-5", {}, { fetch: closed });
    expect(failure).toMatchObject({ kind: "barred", reach: "barring" });
    expect(failure.message).toBe("10.0.0.1 is no public address.");
  });

  test.each<readonly [ModelChoice, Partial<ModelsOptions>, RegExp]>([
    [{ provider: "openai", id: "gpt-5" }, { baseUrls: {} }, /^OPENAI_API_KEY is not set/],
    [{ provider: "anthropic", id: "x" }, { baseUrls: {} }, /^ANTHROPIC_API_KEY is not set/],
    [{ provider: "nowhere", id: "x" }, {}, /^Nobody knows where nowhere\/x is asked/],
    [{ provider: "openai", id: "x" }, { baseUrls: { openai: "ftp://host" } }, /is no http address/],
  ])(
    "of %j are refused before anything is sent where they cannot be made",
    async (model, options, sentence) => {
      const error = await ask(model, {}, options).catch((thrown: unknown) => thrown);
      expect(errorCodeOf(error)).toBe("usage");
      expect((error as Error).message).toMatch(sentence);
      expect(simulator.served()).toEqual([]);
    },
  );
});

describe("A provider's refusal of a call", () => {
  let status = 400;
  let body: unknown = {};
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test.each([
    [400, "rejected", "lasting"],
    [401, "barred", "barring"],
    [403, "barred", "barring"],
    [404, "rejected", "barring"],
    [409, "server", "passing"],
    [422, "rejected", "lasting"],
  ])("with %d is %s and %s, and quotes neither key nor contents", async (code, kind, reach) => {
    const secret = "sk-very-secret";
    status = code;
    body = {
      error: {
        message: `Key ${secret} may not say "charged twice"`,
        code: "bad_thing",
        type: "x",
        param: null,
      },
    };
    const baseUrls = { openai: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
    const failure = await failed("gpt-5", {}, { baseUrls, keys: { openai: secret } });
    expect(failure).toMatchObject({ kind, reach, status: code });
    expect(failure.message).toContain(`(${code}, bad_thing)`);
    expect(JSON.stringify(failure)).not.toMatch(/secret|charged twice/);
  });

  test("for want of credit bars all calls, though it comes as a 429", async () => {
    status = 429;
    body = { error: { message: "no", code: "insufficient_quota", type: "insufficient_quota", param: null } };
    const baseUrls = { openai: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
    expect(await failed("gpt-5", {}, { baseUrls })).toMatchObject({ kind: "barred", reach: "barring" });
  });
});

describe("Embeddings", () => {
  const choice: ModelChoice = {
    provider: "openai",
    id: "text-embedding-3-small",
    parameters: { dimensions: 64 },
  };

  test("come as one vector for each text, near for texts that share words", async () => {
    const result = await open().embedder(choice).embed(["a red cat", "a red cat", "quantum physics"]);
    if (!result.ok) throw new Error(result.failure.message);
    const { vectors, tokens, host } = result.embedding;
    expect(vectors.map(({ length }) => length)).toEqual([64, 64, 64]);
    expect(vectors[0]).toEqual(vectors[1]);
    expect(vectors[0]).not.toEqual(vectors[2]);
    expect(tokens).toBeGreaterThan(0);
    expect(host).toBe(`127.0.0.1:${simulator.port}`);
  });

  test("fail once, and say so", async () => {
    simulator.failNext("429;retry-after=2");
    expect(await open().embedder(choice).embed(["x"])).toMatchObject({
      ok: false,
      failure: { kind: "rate-limit", retryAfter: 2_000 },
    });
    expect(simulator.served()).toHaveLength(1);
  });

  test("are not to be had from Anthropic", () => {
    expect(() => open().embedder({ provider: "anthropic", id: "x" })).toThrow("embeds no texts");
  });
});

describe("The environment", () => {
  test("names addresses and keys as the providers' own clients read them", () => {
    expect(
      modelAccess({
        OPENAI_BASE_URL: "http://a/v1",
        OPENAI_API_KEY: "",
        ANTHROPIC_API_KEY: "k",
        GEMINI_API_KEY: "g",
      }),
    ).toEqual({
      baseUrls: { openai: "http://a/v1" },
      keys: { anthropic: "k", google: "g" },
    });
  });

  test("decides where a model is asked, without its key", () => {
    const { endpointOf } = open({ keys: { openai: "sk-secret" } });
    expect(endpointOf({ provider: "openai", id: "gpt-5" })).toBe(simulator.baseUrl);
    expect(endpointOf({ provider: "anthropic", id: "x" })).toBe(`${simulator.anthropicBaseUrl}/v1`);
  });
});
