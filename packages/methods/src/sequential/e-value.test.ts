/** Tests of what an e-value decides, and of alpha split over guards. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grownBy, NO_EVIDENCE, rejects } from "./e-value.ts";
import { refusal } from "./refused.fixture.ts";
import { splitAlpha } from "./split-alpha.ts";

describe("rejects", () => {
  test("says so from 1/alpha on, and not before", () => {
    expect(rejects(grownBy(NO_EVIDENCE, Math.log(100) + 1e-12), 0.01)).toBe(true);
    expect(rejects(grownBy(NO_EVIDENCE, Math.log(100) - 1e-9), 0.01)).toBe(false);
    expect(rejects(NO_EVIDENCE, 0.99)).toBe(false);
  });

  test("does not take back what was once shown", () => {
    const shown = grownBy(NO_EVIDENCE, 5);
    expect(rejects(grownBy(shown, -30), 0.01)).toBe(true);
  });

  test.each([0, 1, -0.1, Number.NaN])("refuses an alpha of %d", (alpha) => {
    expect(refusal(() => rejects(NO_EVIDENCE, alpha))).toBe("usage");
  });
});

describe("splitAlpha", () => {
  test("gives each guard its part by weight", () => {
    const parts = splitAlpha(0.01, { schema: 4, refusal: 2, cost: 4 });
    expect(parts).toEqual({ schema: 0.004, refusal: 0.002, cost: 0.004 });
  });

  test("never gives away more than there is", () => {
    const weights = fc.dictionary(fc.string(), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(weights, (given) => {
        const parts = Object.values(splitAlpha(0.05, given));
        const sum = parts.reduce((so, part) => so + part, 0);
        expect(sum).toBeLessThanOrEqual(0.05 * (1 + 1e-12));
        expect(sum).toBeCloseTo(0.05, 12);
      }),
    );
  });

  test("refuses no guards, weights of nothing, and a total that is no probability", () => {
    expect(refusal(() => splitAlpha(0.01, {}))).toBe("usage");
    expect(refusal(() => splitAlpha(0.01, { schema: 0 }))).toBe("usage");
    expect(refusal(() => splitAlpha(1, { schema: 1 }))).toBe("usage");
  });
});
