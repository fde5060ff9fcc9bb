/** Tests of estimates for other shares: from logged draws, and where there is nothing to estimate from. */
import { errorCodeOf } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import { describe, expect, test } from "vitest";
import { anObservation, START } from "./allocation.fixture.ts";
import type { ArmObservation } from "./arm-observation.ts";
import { evaluatePolicy, type PolicyQuestion } from "./evaluate-policy.ts";

const QUESTION: PolicyQuestion = {
  policy: [
    { version: 6, share: 0.2 },
    { version: 7, share: 0.8 },
  ],
  objective: { name: "satisfaction", metric: "accepted", scale: null },
};

/** v7 served one call in ten and is accepted at 0.8, v6 at 0.6. */
function servedLog(count: number): readonly ArmObservation[] {
  const random = seededDraws(31);
  return Array.from({ length: count }, (_, at) => {
    const version = random.next() < 0.1 ? 7 : 6;
    const accepted = random.next() < (version === 7 ? 0.8 : 0.6) ? 1 : 0;
    return anObservation(at, { accepted }, { version, probability: version === 7 ? 0.1 : 0.9 });
  });
}

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("evaluatePolicy", () => {
  test("says what other shares would have earned, with an interval, from draws of few", () => {
    const value = evaluatePolicy(servedLog(4000), QUESTION);
    expect(value).toMatchObject({ status: "estimated", reason: null, clipped: 0, clip: null });
    const truth = 0.2 * 0.6 + 0.8 * 0.8;
    for (const estimate of [value.ips, value.snips]) {
      expect(Math.abs((estimate?.value ?? 0) - truth)).toBeLessThan(0.05);
      expect(estimate?.lower).toBeLessThan(truth);
      expect(estimate?.upper).toBeGreaterThan(truth);
      expect(estimate?.samples).toBe(4000);
    }
    expect(value.effectiveSize).toBeGreaterThan(300);
    expect(value.effectiveSize).toBeLessThan(1000);
  });

  test("leaves out what no draw chose and what has no score yet, and says how much that is", () => {
    const log = servedLog(4000);
    const more = [
      ...log,
      ...Array.from({ length: 7 }, (_, at) =>
        anObservation(9000 + at, { accepted: 0 }, { probability: null }),
      ),
      ...Array.from({ length: 5 }, (_, at) => anObservation(9100 + at)),
    ];
    const [plain, mixed] = [evaluatePolicy(log, QUESTION), evaluatePolicy(more, QUESTION)];
    expect(mixed).toEqual({ ...plain, undrawn: 7, unscored: 5 });
  });

  test("takes feedback that came apart from its execution", () => {
    const log = servedLog(4000);
    const apart = [
      ...log.map((one) => ({ ...one, readings: [] })),
      ...log.map((one) => ({
        ...one,
        readings: one.readings.map((reading) => ({ ...reading, at: START + 1 })),
      })),
    ];
    expect(evaluatePolicy(apart, QUESTION)).toEqual(evaluatePolicy(log, QUESTION));
  });

  test("is insufficient for a version that was never drawn, and names it", () => {
    const policy = [
      { version: 6, share: 0.5 },
      { version: 9, share: 0.5 },
    ];
    const value = evaluatePolicy(servedLog(4000), { ...QUESTION, policy });
    expect(value).toMatchObject({ status: "insufficient", ips: null, snips: null });
    expect(value.reason).toContain("v9");
    expect(evaluatePolicy(servedLog(4000), { ...QUESTION, policy: [{ version: 6, share: 1 }] }).status).toBe(
      "estimated",
    );
  });

  test("is insufficient where too few draws carry the weight, and says how few", () => {
    const value = evaluatePolicy(servedLog(60), QUESTION);
    expect(value.status).toBe("insufficient");
    expect(value.reason).toMatch(/60 scored draws say as much as \d+\.\d of the policy itself/);
    expect(evaluatePolicy([], QUESTION).status).toBe("insufficient");
  });

  test("counts calls of one sticky unit as one draw", () => {
    const unit = servedLog(4000).map((one) => ({ ...one, unit: "u1" }));
    expect(evaluatePolicy(unit, QUESTION).status).toBe("insufficient");
  });

  test.each<readonly [string, Partial<PolicyQuestion>]>([
    ["shares that do not add up to 1", { policy: [{ version: 6, share: 0.5 }] }],
    [
      "a negative share",
      {
        policy: [
          { version: 6, share: 1.5 },
          { version: 7, share: -0.5 },
        ],
      },
    ],
    ["an amount without scale", { objective: { name: "speed", metric: "latency", scale: null } }],
  ])("refuses %s", (_, question) => {
    expect(codeOf(() => evaluatePolicy([], { ...QUESTION, ...question }))).toBe("usage");
  });

  test("refuses a draw that was recorded with probability 0", () => {
    const impossible = anObservation(1, { accepted: 1 }, { probability: 0 });
    expect(codeOf(() => evaluatePolicy([impossible], QUESTION))).toBe("usage");
  });
});
