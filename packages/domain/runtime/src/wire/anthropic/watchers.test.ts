/** Tests the helpers of the `@anthropic-ai/sdk` client where the matrix of clients does not look: late, in steps, dropped. */
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../call.ts";
import { declarationOf, documentOf, openStage, type Stage, textOf } from "../../runtime.fixture.ts";
import { anthropic } from "./anthropic-wire.ts";

const input = { ticket: "What is the weather in Paris?" };
const tool = betaTool({
  name: "get_weather",
  description: "The weather of a city today",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  run: () => '{"temperature":20}',
});
/** The simulator keeps no conversation, which this version asks for by default. */
const looping = { tools: [tool], thread: false as const };
let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 7, latencyMs: 0 });
  client = new Anthropic({ baseURL: simulator.anthropicBaseUrl, apiKey: "any", maxRetries: 0 });
});
afterAll(() => simulator.close());

function open(): Stage & { readonly call: Call<typeof input> } {
  const stage = openStage(documentOf({}), { wires: [anthropic] });
  const text = textOf("{{ticket}}", { model: "claude-opus-4-5" });
  return { ...stage, call: stage.runtime.resolve(declarationOf("k", text)) };
}

describe("a message stream", () => {
  it("that was through before it was handed over is a row of what it kept", async () => {
    const { call, sink } = open();
    const stream = await call.record(input, async (p) => {
      const helper = client.messages.stream(p.anthropic());
      await helper.done();
      return helper;
    });
    const { usage } = await stream.finalMessage();
    expect(sink.row).toMatchObject({ status: "ok", tokens: { input: usage.input_tokens } });
    expect(sink.row.host).toBe(new URL(simulator.url).host);
  });

  it("that failed or was aborted before it was handed over is a row that says so", async () => {
    const late = async (end: (helper: { abort(): void }) => void) => {
      const { call, sink } = open();
      await call.record(input, async (p) => {
        const helper = client.messages.stream(p.anthropic());
        end(helper);
        await helper.done().catch(() => undefined);
        return helper;
      });
      return sink;
    };
    expect((await late((helper) => helper.abort())).row).toMatchObject({ status: "aborted" });
    simulator.failNext("500");
    expect((await late(() => undefined)).row).toMatchObject({ status: "error" });
  });
});

describe("a tool runner", () => {
  it("in a step of its own goes on from that step", async () => {
    const { call, sink } = open();
    await call.record(input, async (p) => {
      await p.step(() => client.messages.create(p.anthropic()));
      const runner = p.step(() => client.beta.messages.toolRunner({ ...p.anthropic(), ...looping }));
      await runner.runUntilDone();
    });
    expect(sink.rows.map(({ step, status, toolCalls }) => [step, status, toolCalls])).toEqual([
      [1, "ok", []],
      [2, "ok", ["get_weather"]],
      [3, "ok", []],
    ]);
  });

  it("that nobody runs sends nothing, and is a row when the runtime closes", async () => {
    const { call, sink, runtime } = open();
    const before = simulator.served().length;
    const runner = call.record(input, (p) =>
      client.beta.messages.toolRunner({ ...p.anthropic(), ...looping }),
    );
    expect(runner.params.max_tokens).toBe(4096);
    await runtime.close();
    expect(simulator.served()).toHaveLength(before);
    expect(sink.row).toMatchObject({ status: "aborted" });
  });

  it("that is left in the middle of a streamed turn is aborted there", async () => {
    const { call, sink } = open();
    const runner = call.record(input, (p) =>
      client.beta.messages.toolRunner({ ...p.anthropic({ stream: true }), ...looping }),
    );
    for await (const turn of runner) {
      for await (const event of turn) if (event.type === "content_block_delta") break;
      break;
    }
    // The client tells of it when its connection has been closed.
    await expect
      .poll(() => sink.rows, { timeout: 20_000 })
      .toMatchObject([{ status: "aborted", step: 1, answeringModel: "claude-opus-4-5" }]);
  });

  it("goes on with what the application adds", async () => {
    const { call, sink } = open();
    const runner = call.record(input, (p) =>
      client.beta.messages.toolRunner({ ...p.anthropic(), ...looping, max_iterations: 3 }),
    );
    let isAdded = false;
    for await (const message of runner) {
      if (isAdded || message.stop_reason === "tool_use") continue;
      isAdded = true;
      runner.pushMessages(
        { role: "assistant", content: message.content },
        { role: "user", content: "And what is new?" },
      );
    }
    expect(sink.rows.map(({ step, status }) => [step, status])).toEqual([
      [1, "ok"],
      [2, "ok"],
      [3, "ok"],
    ]);
  });
});
