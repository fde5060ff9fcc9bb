/** Tests of the choice by drawn weights and of its probabilities. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import type { ArmCounts } from "./choose-arm.ts";
import { chooseArm } from "./choose-arm.ts";
import { selectionProbabilities, withFloor } from "./selection-probabilities.ts";

/** An arm whose shares are known almost exactly. */
function known(...shares: readonly number[]): ArmCounts {
  return shares.map((share) => ({ successes: 1e7 * share, failures: 1e7 * (1 - share) }));
}

const NOTHING: ArmCounts = [
  { successes: 0, failures: 0 },
  { successes: 0, failures: 0 },
];

function probabilities(arms: readonly ArmCounts[], concentrations = [1, 1], seed = 1): readonly number[] {
  return selectionProbabilities(arms, { concentrations, random: seededDraws(seed) }) ?? [];
}

/** Four standard errors of 10,000 draws. */
function expectNear(share: number | undefined, truth: number): void {
  expect(Math.abs((share ?? Number.NaN) - truth)).toBeLessThan(0.02);
}

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("selectionProbabilities", () => {
  test("serve only arms that no mixture beats, once all is known", () => {
    const arms = [
      known(0.55, 0.5),
      known(0.53, 0.51),
      known(0.52, 0.54),
      known(0.5, 0.57),
      known(0.48, 0.48),
    ];
    const shares = probabilities(arms);
    expect([shares[1], shares[2], shares[4]]).toEqual([0, 0, 0]);
    // Arm 0 is the best where 0.05 w > 0.07 (1 − w), so for weights above 7/12.
    expectNear(shares[0], 5 / 12);
    expectNear(shares[3], 7 / 12);
  });

  test("follow what an objective weighs", () => {
    const arms = [known(0.9, 0.1), known(0.1, 0.9)];
    expectNear(probabilities(arms)[0], 1 / 2);
    // The first weight is from Beta(3, 1), which is above ½ in 7 of 8 draws.
    expectNear(probabilities(arms, [3, 1])[0], 7 / 8);
  });

  test("are equal among arms of which nothing is known", () => {
    for (const share of probabilities([NOTHING, NOTHING, NOTHING, NOTHING])) {
      expectNear(share, 1 / 4);
    }
  });

  test("add up to 1, are the same for the same seed, and are how often the arm is chosen", () => {
    const arms = [known(0.55, 0.5), NOTHING, known(0.5, 0.57)];
    const shares = probabilities(arms);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(probabilities(arms)).toEqual(shares);
    expect(probabilities(arms, [1, 1], 2)).not.toEqual(shares);
    const random = seededDraws(9);
    const chosen = Array.from({ length: 10_000 }, () => chooseArm(arms, [1, 1], random));
    shares.forEach((share, arm) => {
      expectNear(chosen.filter((one) => one === arm).length / 10_000, share);
    });
  });

  test("are none for no arms", () => {
    expect(selectionProbabilities([], { concentrations: [1], random: seededDraws(1) })).toBeNull();
  });

  test.each([
    ["too few draws", { concentrations: [1, 1], random: seededDraws(1), draws: 10 }],
    ["a concentration below 1", { concentrations: [1, 0.5], random: seededDraws(1) }],
    ["no objective", { concentrations: [], random: seededDraws(1) }],
    ["counts of other objectives", { concentrations: [1, 1, 1], random: seededDraws(1) }],
  ])("refuse %s", (_, options) => {
    expect(codeOf(() => selectionProbabilities([NOTHING], options))).toBe("usage");
  });
});

describe("withFloor", () => {
  test("gives every arm the floor, keeps the whole and the order", () => {
    const shares = fc
      .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 })
      .filter((parts) => parts.some((part) => part > 0))
      .map((parts) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0)));
    fc.assert(
      fc.property(shares, fc.integer({ min: 0, max: 12 }), (given, hundredths) => {
        const floor = hundredths / 100;
        const floored = withFloor(given, floor);
        expect(floored.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        floored.forEach((share, at) => {
          expect(share).toBeGreaterThanOrEqual(floor);
          given.forEach((other, beside) => {
            if (other > (given[at] ?? 0)) expect(floored[beside]).toBeGreaterThanOrEqual(share);
          });
        });
      }),
    );
  });

  test("refuses a floor that there is no room for", () => {
    expect(codeOf(() => withFloor([0.5, 0.5], 0.6))).toBe("usage");
    expect(codeOf(() => withFloor([1], -0.1))).toBe("usage");
  });
});
