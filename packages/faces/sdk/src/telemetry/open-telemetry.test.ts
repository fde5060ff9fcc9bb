/** Spans as a real OTLP endpoint receives them from the real SDK of OpenTelemetry. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { context, metrics, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { AlwaysOffSampler, type Sampler } from "@opentelemetry/sdk-trace";
import OpenAI, { type APIPromise } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { declaredOf } from "../define/prompt.ts";
import { open as openAtTheEdge } from "../edge.ts";
import { open } from "../node.ts";
import { recorder } from "../recorder.ts";
import { openTelemetry } from "../telemetry.ts";
import { type TestHarness, testHarness } from "../testing.ts";
import { type OtlpEndpoint, type ReceivedSpan, startOtlpEndpoint } from "./otlp-endpoint.fixture.ts";

const input = z.object({ ticket: z.string() });
const triage = definePrompt({
  key: "telemetry.triage",
  model: "gpt-5-mini",
  parameters: { temperature: 0.2, max_completion_tokens: 50, stop: "END" },
  input,
  body: "Is this billing, bug or other?\n{{ticket}}",
});
const reply = definePrompt({
  key: "telemetry.reply",
  model: "gpt-5-mini",
  input,
  body: "Answer this ticket in one sentence.\n{{ticket}}",
});
const ticket = "My card was charged twice";

let model: RunningSimulator;
let client: OpenAI;
let endpoint: OtlpEndpoint | undefined;

beforeAll(async () => {
  model = await startSimulator({ seed: 7 });
  client = new OpenAI({ baseURL: model.baseUrl, apiKey: "none", maxRetries: 0 });
});
afterAll(() => model.close());

afterEach(async () => {
  await endpoint?.stop();
  endpoint = undefined;
});

/** An application whose OpenTelemetry sends to the endpoint. */
async function observed(sampler?: Sampler): Promise<OtlpEndpoint> {
  endpoint = await startOtlpEndpoint(sampler);
  endpoint.register();
  return endpoint;
}

function ask(colophon: TestHarness): APIPromise<OpenAI.ChatCompletion> {
  return colophon.resolve(triage).record({ ticket }, (p) => client.chat.completions.create(p.openai()));
}

/** The spans of one name. */
async function spansOf(received: OtlpEndpoint, name: string): Promise<readonly ReceivedSpan[]> {
  return (await received.spans()).filter((span) => span.name === name);
}

async function onlySpan(received: OtlpEndpoint): Promise<ReceivedSpan> {
  const [span, ...others] = await received.spans();
  expect(others).toEqual([]);
  return span as ReceivedSpan;
}

const CHAT = "chat gpt-5-mini";

