/** Metrics come back from their bytes as they were, and totals add up as the values they stand for. */
import { SKETCH_GAMMA, sketchOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeMetrics } from "./metric-groups.ts";
import { MetricTally, type MetricTotals, mergeTotals, sketchOfTotals } from "./metric-totals.ts";
import { addPacked, packMetrics, unpackMetrics } from "./packed-metrics.ts";

const value = fc.oneof(
  fc.boolean(),
  fc.constantFrom("", "true", "12"),
  fc.integer({ min: -5, max: 100_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
);
const values = fc.array(value, { maxLength: 200 });

function totalsOf(all: readonly (number | boolean | string)[]): MetricTotals {
  const tally = new MetricTally();
  for (const one of all) tally.add(one);
  return tally.totals;
}

/** The order of adding fractions up shows in their last digits. */
function withoutSums({ sum: _, squares: __, ...totals }: MetricTotals): unknown {
  return totals;
}

describe("Packed metrics", () => {
  test("are what they were, whatever their numbers, and the same bytes in whatever order they came", () => {
    const number = fc.integer({ min: -5, max: 2 ** 31 });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, values), { maxLength: 5 }), (all) => {
        const metrics = new Map(all.map(([of, list]) => [of, totalsOf(list)]));
        const bytes = packMetrics(metrics);
        expect(unpackMetrics(bytes)).toEqual(metrics);
        expect(packMetrics(new Map([...metrics].toReversed()))).toEqual(bytes);
      }),
    );
  });

  test("added up are the bytes of what their metrics add up to", () => {
    const number = fc.integer({ min: -5, max: 4 });
    const metrics = fc.array(fc.tuple(number, fc.array(fc.integer({ min: -5, max: 100_000 }))), {
      maxLength: 5,
    });
    const packed = metrics.map((all) => packMetrics(new Map(all.map(([of, list]) => [of, totalsOf(list)]))));
    fc.assert(
      fc.property(packed, packed, (one, other) => {
        const sums = mergeMetrics(unpackMetrics(one), unpackMetrics(other));
        expect(addPacked(one, other)).toEqual(packMetrics(sums));
      }),
    );
  });

  test("hold the largest counts", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const totals = { count: most, sum: -0.1, squares: 1e308, zeros: most, bins: [-18_000, most, 17_000, 1] };
    const bytes = packMetrics(new Map([[1, totals]]));
    expect(unpackMetrics(bytes)).toEqual(new Map([[1, totals]]));
    expect(addPacked(bytes, new Uint8Array())).toEqual(bytes);
  });

  test("take some three bytes for each bin", () => {
    const latencies = Array.from({ length: 2000 }, (_, at) => 300 * SKETCH_GAMMA ** (at % 70));
    const totals = totalsOf(latencies);
    expect(totals.bins.length / 2).toBeGreaterThanOrEqual(70);
    expect(packMetrics(new Map([[-1, totals]])).length).toBeLessThan(70 * 3 + 24);
  });

  test("that end too early are refused", () => {
    const bytes = packMetrics(new Map([[-1, totalsOf([1, 2, 3])]]));
    for (let end = 1; end < bytes.length; end++) {
      expect(() => unpackMetrics(bytes.subarray(0, end)), `${end}`).toThrow(RangeError);
      expect(() => addPacked(bytes.subarray(0, end), bytes), `${end}`).toThrow(RangeError);
    }
  });
});

describe("Totals", () => {
  test("merged are those of all values, and taken away again leave the rest", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const whole = totalsOf([...one, ...other]);
        const merged = mergeTotals(totalsOf(one), totalsOf(other));
        expect(withoutSums(merged)).toEqual(withoutSums(whole));
        expect(withoutSums(mergeTotals(merged, totalsOf(one), -1))).toEqual(withoutSums(totalsOf(other)));
      }),
    );
  });

  test("add integers up exactly", () => {
    const number = fc.integer({ min: -1000, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(number), fc.array(number), (one, other) => {
        expect(mergeTotals(totalsOf(one), totalsOf(other))).toEqual(totalsOf([...one, ...other]));
      }),
    );
  });

  test("have the sketch of their numbers, and none where nothing is a number", () => {
    fc.assert(
      fc.property(values, (all) => {
        const numbers = all.filter((one) => typeof one === "number");
        expect(sketchOfTotals(totalsOf(all))).toEqual(numbers.length === 0 ? null : sketchOf(numbers));
      }),
    );
  });
});
