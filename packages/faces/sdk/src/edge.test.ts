/** The core as an edge application opens it: with what it is given, and a sentence for what it is not. */
import type { LedgerEntry, SnapshotDocument, SnapshotSource } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "./define/define-prompt.ts";
import { type EdgeOptions, open } from "./edge.ts";
import { modelFallback } from "./fallback.ts";
import { recorder } from "./recorder.ts";
import { batchSink } from "./serverless.ts";
import { shadowing } from "./shadow.ts";

const triage = definePrompt({
  key: "edge.triage",
  model: "gpt-5-mini",
  backup: "gpt-5-nano",
  input: z.object({ ticket: z.string() }),
  body: "Sort {{ticket}}",
});
const input = { ticket: "T" };
const busy = Object.assign(new Error("busy"), { status: 429 });

function opened(options: EdgeOptions = {}) {
  const notices: string[] = [];
  const colophon = open({ onNotice: (message) => notices.push(message), ...options });
  return { colophon, notices, call: colophon.resolve(triage, { user: "ada", session: "s" }) };
}

const usage = (...parts: readonly string[]) =>
  expect.objectContaining({
    code: "usage",
    message: expect.stringMatching(new RegExp(parts.join(".*"))),
  });

it("is told of no more prompts once it is closed", async () => {
  const shared = globalThis as { readonly [key: symbol]: { readonly listeners: ReadonlySet<unknown> } };
  const listening = () => shared[Symbol.for("colophon.defined.2")]?.listeners.size;
  const before = listening();
  const { colophon } = opened();
  expect(listening()).toBe((before ?? 0) + 1);
  await colophon.close();
  expect(listening()).toBe(before);
});

describe("the core over a snapshot", () => {
  const document: SnapshotDocument = {
    format: 1,
    revision: 3,
    at: 0,
    environments: ["development"],
    prompts: {
      [triage.key]: {
        risk: "medium",
        versions: { 1: { hash: "f".repeat(64), withdrawn: false } },
        releases: { development: { version: 1, inherited: null, model: null, plan: null } },
        overrides: [],
      },
    },
    texts: {
      ["f".repeat(64)]: {
        body: "Live {{ticket}}",
        model: { provider: "openai", id: "gpt-5-mini" },
        input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
      },
    },
  };

  it("serves what is released, and says once where that is not the text in the code", () => {
    const { call, notices } = opened({ snapshot: document });
    expect(call.render(input).text).toBe("Live T");
    expect(notices).toEqual([
      expect.stringMatching(/^edge\.triage: development serves v1 .* the text in the code is another/),
    ]);
  });

  it("waits in ready for the first snapshot of a feed, and no longer than it is told", async () => {
    let deliver = (): void => undefined;
    const source: SnapshotSource = {
      start: (listener) => {
        deliver = () => listener.onSnapshot(document);
      },
      want: () => undefined,
      close: async () => undefined,
    };
    const { colophon } = opened({ snapshot: { feed: () => source } });
    expect(await colophon.ready({ timeoutMs: 1 })).toMatchObject({ ready: false, revision: null });
    const ready = colophon.ready();
    deliver();
    expect(await ready).toMatchObject({ ready: true, revision: 3 });
    expect(colophon.resolve(triage).render(input).text).toBe("Live T");
  });
});

