/** Tests of plan files: what people write, what is refused, and the published schema. */
import { readFileSync } from "node:fs";
import { errorCodeOf, RISKS } from "@colophon/kernel";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlanProblem } from "./check-plan.ts";
import { defaultPlan } from "./default-plan.ts";
import { PLAN_FILE, planSchema } from "./plan-shape.ts";
import { readPlan } from "./read-plan.ts";

function problemsOf(value: unknown): readonly string[] {
  try {
    readPlan(value, "medium");
    return [];
  } catch (error) {
    expect(errorCodeOf(error)).toBe("input-malformed");
    const { problems } = (error as { details: { problems: readonly PlanProblem[] } }).details;
    return problems.map(({ path, problem }) => `${path} ${problem}`.trim());
  }
}

describe("defaultPlan", () => {
  it.each([
    ["low", [0.05, 0.25, 0.5, 1], 0],
    ["medium", [0.05, 0.1, 0.25, 0.5, 1], 0],
    ["high", [0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1], 1],
  ] as const)("has the steps and approvals of a %s risk", (risk, shares, approvals) => {
    const plan = defaultPlan(risk);
    expect(plan.steps.map(({ share }) => share)).toEqual(shares);
    expect(plan.approvals).toBe(approvals);
  });

  it("halves the margins of a high risk", () => {
    const margins = (risk: "medium" | "high") =>
      defaultPlan(risk).guards.flatMap((guard) =>
        guard.kind === "comparison" && guard.metric !== "quality" ? [guard.acceptable - 1] : [],
      );
    expect(margins("high")).toEqual(margins("medium").map((margin) => margin / 2));
  });

  it.each(RISKS)("of a %s risk is what an empty file reads as", (risk) => {
    expect(readPlan({}, risk)).toEqual(defaultPlan(risk));
  });

  it("asks that the output contract is cleared where there is one", () => {
    expect(defaultPlan("low", { checked: true }).clearing).toEqual(["errors", "schemaOk"]);
  });
});

