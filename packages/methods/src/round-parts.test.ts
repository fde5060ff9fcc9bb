/** Tests of rounding: printed parts add up to the printed total. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundParts } from "./round-parts.ts";

const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);

describe("roundParts", () => {
  test("gives what is left to the largest remainders", () => {
    expect(roundParts([1.5, 1.3, 1.2], 4)).toEqual([2, 1, 1]);
    expect(roundParts([33.4, 33.3, 33.3], 100)).toEqual([34, 33, 33]);
  });

  test("takes amounts of either sign, and knows no minus zero", () => {
    expect(roundParts([-1.5, 4.2, -0.2], 3)).toEqual([-1, 4, 0]);
    expect(Object.is(roundParts([-0.2], 0)[0], 0)).toBe(true);
  });

  test("has nothing to round without parts", () => {
    expect(roundParts([], 0)).toEqual([]);
  });

  test("takes away from the smallest remainders where the total is below all of them", () => {
    expect(roundParts([2, 1.1, 1], 3)).toEqual([2, 1, 0]);
  });

  test("goes round at once to a total that is far away", () => {
    expect(roundParts([1.5, 1.2], 2 ** 52 + 1)).toEqual([2 ** 51 + 1, 2 ** 51]);
    expect(roundParts([1.5, 1.2], -(2 ** 52) - 1)).toEqual([-(2 ** 51), -(2 ** 51) - 1]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, which is no amount", (part) => {
    expect(() => roundParts([1, part], 2)).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => roundParts([1, 2], part)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("adds up to the total, with every part beside where it was", () => {
    const parts = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, (given) => {
        const total = Math.round(sumOf(given));
        const rounded = roundParts(given, total);
        expect(sumOf(rounded)).toBe(total + 0);
        rounded.forEach((part, at) => {
          expect(Math.abs(part - (given[at] ?? 0))).toBeLessThan(1 + 1e-6);
        });
      }),
    );
  });
});
