/** Tests of posteriors: how they are counted, discounted, bounded and drawn from. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { addValue, discountCounts, drawShare, NO_COUNTS, posteriorBounds } from "./beta-counts.ts";
import { drawWeights } from "./draw-gamma.ts";

const value = fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8);

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("addValue", () => {
  test("adds values and their complements, so that both sums are as many as the values", () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const counts = values.reduce((sum, one) => addValue(sum, one), NO_COUNTS);
        expect(counts.successes).toBe(values.reduce((sum, one) => sum + one, 0));
        expect(counts.successes + counts.failures).toBe(values.length);
      }),
    );
  });

  test.each([
    ["a value above 1", () => addValue(NO_COUNTS, 1.2)],
    ["a value that is no number", () => addValue(NO_COUNTS, Number.NaN)],
    ["a negative weight", () => addValue(NO_COUNTS, 1, -1)],
    ["a discount that would grow", () => discountCounts(NO_COUNTS, 1.01)],
    ["bounds without a level", () => posteriorBounds(NO_COUNTS, 0)],
  ])("refuses %s", (_, task) => {
    expect(codeOf(task)).toBe("usage");
  });
});

describe("discountCounts", () => {
  test("before each value weighs them by their age in values", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const step = values.reduce((sum, one) => addValue(discountCounts(sum, 0.5), one), NO_COUNTS);
        const aged = values.reduce(
          (sum, one, at) => addValue(sum, one, 0.5 ** (values.length - 1 - at)),
          NO_COUNTS,
        );
        expect(step.successes).toBeCloseTo(aged.successes, 12);
        expect(step.failures).toBeCloseTo(aged.failures, 12);
      }),
    );
  });
});

describe("posteriorBounds", () => {
  test("are those of the prior without values, and close in with them", () => {
    expect(posteriorBounds(NO_COUNTS, 0.05).lower).toBeCloseTo(0.05, 9);
    expect(posteriorBounds(NO_COUNTS, 0.05).upper).toBeCloseTo(0.95, 9);
    // Thirty successes and nothing else: Beta(31, 1), whose quantile p is p^(1/31).
    expect(posteriorBounds({ successes: 30, failures: 0 }, 0.05).lower).toBeCloseTo(0.05 ** (1 / 31), 9);
  });
});

describe("drawShare", () => {
  test.each([
    [0, 0],
    [3, 1],
    [0.4, 7.25],
    [480, 520],
  ])("draws from Beta(1 + %d, 1 + %d)", (successes, failures) => {
    const random = seededDraws(11);
    const draws = Array.from({ length: 20_000 }, () => drawShare({ successes, failures }, random));
    const [a, b] = [1 + successes, 1 + failures];
    const spread = Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1)));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(Math.abs(mean - a / (a + b))).toBeLessThan((4 * spread) / Math.sqrt(draws.length));
    for (const level of [0.1, 0.5, 0.9]) {
      const { lower } = posteriorBounds({ successes, failures }, level);
      const below = draws.filter((draw) => draw < lower).length / draws.length;
      expect(Math.abs(below - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / draws.length));
    }
  });
});

describe("drawWeights", () => {
  test.each([[[1, 1]], [[1, 1, 1, 1]], [[3, 1]], [[6, 2, 2]]])(
    "draws weights whose means are in proportion to %j",
    (concentrations) => {
      const random = seededDraws(3);
      const sums = concentrations.map(() => 0);
      for (let draw = 0; draw < 20_000; draw += 1) {
        const weights = drawWeights(concentrations, random);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        weights.forEach((weight, at) => {
          sums[at] = (sums[at] ?? 0) + weight / 20_000;
        });
      }
      const whole = concentrations.reduce((sum, part) => sum + part, 0);
      concentrations.forEach((part, at) => {
        expect(Math.abs((sums[at] ?? 0) - part / whole)).toBeLessThan(0.01);
      });
    },
  );

  test("spreads two weights evenly where nothing is said", () => {
    const random = seededDraws(5);
    const below = Array.from({ length: 20_000 }, () => drawWeights([1, 1], random)[0] ?? 0).filter(
      (weight) => weight < 0.2,
    ).length;
    expect(Math.abs(below / 20_000 - 0.2)).toBeLessThan(0.012);
  });
});