describe("the span of a call", () => {
  it("has the conventions' attributes and our own, and its ids are in the row", async () => {
    const received = await observed();
    const colophon = testHarness();
    const answer = await ask(colophon);
    const [row] = colophon.executions();
    const span = await onlySpan(received);
    expect(span).toMatchObject({ scope: "colophon", name: CHAT, kind: 3, parent: null, status: {} });
    expect([span.trace, span.span]).toEqual([row?.trace, row?.span]);
    const { hostname, port } = new URL(model.baseUrl);
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.request.temperature": 0.2,
      "gen_ai.request.max_tokens": 50,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.response.model": answer.model,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": answer.usage?.prompt_tokens,
      "gen_ai.usage.output_tokens": answer.usage?.completion_tokens,
      "gen_ai.usage.cache_read.input_tokens": answer.usage?.prompt_tokens_details?.cached_tokens,
      "gen_ai.usage.reasoning.output_tokens": answer.usage?.completion_tokens_details?.reasoning_tokens,
      "gen_ai.prompt.name": triage.key,
      "server.address": hostname,
      "server.port": Number(port),
      "colophon.key": triage.key,
      "colophon.hash": triage.hash,
      "colophon.tier": "default",
      "colophon.reason": "no-release",
      "colophon.environment": "development",
      "colophon.execution.id": row?.id,
      "colophon.attempt": 1,
      "colophon.step": 1,
      "colophon.purpose": "serve",
      "colophon.status": "ok",
    });
  });

  it("of a stream ends when the stream was read, and says when its first part came", async () => {
    const received = await observed();
    const colophon = testHarness();
    const stream = await colophon
      .resolve(triage)
      .record({ ticket }, (p) => client.chat.completions.create(p.openai({ stream: true })));
    expect(await received.spans()).toEqual([]);
    colophon.advance(250);
    for await (const _ of stream) colophon.advance(1);
    const [row] = colophon.executions();
    const { attributes } = await onlySpan(received);
    expect(row?.tokens.output).toBeGreaterThan(0);
    expect(attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": (row?.firstToken as number) / 1000,
      "gen_ai.usage.output_tokens": row?.tokens.output,
    });
  });

  it("of a stream that is left says that no reason to finish came", async () => {
    const received = await observed();
    const colophon = testHarness();
    const stream = await colophon
      .resolve(triage)
      .record({ ticket }, (p) => client.chat.completions.create(p.openai({ stream: true })));
    for await (const _ of stream) break;
    const { attributes, status } = await onlySpan(received);
    expect(status).toEqual({ code: 0 });
    expect(attributes).toMatchObject({
      "colophon.status": "aborted",
      "gen_ai.response.finish_reasons": ["error"],
    });
    expect(attributes).not.toHaveProperty("error.type");
    expect(attributes).not.toHaveProperty("gen_ai.usage.output_tokens");
  });

  it("of a call that was aborted is no error", async () => {
    const received = await observed();
    const colophon = testHarness();
    const aborted = colophon.resolve(triage).record({ ticket }, (p) => {
      return client.chat.completions.create(p.openai(), { signal: AbortSignal.abort() });
    });
    await expect(aborted).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    const span = await onlySpan(received);
    expect([span.status.code, span.attributes["colophon.status"]]).toEqual([0, "aborted"]);
  });

  it("of an execution begun by hand ends with it", async () => {
    const received = await observed();
    const colophon = testHarness();
    const run = colophon.resolve(triage).start({ ticket });
    expect(await received.spans()).toEqual([]);
    run.finish({ finishReason: "length" });
    const { span, attributes } = await onlySpan(received);
    expect(attributes["gen_ai.response.finish_reasons"]).toEqual(["length"]);
    expect(colophon.executions()[0]).toMatchObject({ id: run.id, span });
  });

  it("of a failed call has the error's class and never its message", async () => {
    const received = await observed();
    const colophon = testHarness();
    const call = colophon.resolve(triage);
    const failing = call.record({ ticket }, () =>
      client.chat.completions.create({ model: "", messages: [{ role: "user", content: "secret" }] }),
    );
    await expect(failing).rejects.toBeInstanceOf(OpenAI.APIError);
    const [row] = colophon.executions();
    const span = await onlySpan(received);
    expect(span.status).toEqual({ code: 2, message: row?.error });
    expect(span.attributes["error.type"]).toMatch(/^[A-Z]\w+Error$/);
    expect(span.attributes["colophon.status"]).toBe("error");
    expect(JSON.stringify(span)).not.toContain("secret");
  });

  it("names the version that served", async () => {
    const received = await observed();
    const colophon = testHarness({ snapshot: bakedAs(3), pins: { "telemetry.triage": "v3" } });
    await ask(colophon);
    expect((await onlySpan(received)).attributes).toMatchObject({
      "gen_ai.prompt.version": "v3",
      "colophon.version": 3,
      "colophon.reason": "pinned",
    });
  });

  it("is active while the call is sent, so that the client's own instrumentation is beneath it", async () => {
    const received = await observed();
    const colophon = testHarness();
    await colophon.resolve(triage).record({ ticket }, async (p) => {
      await pause(1);
      const http = trace.getTracer("http").startSpan("POST");
      const answer = await client.chat.completions.create(p.openai());
      http.end();
      return answer;
    });
    const [http, chat] = await received.spans();
    expect([http?.name, chat?.name]).toEqual(["POST", CHAT]);
    expect([http?.trace, http?.parent]).toEqual([chat?.trace, chat?.span]);
  });

  it("that is not sampled is not exported, and is in the row all the same", async () => {
    const received = await observed(new AlwaysOffSampler());
    const colophon = testHarness();
    await ask(colophon);
    expect(await received.spans()).toEqual([]);
    expect(colophon.executions()[0]?.trace).toMatch(/^[0-9a-f]{32}$/);
  });

  it("carries no contents, whatever is captured", async () => {
    const received = await observed();
    const colophon = testHarness({ capture: "full" });
    const { choices } = await ask(colophon);
    const sent = JSON.stringify(await onlySpan(received));
    expect(sent).not.toContain(ticket);
    expect(sent).not.toContain(choices[0]?.message.content);
  });

  it("is in the older names where they are asked for", async () => {
    const received = await observed();
    const colophon = testHarness({ telemetry: { semconv: "1.36" } });
    const usage = { input: 100, output: 5, cacheWrite: 40, cacheRead: null, reasoning: null };
    await colophon.resolve(triage).record({ ticket }, async () => "bug", { read: () => ({ usage }) });
    const { attributes } = await onlySpan(received);
    expect(attributes).toMatchObject({
      "gen_ai.system": "openai",
      "gen_ai.usage.cache_creation.input_tokens": 40,
    });
    expect(attributes).not.toHaveProperty("gen_ai.usage.cache_write.input_tokens");
  });
});