describe("readPlan", () => {
  it("reads percentages, durations and money as people write them", () => {
    const plan = readPlan(
      {
        steps: ["5%", { share: "12.5 %", dwell: "2h", units: 500 }, 1],
        dwell: "30m",
        units: 20,
        shadow: { rate: "25%", budget: "5 USD", patience: "1d" },
        quiet: "90 s",
        alpha: "0.5%",
      },
      "low",
    );
    expect(plan.steps).toEqual([
      { share: 0.05, dwell: 1_800_000, units: 20 },
      { share: 0.125, dwell: 7_200_000, units: 500 },
      { share: 1, dwell: 1_800_000, units: 20 },
    ]);
    expect(plan.shadow).toMatchObject({
      rate: 0.25,
      budget: { amount: 5, currency: "USD" },
      patience: 86_400_000,
      concurrency: 2,
    });
    expect(plan).toMatchObject({ quiet: 90_000, alpha: 0.005 });
  });

  it("reads guards: limits, comparisons, and outcomes of an own name", () => {
    const { guards } = readPlan(
      {
        guards: [
          { metric: "schemaOk", below: "95%", minimum: 40 },
          { metric: "latency", above: 2000, action: "rollback" },
          { metric: "errors", tolerated: 1.2 },
          { metric: "cost" },
          { metric: "parcelLost", kind: "event", worse: "higher", alpha: "40%" },
        ],
      },
      "medium",
    );
    const custom = { kind: "event", worse: "higher" };
    expect(guards).toEqual([
      { kind: "limit", metric: "schemaOk", direction: "below", limit: 0.95, minimum: 40, action: "rollback" },
      { kind: "limit", metric: "latency", direction: "above", limit: 2000, minimum: 30, action: "rollback" },
      {
        kind: "comparison",
        metric: "errors",
        tolerated: 1.2,
        acceptable: 1.7,
        alpha: null,
        negligible: 0.01,
        action: "rollback",
      },
      { kind: "comparison", metric: "cost", tolerated: 1.2, acceptable: 1.5, alpha: null, action: "hold" },
      expect.objectContaining({ metric: "parcelLost", alpha: 0.4, action: "rollback", custom }),
    ]);
  });

  it("reads sampling with objectives, and caps it for a high risk", () => {
    const policy = {
      kind: "mol-ts",
      objectives: [
        { metric: "quality" },
        { name: "speed", metric: "latency", target: 2000, direction: "below" },
        { metric: "cost", best: 0.001, worst: 0.01 },
      ],
      halfLife: "12h",
      cap: "50%",
    };
    expect(readPlan({ policy }, "medium").policy).toEqual({
      kind: "mol-ts",
      objectives: [
        { name: "quality", metric: "quality", scale: null },
        { name: "speed", metric: "latency", scale: { target: 2000, direction: "below" } },
        { name: "cost", metric: "cost", scale: { best: 0.001, worst: 0.01 } },
      ],
      floor: 0.01,
      cap: 0.5,
      halfLife: 43_200_000,
      interval: 600_000,
    });
    expect(readPlan({ policy }, "high").policy).toMatchObject({ cap: 0.25 });
  });

  it("clears what the risk asks for as far as the plan compares it", () => {
    expect(readPlan({ guards: [{ metric: "cost" }] }, "low").clearing).toEqual([]);
  });

  it.each<[unknown, string]>([
    ["5%", 'is "5%"; write fields such as'],
    [{ step: [0.1] }, "step is no field; did you mean steps?"],
    [
      { guards: [{ metric: "cost", tolerate: 1 }] },
      "guards[0].tolerate is no field; did you mean tolerated?",
    ],
    [{ guards: [{}] }, "guards[0] has no metric"],
    [{ steps: [] }, "steps has 0 entries; give 1 at least"],
    [{ steps: ["0%"] }, 'steps[0] is "0%"; write a percentage such as 5%'],
    [{ steps: ["5%", { dwell: "1h" }] }, "steps[1] has no share"],
    [{ steps: [1.5] }, "steps[0] is 1.5; give a number above 0 up to 1"],
    [{ quiet: "soon" }, 'quiet is "soon"; write a duration such as 30m'],
    [{ quiet: 90 }, "quiet is 90; write a duration"],
    [{ draws: "units" }, 'draws is "units"; did you mean unit?'],
    [{ missing: { noData: "ignore" } }, 'missing.noData is "ignore"; use rollback or hold or continue'],
    [{ missing: { mismatch: "continue" } }, 'missing.mismatch is "continue"'],
    [{ shadow: { budget: "5" } }, "shadow.budget"],
    [{ approvals: 0.5 }, "approvals is 0.5; give a whole number from 0"],
  ])("refuses %j and says where: %s", (value, sentence) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each<[string, unknown, string]>([
    ["steps that do not grow", { steps: ["10%", "10%"] }, "steps[1].share is 10 %, not more than the 10 %"],
    ["a first step without a control", { steps: [1] }, "steps[0].share is 100 %"],
    [
      "shares of alpha beyond the whole",
      {
        guards: [
          { metric: "errors", alpha: "70%" },
          { metric: "cost", alpha: "40%" },
        ],
        clearing: [],
      },
      "guards have 110 % of alpha",
    ],
    [
      "shares of alpha that leave nothing",
      { guards: [{ metric: "errors", alpha: 1 }, { metric: "cost" }], clearing: [] },
      "leaves nothing",
    ],
    ["an outcome that nobody described", { guards: [{ metric: "parcelLost" }] }, "say what the outcome"],
    [
      "clearing what nobody compares",
      { guards: [{ metric: "errors" }], clearing: ["eror"] },
      "did you mean errors",
    ],
    [
      "an acceptable loss below the tolerated one",
      { guards: [{ metric: "cost", tolerated: 2, acceptable: 1.5 }] },
      "not more than what is tolerated",
    ],
    ["a limit no share can pass", { guards: [{ metric: "schemaOk", below: 95 }] }, "lies between 0 and 1"],
    ["the same guard twice", { guards: [{ metric: "cost" }, { metric: "cost" }] }, "second comparison"],
    [
      "an amount without a scale",
      { policy: { kind: "mol-ts", objectives: [{ metric: "cost" }] } },
      "give it best and worst",
    ],
  ])("refuses %s", (_, value, sentence) => {
    expect(problemsOf(value).join("\n")).toContain(sentence);
  });

  it("names every problem at once", () => {
    expect(problemsOf({ quiet: 1, draws: 2, stepz: 3 })).toHaveLength(3);
  });
});

describe("the published schema", () => {
  it("is what the documents hold", () => {
    const published = new URL("../../../../../docs/rollout-plan.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(planSchema());
  });

  /** Values that fields take, and others that they nearly take. */
  const leaf = fc.oneof(
    fc.constantFrom<unknown>("5%", "12.5 %", "100%", "0%", "101%", "0.0%", "99.99%", "5 %x", "-1%", "%"),
    fc.constantFrom<unknown>("30m", "2h", "1.5d", "10 ms", "0s", "h", "5", "-3m"),
    fc.constantFrom<unknown>("5 USD", "0.5 EUR", "0 USD", "5 usd", "USD"),
    fc.constantFrom<unknown>(0, 1, 2, 30, 0.5, 0.05, -1, 1e9, 1.5, true, false, null, "", [], {}),
    fc.constantFrom<unknown>("errors", "schemaOk", "parcelLost", "9lives", "a b", "cost", "latency"),
    fc.constantFrom<unknown>("fixed", "mol-ts", "unit", "call", "rollback", "hold", "continue"),
    fc.constantFrom<unknown>("event", "score", "amount", "higher", "lower", "above", "below"),
  );
  const fields = (...names: readonly string[]) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), leaf), { selector: ([name]) => name, maxLength: 5 })
      .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);
  const step = fc.oneof(leaf, fields("share", "dwell", "units", "share "));
  const guard = fields(
    ...["metric", "kind", "worse", "action", "tolerated", "acceptable", "negligible", "alpha"],
    ...["above", "below", "minimum", "limit"],
  ).chain((some) => fc.constantFrom(some, { metric: "errors", ...some }));
  const objective = fields("name", "metric", "best", "worst", "target", "direction").chain((some) =>
    fc.constantFrom(some, { metric: "quality", ...some }),
  );
  const sampling = fc
    .record({
      some: fields("floor", "cap", "halfLife", "interval", "x"),
      objectives: fc.array(objective, { maxLength: 2 }),
    })
    .map(({ some, objectives }) => ({ kind: "mol-ts", objectives, ...some }));
  const file = fc.record(
    {
      $schema: leaf,
      format: fc.constantFrom<unknown>(1, 2, "1"),
      steps: fc.oneof(fc.array(step, { maxLength: 3 }), leaf),
      dwell: leaf,
      units: leaf,
      shadow: fc.oneof(
        fields("rate", "concurrency", "calls", "budget", "metric", "margin", "alpha", "pairs", "patience"),
        leaf,
      ),
      policy: fc.oneof(sampling, leaf),
      draws: leaf,
      guards: fc.oneof(fc.array(guard, { maxLength: 3 }), leaf),
      alpha: leaf,
      promotionAlpha: leaf,
      approvals: leaf,
      clearing: fc.oneof(fc.array(leaf, { maxLength: 2 }), leaf),
      missing: fc.oneof(fields("noData", "staleData", "mismatch", "inconclusive"), leaf),
      quiet: leaf,
      patience: leaf,
      stepz: leaf,
    },
    { requiredKeys: [] },
  );
  /** Few fields at a time, so that many a sample is accepted. */
  const sample = file.chain((whole) =>
    fc
      .subarray(Object.keys(whole), { maxLength: 2 })
      .map((names) => Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))),
  );

  it("accepts just what the reader reads", () => {
    const accepts = new Ajv2020({ strict: false }).compile(planSchema());
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: sample }, { weight: 1, arbitrary: leaf }), (value) => {
        const problems: PlanProblem[] = [];
        PLAN_FILE.read(value, { path: "", problems });
        const reads = problems.length === 0;
        expect(accepts(value), JSON.stringify({ value, problems })).toBe(reads);
        if (reads) accepted += 1;
      }),
      { numRuns: 4000, seed: 5 },
    );
    // Of samples that were all refused, nothing could be learnt.
    expect(accepted).toBeGreaterThan(400);
  });
});
