/** Tests of drift, upgrades and retirements, as clients see them. */

import { describe, expect, test } from "vitest";
import { createSimulator } from "../create-simulator.ts";
import { ticketCorpus } from "../tickets/ticket-corpus.ts";
import { triageBodies } from "../tickets/triage-bodies.ts";
import { createLineUp, type ModelDrift } from "./model-line-up.ts";
import { readDrift, readFaultRate, readLatency, readNewModel, readRetirement } from "./read-options.ts";

const MOMENT = Date.UTC(2026, 3, 16, 14, 32);
const TICKETS = ticketCorpus(5, 300);

/** The share of right labels, asked at the moment. */
function accuracy(drifts: readonly ModelDrift[], now: number): number {
  const simulator = createSimulator({ drifts, now: () => now });
  const right = TICKETS.filter(({ ticket, label }) => {
    const text = triageBodies.defined.replace("{{ticket}}", ticket);
    const reply = simulator.answer({ model: "gpt-5", messages: [{ role: "user", text }] });
    return reply.label === label;
  });
  return right.length / TICKETS.length;
}

test("drift changes what a model answers from its moment on, and nothing before", () => {
  const drifts = [{ model: "gpt-5", at: MOMENT, profile: "gemini-2.5-flash-lite" }];
  expect(accuracy(drifts, MOMENT - 1)).toBe(accuracy([], MOMENT - 1));
  expect(accuracy(drifts, MOMENT)).toBeLessThan(accuracy([], MOMENT) - 0.05);
});

describe("the fingerprint", () => {
  const told = (drift: Partial<ModelDrift>): string | null | undefined =>
    createLineUp({ drifts: [{ model: "gpt-5", at: MOMENT, profile: "gpt-5-nano", ...drift }] }).at(
      "gpt-5",
      MOMENT,
    )?.fingerprint;

  test("changes, stays or is absent", () => {
    expect(told({})).toBe("gpt-5-nano");
    expect(told({ fingerprint: "stays" })).toBe("gpt-5");
    expect(told({ fingerprint: "absent" })).toBeNull();
    expect(told({ profile: { obedience: 0.5 } })).toBe("gpt-5-drifted");
  });

  test("is left out of the answer where it is absent", async () => {
    const drifts = [{ model: "gpt-5", at: 0, profile: "gpt-5-nano", fingerprint: "absent" as const }];
    const { app } = createSimulator({ drifts, latencyMs: 0 });
    const body = JSON.stringify({ model: "gpt-5", messages: [{ role: "user", content: "x" }] });
    const answer = await (await app.request("/v1/chat/completions", { method: "POST", body })).json();
    expect(answer).not.toHaveProperty("system_fingerprint");
  });
});

test("weights that change leave the others as they were, and later drift goes on from earlier", () => {
  const lineUp = createLineUp({
    drifts: [
      { model: "gpt-5", at: MOMENT + 10, profile: { verbosity: 1 } },
      { model: "gpt-5", at: MOMENT, profile: { obedience: 0.5 } },
    ],
  });
  const at = (now: number) => lineUp.at("gpt-5", now)?.profile;
  expect(at(MOMENT + 10)).toMatchObject({ obedience: 0.5, verbosity: 1, sharpness: at(0)?.sharpness });
  expect(at(MOMENT)).toMatchObject({ obedience: 0.5, verbosity: at(0)?.verbosity });
});

test("a new name stands beside the old one until that is retired", () => {
  const lineUp = createLineUp({
    models: { "gpt-6-mini": "gpt-5" },
    retirements: [{ model: "gpt-5-mini", at: MOMENT }],
  });
  const names = (now: number): readonly string[] => lineUp.names(now).map(({ name }) => name);
  expect(names(MOMENT - 1)).toEqual(expect.arrayContaining(["gpt-5-mini", "gpt-6-mini"]));
  expect(names(MOMENT)).not.toContain("gpt-5-mini");
  expect(lineUp.at("gpt-6-mini", MOMENT)?.profile.name).toBe("gpt-5");
  expect(lineUp.at("gpt-5-mini", MOMENT)).toBeUndefined();
});

test("each provider lists its own names, and knows a retired one no more", async () => {
  const { app } = createSimulator({
    models: { "gemini-4": "gemini-2.5-pro" },
    retirements: ["gpt-5", "claude-opus-4-5", "gemini-2.5-pro"].map((model) => ({ model, at: 0 })),
  });
  const asAnthropic = { headers: { "anthropic-version": "2023-06-01" } };
  const lists = await Promise.all([
    app.request("/v1/models"),
    app.request("/v1/models", asAnthropic),
    app.request("/v1beta/models"),
  ]);
  const bodies = await Promise.all(lists.map((list) => list.json()));
  const named = (body: unknown): readonly string[] => {
    const { data = [], models = [] } = body as {
      readonly data?: readonly { readonly id: string }[];
      readonly models?: readonly { readonly name: string }[];
    };
    return [...data.map(({ id }) => id), ...models.map(({ name }) => name)];
  };
  const [openai, anthropic, google] = bodies.map(named);
  expect(openai).toEqual(["gpt-5-nano", "gpt-5-mini"]);
  expect(anthropic).toEqual(["claude-haiku-4-5", "claude-sonnet-4-5"]);
  expect(google?.at(-1)).toBe("models/gemini-4");
  const retired = await Promise.all([
    app.request("/v1/models/gpt-5"),
    app.request("/v1/models/claude-opus-4-5", asAnthropic),
    app.request("/v1beta/models/gemini-2.5-pro"),
  ]);
  expect(retired.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect((await app.request("/v1beta/models/gemini-4")).status).toBe(200);
});

test.each([
  ["gpt-5-2025-08-07", "gpt-5"],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
  ["gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash"],
  ["claude-next", "claude-sonnet-4-5"],
  ["gemini-next", "gemini-2.5-flash"],
  ["anything", "gpt-5-mini"],
])("%s behaves like %s", (model, profile) => {
  expect(createLineUp({}).at(model, 0)?.profile.name).toBe(profile);
});

describe("in words", () => {
  test("drift, retirement, a new name and latency are read", () => {
    expect(readDrift("gpt-5@2026-04-16T14:32:00Z=gpt-5-nano;fingerprint=stays")).toEqual({
      model: "gpt-5",
      at: MOMENT,
      profile: "gpt-5-nano",
      fingerprint: "stays",
    });
    expect(readRetirement("gpt-5@2026-04-16T16:32+02:00")).toEqual({ model: "gpt-5", at: MOMENT });
    expect(readNewModel("gpt-6=gpt-5")).toEqual(["gpt-6", "gpt-5"]);
    expect(["hangup=0.25", "429=1"].map(readFaultRate)).toEqual([{ rateHangup: 0.25 }, { rate429: 1 }]);
    expect(["7", "5-20", "median=400,per-token=8"].map(readLatency)).toEqual([
      7,
      { min: 5, max: 20 },
      { median: 400, perToken: 8 },
    ]);
  });

  test.each([
    () => readDrift("gpt-5=gpt-5-nano"),
    () => readDrift("gpt-5@soon=gpt-5-nano"),
    () => readRetirement("gpt-5"),
    () => readNewModel("gpt-6"),
    () => readLatency("slow"),
    () => readFaultRate("gremlins=1"),
    () => readFaultRate("429=often"),
    () => createLineUp({ models: { "gpt-6": "gpt-9" } }),
    () => createLineUp({ drifts: [{ model: "gpt-5", at: Number.NaN, profile: "gpt-5" }] }),
  ])("what makes no sense is refused", (read) => {
    expect(read).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
