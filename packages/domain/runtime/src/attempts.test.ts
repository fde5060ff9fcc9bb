/** Tests the attempts that an application drives by itself. */
import { modelChoice } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { modelFallback } from "./model-fallback.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";
import type { RuntimeParts } from "./runtime.ts";

const input = { ticket: "T" };
const busy = Object.assign(new Error("busy"), { status: 429 });

function open(more: Partial<RuntimeParts> = {}) {
  const stage = openStage(documentOf({}), more);
  const declaration = declarationOf("k", textOf("Sort {{ticket}}"), { backup: [modelChoice("gpt-5-nano")] });
  return { ...stage, call: stage.runtime.resolve<typeof input>(declaration) };
}

describe("the attempts of a call", () => {
  it("are one for each model, in order, and the last one falls back no more", () => {
    const { call } = open();
    const attempts = [...call.attempts()];
    expect(attempts.map(({ number, model }) => [number, model.id])).toEqual([
      [1, "gpt-5-mini"],
      [2, "gpt-5-nano"],
    ]);
    expect(attempts.map((attempt) => attempt.mayFallBack(busy))).toEqual([true, false]);
    expect(attempts[0]?.mayFallBack(new Error("a bug"))).toBe(false);
  });

  it("are as many as the policy says, by default that of `open`", () => {
    const { call } = open({ fallback: modelFallback({ retries: 1, on: ["server"] }) });
    const ids = (attempts: ReturnType<typeof call.attempts>) => [...attempts].map(({ model }) => model.id);
    expect(ids(call.attempts())).toEqual(["gpt-5-mini", "gpt-5-mini", "gpt-5-nano", "gpt-5-nano"]);
    expect(ids(call.attempts({}))).toEqual(["gpt-5-mini", "gpt-5-nano"]);
    expect([...call.attempts()].map((attempt) => attempt.mayFallBack(busy))).toEqual(Array(4).fill(false));
  });

  it("return exactly what was sent", () => {
    const { call } = open();
    const [attempt] = call.attempts();
    const promise = Promise.resolve("answer");
    expect(attempt?.record(input, () => promise)).toBe(promise);
  });

  it("render, begin and record on their own model", () => {
    const { call, sink } = open();
    const [first, second] = call.attempts();
    first?.start(input).fail(busy);
    expect(second?.render(input).openai().model).toBe("gpt-5-nano");
    const started = second?.start(input, { purpose: "eval" });
    expect(started?.prompt.model.id).toBe("gpt-5-nano");
    started?.finish({ text: "billing", model: "gpt-5-nano-2025" });
    expect(sink.rows).toMatchObject([
      { requestedModel: "gpt-5-mini", attempt: 1, fallbackOf: null, status: "error" },
      {
        requestedModel: "gpt-5-nano",
        answeringModel: "gpt-5-nano-2025",
        attempt: 2,
        fallbackOf: sink.rows[0]?.id,
        purpose: "eval",
        status: "ok",
      },
    ]);
    expect(call.executionId).toBe(started?.id);
  });

  it("stand in for the last one that was made, where the application left some out", () => {
    const { call, sink } = open();
    const [, second] = call.attempts();
    second?.record(input, () => "answer");
    expect(sink.row).toMatchObject({ requestedModel: "gpt-5-nano", attempt: 2, fallbackOf: null });
  });
});
