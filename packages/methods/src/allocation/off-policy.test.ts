/** Tests of estimates for policies that did not serve: against the truth, over many logs. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Draws, seededDraws } from "../seeded-draws.ts";
import { estimateOffPolicy, type LoggedReward, type OffPolicyOptions } from "./off-policy.ts";

const LOGGED = [0.7, 0.25, 0.05];
const TARGET = [0.1, 0.3, 0.6];
const REWARDS = [0.5, 0.6, 0.8];
const TRUTH = 0.1 * 0.5 + 0.3 * 0.6 + 0.6 * 0.8;

function drawArm(random: Draws): number {
  const draw = random.next();
  return draw < 0.7 ? 0 : draw < 0.95 ? 1 : 2;
}

function logOf(units: number, perUnit: number, random: Draws): readonly LoggedReward[] {
  return Array.from({ length: units }, (_, unit) => {
    const arm = drawArm(random);
    // What a unit thinks of an answer, the same for all its calls or not.
    const mood = random.next();
    return Array.from({ length: perUnit }, () => ({
      reward: (perUnit > 1 ? mood : random.next()) < (REWARDS[arm] ?? 0) ? 1 : 0,
      logged: LOGGED[arm] ?? 0,
      target: TARGET[arm] ?? 0,
      cluster: perUnit > 1 ? `unit ${unit}` : null,
    }));
  }).flat();
}

interface Seen {
  readonly ips: number;
  readonly snips: number;
  readonly heldByIps: number;
  readonly heldBySnips: number;
}

function average(logs: number, make: () => readonly LoggedReward[], options: OffPolicyOptions = {}): Seen {
  const sum = { ips: 0, snips: 0, heldByIps: 0, heldBySnips: 0 };
  for (let log = 0; log < logs; log += 1) {
    const estimate = estimateOffPolicy(make(), options);
    if (estimate.status !== "estimated") throw new Error("insufficient");
    const { ips, snips } = estimate;
    sum.ips += ips.value / logs;
    sum.snips += snips.value / logs;
    if (ips.lower <= TRUTH && TRUTH <= ips.upper) sum.heldByIps += 1 / logs;
    if (snips.lower <= TRUTH && TRUTH <= snips.upper) sum.heldBySnips += 1 / logs;
  }
  return sum;
}

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

const PLAIN: LoggedReward = { reward: 1, logged: 0.5, target: 0.5, cluster: null };

describe("estimateOffPolicy", () => {
  test("finds what another policy would have earned, within its bounds about as often as they say", () => {
    const random = seededDraws(21);
    const seen = average(1000, () => logOf(1000, 1, random));
    expect(Math.abs(seen.ips - TRUTH)).toBeLessThan(0.01);
    expect(Math.abs(seen.snips - TRUTH)).toBeLessThan(0.01);
    expect(seen.heldByIps).toBeGreaterThan(0.92);
    expect(seen.heldBySnips).toBeGreaterThan(0.92);
    expect(seen.heldBySnips).toBeLessThan(0.98);
  });

  test("keeps to its bounds where all calls of a unit are one draw, and would not if they were taken apart", () => {
    const random = seededDraws(22);
    const named = average(400, () => logOf(600, 5, random));
    expect(named.heldBySnips).toBeGreaterThan(0.92);
    const apart = average(400, () => logOf(600, 5, random).map((one) => ({ ...one, cluster: null })));
    expect(apart.heldBySnips).toBeLessThan(0.8);
  });

  test("is the plain mean where the policy is the one that served", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30 }), (values) => {
        const estimate = estimateOffPolicy(
          values.map((reward) => ({ reward, logged: 0.2, target: 0.2, cluster: null })),
        );
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(estimate).toMatchObject({ status: "estimated", meanWeight: 1, clipped: 0 });
        if (estimate.status !== "estimated") return;
        expect(estimate.effectiveSize).toBeCloseTo(values.length, 6);
        expect(estimate.ips.value).toBeCloseTo(mean, 9);
        expect(estimate.snips.value).toBeCloseTo(mean, 9);
      }),
    );
  });

  test("moves by a constant with the rewards when normalised, and not when it is not", () => {
    const random = seededDraws(23);
    const log = logOf(500, 1, random);
    const [plain, moved] = [log, log.map((one) => ({ ...one, reward: one.reward + 10 }))].map((one) =>
      estimateOffPolicy(one),
    );
    if (plain?.status !== "estimated" || moved?.status !== "estimated") throw new Error("insufficient");
    expect(moved.snips.value - plain.snips.value).toBeCloseTo(10, 9);
    expect(moved.snips.upper - moved.snips.lower).toBeCloseTo(plain.snips.upper - plain.snips.lower, 9);
    expect(Math.abs(moved.ips.value - plain.ips.value - 10)).toBeGreaterThan(0.01);
  });

  test("cuts weights when asked to, says how many, and pays with a bias downwards", () => {
    const random = seededDraws(24);
    const log = logOf(2000, 1, random);
    const rare = log.filter(({ logged }) => logged === 0.05).length;
    const estimate = estimateOffPolicy(log, { clip: 4 });
    expect(estimate.clipped).toBe(rare);
    expect(estimate.meanWeight).toBeLessThan(0.75);
    expect(average(200, () => logOf(2000, 1, random), { clip: 4 }).ips).toBeLessThan(TRUTH - 0.1);
  });

  test("says insufficient where few draws carry all the weight, or none does", () => {
    const log = [
      ...Array.from({ length: 500 }, () => ({ ...PLAIN, logged: 0.99, target: 0.01 })),
      ...Array.from({ length: 5 }, () => ({ ...PLAIN, logged: 0.01, target: 0.99 })),
    ];
    const estimate = estimateOffPolicy(log);
    expect(estimate.status).toBe("insufficient");
    expect(estimate.effectiveSize).toBeLessThan(6);
    expect(estimate).not.toHaveProperty("ips");
    expect(estimateOffPolicy(log, { minimum: 4 }).status).toBe("estimated");
    expect(estimateOffPolicy([])).toMatchObject({ status: "insufficient", effectiveSize: 0, samples: 0 });
    expect(estimateOffPolicy(log.map((one) => ({ ...one, target: 0 })))).toMatchObject({
      status: "insufficient",
      effectiveSize: 0,
    });
  });

  test("counts a sticky unit once, however often it called", () => {
    const one = Array.from({ length: 500 }, () => ({ ...PLAIN, cluster: "unit" }));
    expect(estimateOffPolicy(one)).toMatchObject({ status: "insufficient", effectiveSize: 1 });
    expect(estimateOffPolicy(one, { minimum: 1 }).status).toBe("insufficient");
  });

  test.each([
    ["a draw of probability 0", { ...PLAIN, logged: 0 }, {}],
    ["a draw of more than certainty", { ...PLAIN, logged: 1.5 }, {}],
    ["a policy's probability above 1", { ...PLAIN, target: 1.5 }, {}],
    ["a reward that is no number", { ...PLAIN, reward: Number.NaN }, {}],
    ["a clip of 0", PLAIN, { clip: 0 }],
  ])("refuses %s", (_, reward, options) => {
    expect(codeOf(() => estimateOffPolicy([reward], options))).toBe("usage");
  });
});
