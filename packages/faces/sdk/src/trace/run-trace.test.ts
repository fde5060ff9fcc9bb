/** Traces of the application's own, without telemetry. */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { type TestHarness, testHarness } from "../testing.ts";

const input = z.object({ ticket: z.string() });
const body = "{{ticket}}";
const triage = definePrompt({ key: "trace.triage", model: "gpt-5-mini", input, body });
const reply = definePrompt({ key: "trace.reply", model: "gpt-5-mini", input, body });
const ticket = "It crashes";

async function ask(colophon: TestHarness, prompt = triage): Promise<string> {
  return colophon.resolve(prompt).record({ ticket }, async () => {
    await pause(1);
    return "bug";
  });
}

/** Prompt, trace, step and parent of each row. */
function places(colophon: TestHarness) {
  const ids = new Map(colophon.executions().map(({ id }, index) => [id, index]));
  return colophon.executions().map(({ prompt, trace, step, parent }) => {
    return { prompt, trace, step, within: parent === null ? null : ids.get(parent) };
  });
}

describe("colophon.trace", () => {
  it("ties the calls of its task together and counts them by prompt", async () => {
    const colophon = testHarness();
    await ask(colophon);
    await colophon.trace("answer", async () => {
      await ask(colophon);
      await pause(1);
      await ask(colophon, reply);
      await ask(colophon);
    });
    await ask(colophon);
    const [before, first, second, third, after] = places(colophon);
    const trace = first?.trace;
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect([first, second, third]).toEqual([
      { prompt: triage.key, trace, step: 1, within: null },
      { prompt: reply.key, trace, step: 1, within: null },
      { prompt: triage.key, trace, step: 2, within: null },
    ]);
    for (const outside of [before, after])
      expect(outside).toEqual({ prompt: triage.key, trace: null, step: null, within: null });
  });

  it("knows within which execution a call was made", async () => {
    const colophon = testHarness();
    await colophon.trace("agent", () =>
      colophon.resolve(reply).record({ ticket }, async () => {
        await ask(colophon);
        await Promise.all([ask(colophon), ask(colophon)]);
        return "done";
      }),
    );
    const rows = places(colophon);
    expect(rows.map(({ prompt, step, within }) => [prompt, step, within])).toEqual([
      [triage.key, 1, 3],
      [triage.key, 2, 3],
      [triage.key, 3, 3],
      [reply.key, 1, null],
    ]);
    expect(new Set(rows.map(({ trace }) => trace)).size).toBe(1);
  });

  it("nests: an inner one goes on with the trace, its count and its execution", async () => {
    const colophon = testHarness();
    await colophon.trace("outer", async () => {
      await ask(colophon);
      await colophon.resolve(reply).record({ ticket }, () =>
        colophon.trace("inner", async (place) => {
          expect(place.parent).toMatch(/^[0-9a-f-]{36}$/);
          return ask(colophon);
        }),
      );
    });
    const rows = places(colophon);
    expect(rows.map(({ step, within }) => [step, within])).toEqual([
      [1, null],
      [2, 2],
      [1, null],
    ]);
    expect(new Set(rows.map(({ trace }) => trace)).size).toBe(1);
  });

  it("keeps tasks at the same time apart", async () => {
    const colophon = testHarness();
    const work = () =>
      colophon.trace("work", async (place) => {
        await ask(colophon);
        await ask(colophon);
        return place.trace;
      });
    const traces = await Promise.all([work(), work(), work()]);
    expect(new Set(traces).size).toBe(3);
    for (const trace of traces) {
      expect(colophon.executions().flatMap((row) => (row.trace === trace ? [row.step] : []))).toEqual([1, 2]);
    }
  });

  it("goes on with the steps of a record that has several provider calls", async () => {
    const colophon = testHarness();
    await colophon.trace("loop", async () => {
      for (let turn = 0; turn < 2; turn++) {
        await colophon.resolve(triage).record({ ticket }, async (p) => {
          await p.step(async () => "look it up");
          return p.step(async () => "bug");
        });
      }
    });
    expect(places(colophon).map(({ step, within }) => [step, within])).toEqual([
      [1, null],
      [2, 0],
      [3, null],
      [4, 2],
    ]);
  });

  it("takes another attempt for the step that it repeats", async () => {
    const colophon = testHarness();
    await colophon.trace("retry", async () => {
      for (const attempt of [1, 2]) {
        await colophon.resolve(triage).record({ ticket }, async () => "bug", { attempt });
      }
      await ask(colophon);
    });
    expect(colophon.executions().map(({ step, attempt }) => [step, attempt])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it("returns exactly what the task returned, and throws what it threw", async () => {
    const colophon = testHarness();
    const promise = Promise.resolve(1);
    expect(colophon.trace("value", () => 7)).toBe(7);
    expect(colophon.trace("promise", () => promise)).toBe(promise);
    const error = new Error("its own");
    expect(() =>
      colophon.trace("throws", () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it("is passed by hand where the platform carries nothing through asynchronous code", async () => {
    const platform = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    try {
      const colophon = testHarness();
      await colophon.trace("by-hand", async (place) => {
        await ask(colophon);
        for (let turn = 0; turn < 2; turn++) {
          await colophon.resolve(triage, { ...place, user: "ada" }).record({ ticket }, async () => "bug");
        }
        const [lost, first, second] = places(colophon);
        expect([lost?.trace, lost?.step]).toEqual([null, null]);
        expect([first?.trace, first?.step]).toEqual([place.trace, 1]);
        expect([second?.trace, second?.step]).toEqual([place.trace, 2]);
      });
    } finally {
      platform.mockRestore();
    }
  });
});

describe("a process without OpenTelemetry", () => {
  it("registers nothing, loads nothing of it, and makes no AsyncLocalStorage before its first trace", async () => {
    const file = fileURLToPath(new URL("untraced-process.fixture.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(JSON.parse(stdout)).toEqual({ rows: 2, registered: false, asked: [0, 1] });
  });
});
