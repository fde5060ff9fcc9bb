/** Sketches tell quantiles within 2 % of what sorting all values would tell, and add up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeSketches, SKETCH_GAMMA, sketchBin, sketchOf, sketchQuantile } from "./metric-sketch.ts";

const value = fc.oneof(
  fc.constantFrom(0, -1, 1, 0.25, 49 / 51, 51 / 49, 1e9),
  fc.nat({ max: 100_000 }),
  fc.double({ min: -10, max: 1e12, noNaN: true }).filter((number) => Math.abs(number) > 1e-300),
);

/** The value of the nearest rank, with those of 0 and below told as 0. */
function exactQuantile(values: readonly number[], quantile: number): number {
  const sorted = values.map((one) => Math.max(0, one)).toSorted((a, b) => a - b);
  const rank = sorted.findIndex((_, at) => (at + 1) / sorted.length >= quantile);
  return sorted[rank] as number;
}

describe("A quantile", () => {
  test("is within 2 % of the value that sorting would find there", () => {
    const quantile = fc.constantFrom(0, 0.01, 0.07, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), quantile, (values, q) => {
        const exact = exactQuantile(values, q);
        const told = sketchQuantile(sketchOf(values), q) as number;
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * 0.02 * (1 + 1e-9));
      }),
      { numRuns: 500 },
    );
  });

  test("of nothing is unknown, and of zeros and negative numbers alone is 0", () => {
    expect(sketchQuantile(sketchOf([]), 0.5)).toBeNull();
    expect(sketchQuantile(sketchOf([0, -3]), 0.99)).toBe(0);
  });

  test("counts zeros and negative numbers below all others", () => {
    const sketch = sketchOf([0, 0, -1, 100]);
    expect(sketch.zeros).toBe(3);
    expect(sketchQuantile(sketch, 0.75)).toBe(0);
    expect(Math.abs((sketchQuantile(sketch, 0.76) as number) - 100)).toBeLessThanOrEqual(2);
  });
});

describe("Sketches", () => {
  test("merged are the sketch of all their values, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 30 }), { maxLength: 6 }), (parts) => {
        const whole = sketchOf(parts.flat());
        expect(mergeSketches(parts.map(sketchOf))).toEqual(whole);
        expect(mergeSketches(parts.toReversed().map(sketchOf))).toEqual(whole);
      }),
    );
    expect(mergeSketches([])).toEqual({ zeros: 0, bins: {} });
  });

  test("leave what they are merged from as it was", () => {
    const [one, other] = [sketchOf([1, 2]), sketchOf([2, 3])];
    const before = structuredClone([one, other]);
    mergeSketches([one, other]);
    expect([one, other]).toEqual(before);
  });
});

describe("A bin", () => {
  test("holds the values between its bounds, which grow by the ratio", () => {
    fc.assert(
      fc.property(value, (one) => {
        fc.pre(one > 0);
        const bin = sketchBin(one);
        expect(one).toBeLessThanOrEqual(SKETCH_GAMMA ** bin * (1 + 1e-9));
        expect(one).toBeGreaterThan(SKETCH_GAMMA ** (bin - 1) * (1 - 1e-9));
      }),
    );
    expect(sketchBin(1)).toBe(0);
  });

  test("of a value that is a bound is the one below it, whatever the last digit of its logarithm", () => {
    for (let bin = -400; bin <= 400; bin++) {
      const bound = SKETCH_GAMMA ** bin;
      expect(sketchBin(bound)).toBe(bin);
      expect(sketchBin(bound * (1 - 1e-14))).toBe(bin);
      expect(sketchBin(bound * (1 + 1e-14))).toBe(bin);
    }
  });
});
