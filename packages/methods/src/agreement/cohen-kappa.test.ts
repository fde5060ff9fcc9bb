/** Tests of kappa: values known by hand, an interval that keeps its promise, and what must hold of any table. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { type AgreementTable, cohenKappa } from "./cohen-kappa.ts";

function table(...counts: readonly [number, number, number, number]): AgreementTable {
  const [bothYes, onlyFirst, onlySecond, bothNo] = counts;
  return { bothYes, onlyFirst, onlySecond, bothNo };
}

describe("Cohen's kappa", () => {
  test.each([
    [table(20, 5, 10, 15), 0.4],
    [table(45, 15, 25, 15), 0.1304],
    [table(25, 35, 5, 35), 0.2593],
    [table(10, 0, 0, 10), 1],
    [table(0, 10, 10, 0), -1],
    [table(9, 9, 9, 9), 0],
  ])("of %j is %d", (given, kappa) => {
    expect(cohenKappa(given)?.kappa).toBeCloseTo(kappa, 4);
  });

  test("has no value where both said the same of everything, or of nothing", () => {
    expect(cohenKappa(table(9, 0, 0, 0))).toBeNull();
    expect(cohenKappa(table(0, 0, 0, 9))).toBeNull();
    expect(cohenKappa(table(0, 0, 0, 0))).toBeNull();
  });

  test("is refused counts that cannot be", () => {
    let thrown: unknown;
    try {
      cohenKappa(table(-1, 2, 3, 4));
    } catch (error) {
      thrown = error;
    }
    expect(errorCodeOf(thrown)).toBe("usage");
  });

  test.each([
    [20, 0.2],
    [150, 0.2],
    [150, 0.5],
  ])(
    "of %d things has bounds that miss the truth on either side no more often than they say (%d)",
    (items, slip) => {
      // The second rater says the other thing in so many of all cases.
      const truth = 1 - 2 * slip;
      const draws = seededDraws(11);
      let below = 0;
      let above = 0;
      for (let study = 0; study < 4_000; study += 1) {
        const counts: [number, number, number, number] = [0, 0, 0, 0];
        for (let item = 0; item < items; item += 1) {
          const place = draws.below(2) * 2 + Number(draws.next() < slip);
          counts[place] = (counts[place] ?? 0) + 1;
        }
        const [yes, missed, no, found] = counts;
        const { lower, upper } = cohenKappa(table(yes, missed, found, no), 0.05) ?? { lower: -1, upper: 1 };
        if (upper < truth) below += 1;
        if (lower > truth) above += 1;
      }
      for (const misses of [below, above]) {
        expect(misses / 4_000).toBeGreaterThan(0.03);
        expect(misses / 4_000).toBeLessThan(0.065);
      }
    },
  );

  test("does not take raters who agreed on a few things for perfect", () => {
    expect(cohenKappa(table(4, 0, 0, 4))).toMatchObject({ kappa: 1, upper: 1 });
    expect(cohenKappa(table(4, 0, 0, 4))?.lower).toBeLessThan(0.6);
  });

  test("does not depend on who is first or what is called yes, lies within its bounds, and they within -1 and 1", () => {
    const count = fc.nat(200);
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 200 }), (...[a, b, c, d]) => {
        const found = cohenKappa(table(a, b, c, d));
        const turned = cohenKappa(table(d, c, b, a));
        const swapped = cohenKappa(table(a, c, b, d));
        expect(turned === null).toBe(found === null);
        if (found === null || turned === null || swapped === null) return;
        expect(turned.kappa).toBeCloseTo(found.kappa, 9);
        expect(swapped.lower).toBeCloseTo(found.lower, 9);
        expect(found.lower).toBeLessThanOrEqual(found.kappa);
        expect(found.upper).toBeGreaterThanOrEqual(found.kappa);
        expect(found.lower).toBeGreaterThanOrEqual(-1);
        expect(found.upper).toBeLessThanOrEqual(1);
      }),
    );
  });
});