describe("spans of several calls", () => {
  it("are children of the active span, and executions made within another know it", async () => {
    const received = await observed();
    const colophon = testHarness();
    await trace.getTracer("shop").startActiveSpan("request", async (request) => {
      await ask(colophon);
      await colophon.resolve(reply).record({ ticket }, async (p) => {
        await ask(colophon);
        return client.chat.completions.create(p.openai());
      });
      request.end();
    });
    const rows = colophon.executions();
    const [first, inner, outer] = rows;
    expect(rows.map(({ prompt, step }) => [prompt, step])).toEqual([
      [triage.key, 1],
      [triage.key, 2],
      [reply.key, 1],
    ]);
    expect([first?.parent, inner?.parent, outer?.parent]).toEqual([null, outer?.id, null]);
    const [request] = await spansOf(received, "request");
    const byId = new Map((await spansOf(received, CHAT)).map((span) => [span.span, span.parent]));
    expect(new Set(rows.map((row) => row.trace))).toEqual(new Set([request?.trace]));
    expect(byId.get(first?.span as string)).toBe(request?.span);
    expect(byId.get(outer?.span as string)).toBe(request?.span);
    expect(byId.get(inner?.span as string)).toBe(outer?.span);
  });

  it("of calls at the same time are kept apart", async () => {
    const received = await observed();
    const colophon = testHarness();
    const nest = (): Promise<unknown> =>
      colophon.resolve(reply).record({ ticket }, async (p) => {
        await ask(colophon);
        return client.chat.completions.create(p.openai());
      });
    await Promise.all([nest(), nest(), nest()]);
    const rows = colophon.executions();
    const outer = rows.filter((row) => row.prompt === reply.key);
    const inner = rows.filter((row) => row.prompt === triage.key);
    expect(new Set(outer.map((row) => row.trace)).size).toBe(3);
    for (const { id, trace: of, span } of outer) {
      const [child, ...more] = inner.filter((row) => row.parent === id);
      expect([child?.trace, more]).toEqual([of, []]);
      const spans = await received.spans();
      expect(spans.find((one) => one.span === child?.span)?.parent).toBe(span);
    }
  });

  it("of one record have one each, under the first", async () => {
    const received = await observed();
    const colophon = testHarness();
    await colophon.resolve(triage).record({ ticket }, async (p) => {
      await p.step(() => client.chat.completions.create(p.openai()));
      return p.step(() => client.chat.completions.create(p.openai()));
    });
    const rows = colophon.executions();
    expect(rows.map(({ step, parent }) => [step, parent])).toEqual([
      [1, null],
      [2, rows[0]?.id],
    ]);
    const spans = await received.spans();
    expect(spans.map(({ attributes }) => attributes["colophon.step"])).toEqual([1, 2]);
    expect(spans[1]?.attributes["colophon.parent.id"]).toBe(rows[0]?.id);
    expect(new Set(spans.map((span) => span.trace)).size).toBe(1);
  });
});