describe("the core without a recorder", () => {
  it("makes calls all the same, and returns exactly what was sent", async () => {
    const { call } = opened();
    const promise = Promise.resolve("billing");
    expect(call.record(input, (p) => (p.text === "Sort T" ? promise : null))).toBe(promise);
    expect(() => call.record(input, () => { throw busy; })).toThrow(busy); // biome-ignore format: one line
    expect(call.record(input, (p) => p.step(() => promise))).toBe(promise);
    const signal = new AbortController().signal;
    expect(call.record(input, (p) => p.signal, { signal })).toBe(signal);
    expect(() => call.record({} as never, () => "sent")).toThrow(
      expect.objectContaining({ code: "variable-missing" }),
    );
  });

  it("says once, in the first call, that nothing is recorded and what to import", async () => {
    const { colophon, call, notices } = opened();
    expect(call.render(input).text).toBe("Sort T");
    expect(notices).toEqual([]);
    call.record(input, () => "billing");
    const run = call.start(input);
    expect(run.prompt.text).toBe("Sort T");
    expect([run.finish({ text: "billing" }), run.fail(busy), run.abort()]).toEqual(Array(3).fill("dropped"));
    expect(call.executionId).toBeNull();
    expect(colophon.outcome(run.id, { name: "thumbs", value: true })).toBe("dropped");
    expect(notices).toEqual([
      'calls are not recorded here; import { recorder } from "colophon/recorder" and pass recorder to open(), with a sink for the rows.',
    ]);
    await colophon.flush();
    await colophon.close();
  });

  it("refuses what could only be done with rows", () => {
    const { colophon, call } = opened();
    expect(() => colophon.kept(call as never, { served: "a", kept: "b" })).toThrow(
      usage("kept", '"colophon/recorder"'),
    );
    const sink = batchSink({ send: async () => undefined });
    const telemetry = { begin: () => undefined } as never;
    for (const [name, option] of Object.entries({ sink, capture: "full", telemetry, shadow: shadowing() }))
      expect(() => open({ [name]: option })).toThrow(usage(`^${name} `, '"colophon/recorder"'));
  });

  it("runs the task of a trace, which is told its trace", () => {
    const { colophon } = opened();
    expect(colophon.trace("answer", ({ trace }) => trace)).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("the core with a recorder", () => {
  it("drops rows without a sink, and says so once", () => {
    const { call, notices } = opened({ recorder });
    call.record(input, () => "billing");
    call.record(input, () => "billing");
    expect(call.executionId).not.toBeNull();
    expect(notices).toEqual([expect.stringContaining("pass a sink to open()")]);
  });

  it("writes rows, outcomes and what was kept into the sink", async () => {
    const entries: LedgerEntry[] = [];
    const sink = batchSink({ send: async (batch) => entries.push(...batch) });
    const { colophon, call, notices } = opened({ recorder, sink, capture: "full" });
    colophon.trace("answer", () => call.record(input, () => "billing"));
    expect(colophon.kept(call as never, { served: "abcd", kept: "abcx" })).toBe(0.25);
    await colophon.flush();
    expect(entries).toMatchObject([
      { kind: "execution", row: { id: call.executionId, step: 1, contents: { output: "billing" } } },
      { kind: "outcome", row: { execution: call.executionId, name: "editDistance", value: 0.25 } },
    ]);
    expect(notices).toEqual([]);
  });

  it("stops at a capture policy that cannot be meant, and at options of Node that are no telemetry", () => {
    expect(() => open({ recorder, capture: { mode: "redacted" } as never })).toThrow(usage("capture"));
    const telemetry = { metrics: true } as never;
    expect(() => open({ recorder, telemetry })).toThrow(usage("^telemetry ", '"colophon/telemetry"'));
  });
});

describe("other models", () => {
  it("are tried only where open was told so, which a sentence says", () => {
    const { call } = opened();
    const sentence = usage('"colophon/fallback"', "modelFallback\\(\\)");
    expect(() => call.record(input, () => "sent", { fallback: true })).toThrow(sentence);
    expect(() => call.attempts()).toThrow(sentence);
    expect(() => open({ fallback: { retries: 1 } as never })).toThrow(sentence);
  });

  it.each([
    ["with", { recorder }],
    ["without", {}],
  ])("are tried in order %s a recorder", async (_, more) => {
    const { call } = opened({ fallback: modelFallback({ retries: 1, pauseMs: 0 }), ...more });
    const asked: string[] = [];
    const send = async (p: { readonly model: { readonly id: string } }) => {
      asked.push(p.model.id);
      if (asked.length < 3) throw busy;
      return "billing";
    };
    expect(await call.record(input, send, { fallback: true })).toBe("billing");
    expect(asked).toEqual(["gpt-5-mini", "gpt-5-mini", "gpt-5-nano"]);
    expect([...call.attempts({})].map(({ model }) => model.id)).toEqual(["gpt-5-mini", "gpt-5-nano"]);
  });
});
