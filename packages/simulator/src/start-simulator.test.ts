/** Tests of the running simulator with the official OpenAI client over a real port. */

import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type RunningSimulator, startSimulator } from "./start-simulator.ts";

const PROMPT =
  "Is this billing, bug or other?\n- bug: crashes\nAnswer with one word.\n\nTicket: The app crashes on my phone.";

let simulator: RunningSimulator;
let client: OpenAI;
const announced: string[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ seed: 3, latencyMs: 2, announce: (line) => announced.push(line) });
  client = new OpenAI({ baseURL: simulator.baseUrl, apiKey: "any" });
});

afterAll(() => simulator.close());

const ask = (content = PROMPT) => ({ model: "gpt-5-mini", messages: [{ role: "user" as const, content }] });

test("says on start-up that it is a simulation, and listens on loopback", () => {
  expect(announced).toHaveLength(1);
  expect(announced[0]).toContain("SIMULATION");
  expect(announced[0]).toContain(`${simulator.url}/v1`);
  expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`);
});

describe("the official client", () => {
  test("gets a completion", async () => {
    const { data, response } = await client.chat.completions.create(ask()).withResponse();
    expect(data.choices[0]?.message.content).toBe("bug");
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + 1);
    expect(response.headers.get("x-colophon-simulator")).toBe("simulation");
    expect(simulator.requests.at(-1)).toMatchObject({
      id: data.id,
      label: "bug",
      end: "served",
      status: 200,
    });
  });

  test("gets a stream with its usage", async () => {
    const stream = await client.chat.completions.create({
      ...ask(),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe("bug");
    expect(usage?.completion_tokens).toBe(1);
  });

  test("collects a stream by its own helper", async () => {
    const final = await client.chat.completions
      .stream(ask("Summarise this: the export hangs on Monday."))
      .finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe("the export hangs on Monday.");
  });

  test("parses a structured output by its schema", async () => {
    const Triage = z.object({
      label: z.enum(["billing", "bug", "other"]),
      reason: z.string(),
      confidence: z.number().min(0).max(1),
      urgent: z.boolean(),
    });
    const format = zodResponseFormat(Triage, "triage");
    const done = await client.chat.completions.parse({ ...ask(), response_format: format });
    expect(done.choices[0]?.message.parsed).toMatchObject({
      label: "bug",
      urgent: false,
      reason: expect.stringContaining("crashes"),
    });
  });

  test("lists and retrieves models", async () => {
    const names: string[] = [];
    for await (const model of client.models.list()) names.push(model.id);
    expect(names).toContain("gpt-5-mini");
    expect((await client.models.retrieve("whatever")).owned_by).toBe("colophon-simulator");
  });

  test("sees errors of its own classes", async () => {
    await expect(client.chat.completions.create({ ...ask(), n: 0 })).rejects.toThrow(OpenAI.BadRequestError);
    const headers = { "X-Simulator-Fault": "500" };
    await expect(client.chat.completions.create(ask(), { headers, maxRetries: 0 })).rejects.toThrow(
      OpenAI.InternalServerError,
    );
    const limited = client.chat.completions.create(ask(), {
      headers: { "X-Simulator-Fault": "429" },
      maxRetries: 0,
    });
    await expect(limited).rejects.toMatchObject({ status: 429, code: "rate_limit_exceeded" });
  });

  test("retries after a 429 no sooner than Retry-After says", async () => {
    const before = simulator.requests.length;
    const headers = { "X-Simulator-Fault": "429;times=1;retry-after=1" };
    const done = await client.chat.completions.create(ask(`${PROMPT} Again.`), { headers });
    expect(done.choices[0]?.message.content).toBe("bug");
    const [failed, served] = simulator.requests.slice(before);
    expect([failed?.status, served?.status]).toEqual([429, 200]);
    // The client's own first back-off is half a second at most, so a full second is the header's doing.
    expect((served?.at ?? 0) - (failed?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test.each([true, false])("notices a cut answer (stream: %s)", async (stream) => {
    const before = simulator.requests.length;
    const options = { headers: { "X-Simulator-Fault": "cut" }, maxRetries: 0 };
    const read = async (): Promise<void> => {
      if (!stream) await client.chat.completions.create(ask(), options);
      else for await (const _ of await client.chat.completions.create({ ...ask(), stream }, options));
    };
    await expect(read()).rejects.toThrow();
    expect(simulator.requests.slice(before)).toMatchObject([{ end: "cut" }]);
  });

  test("can abort, and the simulator stops waiting and logs it", async () => {
    const slow = await startSimulator({ latencyMs: 600_000 });
    const slowClient = new OpenAI({ baseURL: slow.baseUrl, apiKey: "any", maxRetries: 0 });
    const controller = new AbortController();
    const pending = slowClient.chat.completions.create(
      { ...ask(), stream: true },
      { signal: controller.signal },
    );
    const stream = await pending;
    controller.abort();
    for await (const _ of stream);
    await expect.poll(() => slow.requests.map((call) => call.end)).toEqual(["aborted"]);
    await slow.close();
  });
});

test("a taken port and an impossible one are refused in one sentence", async () => {
  const { port } = simulator;
  await expect(startSimulator({ port })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining(String(port)),
  });
  await expect(startSimulator({ port: 70_000 })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("70000"),
  });
});

test("a closed simulator answers no more", async () => {
  const short = await startSimulator();
  await short.close();
  await expect(fetch(short.url)).rejects.toThrow();
});