describe("colophon.trace with OpenTelemetry", () => {
  it("is a span of its name, in which the calls' spans and rows are", async () => {
    const received = await observed();
    const colophon = testHarness();
    const returned = await colophon.trace("answer-ticket", async () => {
      await ask(colophon);
      return ask(colophon);
    });
    expect(returned.object).toBe("chat.completion");
    const [group] = await spansOf(received, "answer-ticket");
    expect(group).toMatchObject({ kind: 1, parent: null, status: {} });
    const rows = colophon.executions();
    expect(rows.map(({ trace: of, step, parent }) => [of, step, parent])).toEqual([
      [group?.trace, 1, null],
      [group?.trace, 2, null],
    ]);
    for (const { parent } of await spansOf(received, CHAT)) expect(parent).toBe(group?.span);
  });

  it("nests: the inner one goes on with the outer's trace and counts on", async () => {
    const received = await observed();
    const colophon = testHarness();
    await colophon.trace("outer", async () => {
      await ask(colophon);
      await colophon.trace("inner", () => ask(colophon));
    });
    const [outer] = await spansOf(received, "outer");
    const [inner] = await spansOf(received, "inner");
    expect([inner?.trace, inner?.parent]).toEqual([outer?.trace, outer?.span]);
    expect(colophon.executions().map((row) => row.step)).toEqual([1, 2]);
  });

  it("ends with the error of its task, which stays the task's own", async () => {
    const received = await observed();
    const colophon = testHarness();
    const error = new RangeError("secret");
    expect(() =>
      colophon.trace("throws", () => {
        throw error;
      }),
    ).toThrow(error);
    const rejecting = Promise.reject(error);
    expect(colophon.trace("rejects", () => rejecting)).toBe(rejecting);
    await expect(rejecting).rejects.toBe(error);
    const spans = await received.spans();
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ["throws", { code: 2, message: "RangeError" }],
      ["rejects", { code: 2, message: "RangeError" }],
    ]);
  });

  it("ends whatever its task throws or returns, which stays the task's own", async () => {
    const received = await observed();
    const colophon = testHarness();
    const nameless = Object.assign(new Error("x"), { constructor: undefined });
    expect(() =>
      colophon.trace("nameless", () => {
        throw nameless;
      }),
    ).toThrow(nameless);
    const hidden = new Proxy(
      {},
      {
        get: () => {
          throw new Error("boom");
        },
      },
    );
    // Compared by hand: a matcher would look into it.
    expect(colophon.trace("hidden", () => hidden) === hidden).toBe(true);
    // biome-ignore lint/suspicious/noThenProperty: a lazy thenable is what this is about.
    const frozen = Object.freeze({ then: (onValue: (value: string) => unknown) => void onValue("answer") });
    expect(await (colophon.trace("frozen", () => frozen) as unknown as PromiseLike<string>)).toBe("answer");
    const names = (await received.spans()).map(({ name }) => name);
    expect(names).toEqual(["nameless", "hidden", "frozen"]);
  });

  it("gives back a client's own promise untouched, and ends when it has settled", async () => {
    const received = await observed();
    const colophon = testHarness();
    const promise = colophon.trace("one-liner", () => ask(colophon));
    expect(promise.constructor.name).toBe("APIPromise");
    expect(await spansOf(received, "one-liner")).toEqual([]);
    const { response, data } = await promise.withResponse();
    expect([response.status, data.object]).toEqual([200, "chat.completion"]);
    expect(await spansOf(received, "one-liner")).toHaveLength(1);
  });

  it("holds a trace together by hand, where no manager of contexts is registered", async () => {
    const received = await observed();
    context.disable();
    const colophon = testHarness();
    await colophon.trace("by-hand", async (place) => {
      expect(place.span).toMatch(/^[0-9a-f]{16}$/);
      await colophon
        .resolve(triage, { ...place })
        .record({ ticket }, (p) => client.chat.completions.create(p.openai()));
    });
    const [group] = await spansOf(received, "by-hand");
    const [chat] = await spansOf(received, CHAT);
    expect([chat?.trace, chat?.parent]).toEqual([group?.trace, group?.span]);
    expect(colophon.executions()[0]).toMatchObject({ trace: group?.trace, span: chat?.span, step: 1 });
  });
});

