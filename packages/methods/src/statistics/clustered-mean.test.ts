/** Tests of the clustered mean and its bounds: by hand, by equivalence, and by invariance. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { bootstrapBounds } from "./bootstrap-bounds.ts";
import { clusteredMean, clusterSkewness, studentBounds } from "./clustered-mean.ts";

const score = fc.integer({ min: -100, max: 100 }).map((value) => value / 100);
const scores = fc.array(score, { minLength: 2, maxLength: 40 });

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
};

describe("clusteredMean", () => {
  test("is s/√n where every value stands for itself", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const textbook = Math.sqrt(squares / (values.length - 1) / values.length);
        expect(clusteredMean(values).standardError).toBeCloseTo(textbook, 12);
      }),
    );
  });

  test("counts two clusters of two equal values as two values", () => {
    const { mean, standardError, totals } = clusteredMean([0, 0, 1, 1], ["a", "a", "b", "b"]);
    // (1/4) √(2/1 · ((−1)² + 1²)) = ½, against √(1/3)/2 = 0.289 for four values.
    expect([mean, standardError, totals.length]).toEqual([0.5, 0.5, 2]);
  });

  test("weights clusters by their size", () => {
    const { mean, standardError } = clusteredMean([1, 1, 0], ["a", "a", "b"]);
    // Residual sums 2(1 − ⅔) and 0 − ⅔: (1/3) √(2 · 2 · (⅔)²).
    expect(mean).toBeCloseTo(2 / 3, 12);
    expect(standardError).toBeCloseTo(4 / 9, 12);
  });

  test("changes with no order of the values, and not with the names of clusters", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(score, fc.constantFrom("a", "b", "c", "d")), { minLength: 3 }),
        (cases) => {
          const of = (given: typeof cases, name: (cluster: string) => string) =>
            clusteredMean(
              given.map(([value]) => value),
              given.map(([, cluster]) => name(cluster)),
            ).standardError;
          const there = of(cases, (cluster) => cluster);
          const back = of(cases.toReversed(), (cluster) => `x${cluster}`);
          if (there === null) expect(back).toBeNull();
          else expect(back).toBeCloseTo(there, 12);
        },
      ),
    );
  });

  test("has no standard error in one cluster, and no mean of nothing", () => {
    expect(clusteredMean([0.1, 0.9], ["a", "a"]).standardError).toBeNull();
    expect(codeOf(() => clusteredMean([]))).toBe("usage");
    expect(codeOf(() => clusteredMean([1, Number.NaN]))).toBe("usage");
  });
});

describe("studentBounds", () => {
  test("reach t with one degree of freedom less than clusters", () => {
    const values = [0.1, 0.3, 0.2, 0.5, 0.4, 0.6, 0.2, 0.3, 0.1, 0.3];
    const given = clusteredMean(values);
    const { lower, upper } = studentBounds(given, 0.05) ?? { lower: 0, upper: 0 };
    // t of 95 % with nine degrees of freedom, from the tables.
    expect(lower).toBeCloseTo(given.mean - 1.833113 * (given.standardError ?? 0), 6);
    expect(upper).toBeCloseTo(given.mean + 1.833113 * (given.standardError ?? 0), 6);
  });

  test("move with the values and widen with a smaller alpha", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const [near, far] = [0.1, 0.01].map((alpha) => studentBounds(clusteredMean(values), alpha));
        expect(far?.lower).toBeLessThanOrEqual(near?.lower ?? 0);
        const moved = studentBounds(clusteredMean(values.map((value) => value + 1)), 0.1);
        expect(moved?.lower).toBeCloseTo((near?.lower ?? 0) + 1, 9);
        const turned = studentBounds(clusteredMean(values.map((value) => -value)), 0.1);
        expect(turned?.lower).toBeCloseTo(-(near?.upper ?? 0), 9);
      }),
    );
  });

  test("are unknown for one cluster, and refuse an alpha that is no probability", () => {
    expect(studentBounds(clusteredMean([1, 0], ["a", "a"]), 0.05)).toBeNull();
    expect(codeOf(() => studentBounds(clusteredMean([1, 0]), 0))).toBe("usage");
  });
});

describe("bootstrapBounds", () => {
  const skewed = (count: number): readonly number[] => {
    const random = seededDraws(7);
    return Array.from({ length: count }, () => (random.next() < 0.1 ? -random.next() : 0.05 * random.next()));
  };

  test("give the same bounds for the same seed and others for another", () => {
    const given = clusteredMean(skewed(150));
    const of = (seed: number) => bootstrapBounds(given, { alpha: 0.05, random: seededDraws(seed) });
    expect(of(3)).toEqual(of(3));
    expect(of(4)).not.toEqual(of(3));
  });

  test("lie near the t bounds where nothing is skewed", () => {
    const random = seededDraws(11);
    const given = clusteredMean(Array.from({ length: 400 }, () => random.next()));
    const [boot, student] = [
      bootstrapBounds(given, { alpha: 0.05, random: seededDraws(1), draws: 4000 }),
      studentBounds(given, 0.05),
    ];
    expect(boot?.lower).toBeCloseTo(student?.lower ?? 0, 2);
    expect(boot?.upper).toBeCloseTo(student?.upper ?? 0, 2);
  });

  test("reach further than t on the side of the long tail", () => {
    const given = clusteredMean(skewed(150));
    expect(clusterSkewness(given)).toBeLessThan(-1);
    const boot = bootstrapBounds(given, { alpha: 0.05, random: seededDraws(1) });
    expect(boot?.lower).toBeLessThan(studentBounds(given, 0.05)?.lower ?? 0);
  });

  test("resample whole clusters: copies of each value change nothing but rounding", () => {
    const values = skewed(120);
    const names = values.map((_, at) => `c${at}`);
    const once = bootstrapBounds(clusteredMean(values, names), { alpha: 0.05, random: seededDraws(5) });
    const twice = bootstrapBounds(clusteredMean([...values, ...values], [...names, ...names]), {
      alpha: 0.05,
      random: seededDraws(5),
    });
    expect(twice?.lower).toBeCloseTo(once?.lower ?? 0, 9);
  });

  test("are too coarse below 2,000 draws", () => {
    const options = { alpha: 0.05, random: seededDraws(1), draws: 500 };
    expect(codeOf(() => bootstrapBounds(clusteredMean([1, 0, 1]), options))).toBe("usage");
  });
});
