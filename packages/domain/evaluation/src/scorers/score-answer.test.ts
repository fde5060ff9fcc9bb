/** Tests of bringing the scores of a case together. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScorerSpec } from "../eval-case.ts";
import { createScorers } from "./create-scorers.ts";
import type { CustomScorer } from "./custom.ts";
import { type AnswerScores, scoreAnswer } from "./score-answer.ts";
import { input, typeChecker } from "./scorers.fixture.ts";

/** Scores 0.25 by a function of its own; `broken` is an error. */
const scorers = createScorers({
  checkerOf: typeChecker,
  custom: new Map<string, CustomScorer>([
    ["quarter", () => 0.25],
    ["broken", () => Promise.reject(new Error("no connection"))],
    ["nothing", () => Number.NaN],
    ["told", () => ({ score: true, why: "it says so" })],
  ]),
});

const custom = (file: string, more: Partial<ScorerSpec> = {}): ScorerSpec => ({
  scorer: "custom",
  metric: file,
  options: { file },
  ...more,
});
const has = (value: string, more: Partial<ScorerSpec> = {}): ScorerSpec => ({
  scorer: "contains",
  options: { value },
  ...more,
});

async function scores(...specs: readonly ScorerSpec[]): Promise<AnswerScores> {
  return (await scoreAnswer(scorers, specs, input("a b"))).scores;
}

describe("The score of an answer", () => {
  test("is the mean by weight, each metric beside it", async () => {
    expect(await scores(has("a", { weight: 3 }), custom("quarter"))).toEqual({
      score: (3 * 1 + 0.25) / 4,
      metrics: { contains: 1, quarter: 0.25 },
    });
  });

  test("is missing where a scorer that counts failed, and says which", async () => {
    const failed = await scores(has("a"), custom("broken"));
    expect(failed).toEqual({
      score: null,
      error: "broken: broken failed: no connection",
      metrics: { contains: 1, broken: null },
    });
  });

  test("stands where only a reported metric failed", async () => {
    expect(await scores(has("a"), custom("broken", { weight: 0 }))).toEqual({
      score: 1,
      metrics: { contains: 1, broken: null },
    });
  });

  test("is missing where a required scorer failed, whatever its weight, and nobody knows of a veto", async () => {
    const failed = await scores(has("a"), custom("broken", { weight: 0, required: true }));
    expect(failed.score).toBeNull();
    expect(failed).not.toHaveProperty("required");
  });

  test("is a veto below a half of a required score, beside the mean", async () => {
    expect(await scores(has("x", { required: true }), has("a"))).toMatchObject({
      score: 0.5,
      required: false,
    });
    expect(await scores(has("a", { required: true }), has("x"))).toMatchObject({
      score: 0.5,
      required: true,
    });
    expect(await scores(has("x", { required: true }), custom("broken"))).toMatchObject({
      score: null,
      required: false,
    });
    expect(await scores(has("a"))).not.toHaveProperty("required");
  });

  test("is missing without scorers, and without any that has a weight", async () => {
    expect(await scores()).toMatchObject({ score: null, error: "The case has no scorer." });
    expect(await scores(has("a", { weight: 0 }))).toEqual({
      score: null,
      error: "No scorer of the case has a weight.",
      metrics: { contains: 1 },
    });
  });

  test("joins scorers of one metric, and names a negated one so", async () => {
    const both = await scores(has("a", { metric: "m" }), has("x", { metric: "m", weight: 3 }));
    expect(both.metrics).toEqual({ m: 0.25 });
    expect((await scores(has("x", { negate: true }))).metrics).toEqual({ "not-contains": 1 });
    expect((await scores(has("a", { metric: "m" }), custom("broken", { metric: "m" }))).metrics).toEqual({
      m: null,
    });
  });

  test("keeps what each scorer said", async () => {
    const { findings } = await scoreAnswer(scorers, [custom("told"), custom("nothing")], input("a"));
    expect(findings).toEqual([
      { metric: "told", outcome: { ok: true, value: 1, why: "it says so" } },
      { metric: "nothing", outcome: { ok: false, error: expect.stringContaining("gave NaN for a score") } },
    ]);
  });

  test("is full marks exactly where every scorer gives them, however odd the weights", async () => {
    const odd = [0.1, 0.7, 1 / 3, 3].map((weight, at) => has("a", { weight, metric: `m${at}` }));
    expect((await scores(...odd)).score).toBe(1);
  });

  test("lies between the lowest and the highest score that counts", async () => {
    const weights = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(weights, async (given) => {
        const specs = given.map(([found, weight], at) =>
          has(found ? "a" : "x", { weight, metric: `m${at}` }),
        );
        const { score } = await scores(...specs);
        const all = given.map(([found]) => Number(found));
        expect(score).toBeGreaterThanOrEqual(Math.min(...all));
        expect(score).toBeLessThanOrEqual(Math.max(...all));
      }),
      { numRuns: 300 },
    );
  });
});