describe("telemetry", () => {
  it("that is registered after open is used from then on", async () => {
    const colophon = testHarness();
    await ask(colophon);
    const received = await observed();
    await ask(colophon);
    const [before, after] = colophon.executions();
    expect([before?.trace, after?.span]).toEqual([null, (await onlySpan(received)).span]);
  });

  it("is an API that is passed, registered nowhere", async () => {
    endpoint = await startOtlpEndpoint();
    const api = { trace: endpoint.provider, context: endpoint.contexts };
    const colophon = testHarness({ telemetry: { api } });
    await ask(colophon);
    expect((await onlySpan(endpoint)).span).toBe(colophon.executions()[0]?.span);
  });

  it("is none where it is switched off", async () => {
    const received = await observed();
    const colophon = testHarness({ telemetry: false });
    await colophon.trace("off", () => ask(colophon));
    expect(await received.spans()).toEqual([]);
    expect(colophon.executions()[0]).toMatchObject({ span: null, step: 1 });
  });

  it("that throws everywhere costs its spans and nothing else", async () => {
    const broken = () => {
      throw new Error("broken");
    };
    const api = {
      trace: { getTracer: broken },
      context: { active: broken, with: broken },
      metrics: { getMeter: broken },
    };
    const colophon = testHarness({ telemetry: { api } });
    const answer = await colophon.trace("broken", () => ask(colophon));
    expect(answer.object).toBe("chat.completion");
    expect(colophon.executions()).toMatchObject([{ status: "ok", span: null }]);
  });

  it("whose contexts cannot be entered lets the call through; it is sent once, with its own error, in any case", async () => {
    const received = await observed();
    const broken = {
      active: () => received.contexts.active(),
      with: () => {
        throw new Error("broken");
      },
    };
    const error = new RangeError("its own");
    for (const manager of [broken, received.contexts]) {
      const colophon = testHarness({ telemetry: { api: { trace: received.provider, context: manager } } });
      let sent = 0;
      const failing = (): never => {
        sent++;
        throw error;
      };
      expect(() => colophon.resolve(triage).record({ ticket }, failing)).toThrow(error);
      expect(sent).toBe(1);
      expect(colophon.executions()).toMatchObject([{ status: "error", error: "RangeError" }]);
    }
  });

  it("whose span throws costs that span and nothing else", async () => {
    const received = await observed();
    let ended = 0;
    const span = {
      spanContext: () => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }),
      isRecording: () => true,
      setAttributes: () => {
        throw new Error("broken");
      },
      setStatus: () => undefined,
      end: () => {
        ended++;
      },
    };
    const api = { trace: { getTracer: () => ({ startSpan: () => span }) }, context: received.contexts };
    const colophon = testHarness({ telemetry: { api } });
    await ask(colophon);
    expect(ended).toBe(1);
    expect(colophon.executions()).toMatchObject([{ status: "ok", span: "2".repeat(16) }]);
  });

  it("that was passed as the API's namespace sees who is registered later", async () => {
    const colophon = testHarness({ telemetry: { api: { trace, context, metrics } } });
    await ask(colophon);
    const received = await observed();
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    metrics.setGlobalMeterProvider(meters);
    try {
      await ask(colophon);
      await meters.forceFlush();
      expect((await onlySpan(received)).span).toBe(colophon.executions()[1]?.span);
      await received.stop();
      const next = await observed();
      await ask(colophon);
      expect((await onlySpan(next)).span).toBe(colophon.executions()[2]?.span);
      const names = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics[0]?.metrics ?? []);
      expect(names.map(({ descriptor }) => descriptor.name)).toContain("gen_ai.client.inference.duration");
    } finally {
      metrics.disable();
      await meters.shutdown();
    }
  });

  it("is there by itself under Node, and where it is passed on the edge", async () => {
    const received = await observed();
    const folder = mkdtempSync(join(tmpdir(), "colophon-telemetry-"));
    const quiet = { onNotice: () => undefined };
    const opened = [
      open({ store: folder, ...quiet }),
      openAtTheEdge({ telemetry: openTelemetry(), recorder, ...quiet }),
      openAtTheEdge(quiet),
    ];
    try {
      for (const colophon of opened) await colophon.resolve(triage).record({ ticket }, async () => "bug");
      expect(await received.spans()).toHaveLength(2);
    } finally {
      for (const colophon of opened) await colophon.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("on the edge is no bare options, which would bring all of it along", () => {
    expect(() => openAtTheEdge({ telemetry: { langfuse: true } as never })).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });

  it("that does nothing leaves rows as without it", async () => {
    const colophon = testHarness({ telemetry: { api: { trace, context } } });
    await colophon.resolve(triage).record({ ticket }, async () => "bug");
    expect(colophon.executions()).toMatchObject([{ trace: null, span: null, parent: null, step: null }]);
  });
});

describe("with langfuse", () => {
  it("the span links the prompt, counts each token once and leaves out what would hide the contents", async () => {
    const received = await observed();
    const colophon = testHarness({
      snapshot: bakedAs(3),
      pins: { "telemetry.triage": "v3" },
      capture: "full",
      telemetry: { langfuse: true },
    });
    const usage = { input: 100, output: 30, cacheRead: 60, cacheWrite: 10, reasoning: 20 };
    const read = () => ({ usage, text: "billing", model: "gpt-5-mini-2026" });
    await colophon.resolve(triage).record({ ticket }, async () => "billing", { read });
    const { attributes } = await onlySpan(received);
    expect(attributes).toMatchObject({
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-5-mini-2026",
      "langfuse.observation.prompt.name": triage.key,
      "langfuse.observation.prompt.version": 3,
      "langfuse.observation.input": JSON.stringify({ ticket }),
      "langfuse.observation.output": "billing",
      "gen_ai.usage.input_tokens": 100,
    });
    expect(JSON.parse(attributes["langfuse.observation.usage_details"] as string)).toEqual({
      input: 30,
      output: 10,
      input_cache_read: 60,
      input_cache_creation: 10,
      output_reasoning_tokens: 20,
    });
    expect(Object.keys(attributes).filter((name) => name.startsWith("gen_ai.prompt"))).toEqual([]);
  });

  it("contents are what the capture policy lets through", async () => {
    const received = await observed();
    const harness = (capture: "none" | "hash" | "redacted") =>
      testHarness({
        telemetry: { langfuse: true },
        capture: capture === "redacted" ? { mode: capture, redact: () => ({ output: "#" }) } : capture,
      });
    for (const capture of ["none", "hash", "redacted"] as const) {
      await harness(capture)
        .resolve(triage)
        .record({ ticket }, async () => "billing");
    }
    const contents = (await received.spans()).map(({ attributes }) => [
      attributes["langfuse.observation.input"],
      attributes["langfuse.observation.output"],
    ]);
    expect(contents).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, "#"],
    ]);
  });

  it("says when the answer began, and links no text that only the code knows", async () => {
    const received = await observed();
    const colophon = testHarness({ telemetry: { langfuse: true }, now: Date.UTC(2026, 0, 1) });
    const stream = await colophon
      .resolve(triage)
      .record({ ticket }, (p) => client.chat.completions.create(p.openai({ stream: true })));
    colophon.advance(250);
    for await (const _ of stream);
    const { attributes } = await onlySpan(received);
    expect(attributes["langfuse.observation.completion_start_time"]).toBe("2026-01-01T00:00:00.250Z");
    expect(attributes).not.toHaveProperty("langfuse.observation.prompt.name");
  });
});

/** A snapshot in which the prompt of the code has a number. */
function bakedAs(version: number) {
  return {
    format: 1,
    revision: 1,
    at: 0,
    environments: ["development", "staging", "production"],
    prompts: {
      [triage.key]: {
        risk: "medium",
        versions: { [version]: { hash: triage.hash, withdrawn: false } },
        releases: {},
        overrides: [],
      },
    },
    texts: { [triage.hash]: declaredOf(triage).text },
  };
}
