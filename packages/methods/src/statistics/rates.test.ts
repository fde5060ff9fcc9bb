/** Tests of shares, sizes, adjusted p-values, corrected rates and quantiles. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { benjaminiHochberg, holm } from "./adjusted-p-values.ts";
import { binomialTail } from "./binomial.ts";
import { poweredRate, roganGladen } from "./corrected-rate.ts";
import { normalCdf, normalQuantile, studentCdf, studentQuantile } from "./distributions.ts";
import { quantileBounds, quantileOf } from "./quantile-bounds.ts";
import { designEffect, differenceVariance, sampleSize } from "./sample-size.ts";
import { clopperPearsonBounds, wilsonBounds } from "./share-bounds.ts";

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
};

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

describe("distributions", () => {
  test("hold the tables", () => {
    expect(normalQuantile(0.95)).toBeCloseTo(1.644854, 6);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
    expect(studentQuantile(0.95, 1)).toBeCloseTo(6.313752, 5);
    expect(studentQuantile(0.95, 30)).toBeCloseTo(1.697261, 5);
    expect(studentQuantile(0.95, 1e9)).toBe(normalQuantile(0.95));
    expect(studentCdf(-2.0, 10)).toBeCloseTo(0.036694, 6);
    expect([studentCdf(Number.POSITIVE_INFINITY, 3), studentCdf(Number.NEGATIVE_INFINITY, 3)]).toEqual([
      1, 0,
    ]);
    expect(normalCdf(1.644854)).toBeCloseTo(0.95, 6);
    expect(codeOf(() => normalQuantile(1))).toBe("usage");
  });
});

describe("shares", () => {
  test("by Wilson and by Clopper and Pearson hold the textbook's 18 of 20", () => {
    expect(wilsonBounds({ hits: 18, of: 20 }, 0.025).lower).toBeCloseTo(0.699, 3);
    expect(clopperPearsonBounds({ hits: 18, of: 20 }, 0.025).lower).toBeCloseTo(0.683, 4);
    expect(clopperPearsonBounds({ hits: 18, of: 20 }, 0.025).upper).toBeCloseTo(0.9877, 4);
  });

  test("at an end of the scale have their closed form", () => {
    expect(clopperPearsonBounds({ hits: 0, of: 40 }, 0.05)).toEqual({
      lower: 0,
      upper: expect.closeTo(1 - 0.05 ** (1 / 40), 9),
    });
    expect(wilsonBounds({ hits: 40, of: 40 }, 0.05).upper).toBe(1);
  });

  test("by Clopper and Pearson leave out what is rarer than alpha, and Wilson lies within", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), (of, pick) => {
        const hits = pick % (of + 1);
        const { lower, upper } = clopperPearsonBounds({ hits, of }, 0.05);
        if (hits > 0) expect(binomialTail(hits, of, lower)).toBeCloseTo(0.05, 6);
        if (hits < of) expect(1 - binomialTail(hits + 1, of, upper)).toBeCloseTo(0.05, 6);
        const share = hits / of;
        expect(lower).toBeLessThanOrEqual(share);
        expect(upper).toBeGreaterThanOrEqual(share);
      }),
    );
  });

  test("refuse counts that cannot be", () => {
    expect(codeOf(() => wilsonBounds({ hits: 3, of: 2 }, 0.05))).toBe("usage");
    expect(codeOf(() => clopperPearsonBounds({ hits: 0, of: 0 }, 0.05))).toBe("usage");
  });
});

describe("sampleSize", () => {
  test.each([
    [0.05, 0.02, 773],
    [0.1, 0.02, 1546],
    [0.2, 0.02, 3092],
    [0.05, 0.03, 344],
    [0.1, 0.03, 687],
    [0.2, 0.03, 1374],
    [0.05, 0.05, 124],
    [0.1, 0.05, 248],
    [0.2, 0.05, 495],
    [0.15 ** 2, 0.02, 348],
    [0.15 ** 2, 0.03, 155],
    [0.15 ** 2, 0.05, 56],
    [0.25 ** 2, 0.02, 967],
    [0.25 ** 2, 0.03, 430],
    [0.25 ** 2, 0.05, 155],
  ])("needs, for a variance of %d and a margin of %d, %d cases", (variance, margin, cases) => {
    // The table was rounded to the nearest; a size is rounded up.
    expect([cases, cases + 1]).toContain(sampleSize({ variance, margin }));
  });

  test("gives Miller's 969 questions for a two-sided three points, and 3,876 with one sample of each", () => {
    const between = 1 / 9;
    expect(sampleSize({ variance: between, margin: 0.03, alpha: 0.025 })).toBe(969);
    const variance = differenceVariance({ betweenCases: between, withinCases: 1 / 3, repeats: 1 });
    expect(sampleSize({ variance, margin: 0.03, alpha: 0.025 })).toBe(3876);
    const tenfold = differenceVariance({ betweenCases: between, withinCases: 1 / 3, repeats: 10 });
    expect(sampleSize({ variance: tenfold, margin: 0.03, alpha: 0.025 })).toBe(1260);
  });

  test("grows with clusters, shrinks with a true gain, and has no answer on the margin", () => {
    const plain = { variance: 0.1, margin: 0.03 };
    expect(sampleSize({ ...plain, designEffect: designEffect(3, 0.5) })).toBe(1374);
    expect(sampleSize({ ...plain, change: 0.03 })).toBe(172);
    expect(sampleSize({ ...plain, change: -0.03 })).toBeNull();
    expect(codeOf(() => sampleSize({ variance: 0.1, margin: 0 }))).toBe("usage");
    expect(codeOf(() => differenceVariance({ betweenCases: -1, withinCases: 0, repeats: 1 }))).toBe("usage");
  });
});

describe("adjusted p-values", () => {
  test("hold a worked example", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
  });

  test("keep their order, are no smaller than before, and Holm's are no smaller than the others'", () => {
    fc.assert(
      fc.property(pValues, (given) => {
        const [strict, lenient] = [holm(given), benjaminiHochberg(given)];
        given.forEach((p, at) => {
          expect(lenient[at]).toBeGreaterThanOrEqual(p - 1e-12);
          expect(strict[at]).toBeGreaterThanOrEqual((lenient[at] ?? 0) - 1e-12);
          expect(strict[at]).toBeLessThanOrEqual(1);
          given.forEach((other, beside) => {
            if (p < other) expect(strict[at]).toBeLessThanOrEqual(strict[beside] ?? 0);
          });
        });
      }),
    );
  });

  test("are as they came for one test, and none for none", () => {
    expect([holm([0.2]), benjaminiHochberg([0.2]), holm([])]).toEqual([[0.2], [0.2], []]);
  });
});

describe("roganGladen", () => {
  const judge = { truePositives: { hits: 90, of: 100 }, trueNegatives: { hits: 80, of: 100 } };

  test("undoes what a judge with known errors does to a rate", () => {
    // A true rate of ½ is judged 0.5 · 0.9 + 0.5 · 0.2.
    expect(roganGladen({ passed: { hits: 550, of: 1000 }, ...judge })?.rate).toBeCloseTo(0.5, 12);
  });

  test("stays within the scale, and is silent about a judge that is no better than a coin", () => {
    expect(roganGladen({ passed: { hits: 99, of: 100 }, ...judge })?.rate).toBe(1);
    const coin = { truePositives: { hits: 5, of: 10 }, trueNegatives: { hits: 5, of: 10 } };
    expect(roganGladen({ passed: { hits: 5, of: 10 }, ...coin })).toBeNull();
  });

  test("holds the truth about as often as it says", () => {
    const random = seededDraws(5);
    const count = (of: number, p: number): { hits: number; of: number } => {
      let hits = 0;
      for (let at = 0; at < of; at += 1) if (random.next() < p) hits += 1;
      return { hits, of };
    };
    let held = 0;
    for (let turn = 0; turn < 1000; turn += 1) {
      const estimate = roganGladen({
        passed: count(300, 0.8 * 0.85 + 0.2 * 0.2),
        truePositives: count(60, 0.85),
        trueNegatives: count(40, 0.8),
        alpha: 0.05,
      });
      if (estimate !== null && estimate.lower <= 0.8 && estimate.upper >= 0.8) held += 1;
    }
    expect(held / 1000).toBeGreaterThan(0.87);
    expect(held / 1000).toBeLessThan(0.96);
  });
});

describe("poweredRate", () => {
  test("is the labels' mean alone where the judge says nothing, or nothing else was judged", () => {
    const labels = [1, 0, 1, 1];
    const silent = poweredRate({ labels, judged: [0.5, 0.5, 0.5, 0.5], unlabelled: [0.5, 0.5, 0.5] });
    expect([silent.rate, silent.weight]).toEqual([0.75, 0]);
    expect(poweredRate({ labels, judged: labels, unlabelled: [] }).rate).toBe(0.75);
  });

  test("finds the rate with a biased judge, and more narrowly than labels alone", () => {
    const random = seededDraws(9);
    const draw = (): readonly [number, number] => {
      const label = random.next() < 0.7 ? 1 : 0;
      return [label, random.next() < 0.9 ? label : 1];
    };
    let [sum, width, plain] = [0, 0, 0];
    for (let turn = 0; turn < 400; turn += 1) {
      const labelled = Array.from({ length: 200 }, draw);
      const labels = labelled.map(([label]) => label);
      const unlabelled = Array.from({ length: 600 }, () => draw()[1]);
      const judged = labelled.map(([, score]) => score);
      const powered = poweredRate({ labels, judged, unlabelled });
      const alone = poweredRate({ labels, judged, unlabelled: [] });
      sum += powered.rate;
      width += powered.upper - powered.lower;
      plain += alone.upper - alone.lower;
    }
    expect(sum / 400).toBeCloseTo(0.7, 2);
    expect(width).toBeLessThan(0.8 * plain);
  });

  test("refuses labels without scores", () => {
    expect(codeOf(() => poweredRate({ labels: [1, 0], judged: [1], unlabelled: [] }))).toBe("usage");
  });
});

describe("quantiles", () => {
  test("lie between order statistics, and their bounds beside them", () => {
    const values = Array.from({ length: 101 }, (_, at) => at);
    expect(quantileOf(values, 0.5)).toBe(50);
    expect(quantileOf([1, 2], 0.25)).toBe(1.25);
    const { lower, upper } = quantileBounds(values, { p: 0.5, alpha: 0.05, independent: 101 });
    expect([lower, upper]).toEqual([41, 59]);
  });

  test("have no upper bound where no value is that far out", () => {
    const values = Array.from({ length: 20 }, (_, at) => at);
    const { upper } = quantileBounds(values, { p: 0.95, alpha: 0.05, independent: 20 });
    expect(upper).toBe(Number.POSITIVE_INFINITY);
  });
});
