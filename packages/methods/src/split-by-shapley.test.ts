/** Tests of the Shapley split: its axioms, and cases that can be counted by hand. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitByShapley } from "./split-by-shapley.ts";

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** A game: a value for every coalition of up to eight players. */
const game = fc
  .integer({ min: 1, max: 8 })
  .chain((players) => fc.array(number, { minLength: 2 ** players, maxLength: 2 ** players }))
  .map((values) => ({
    players: Math.log2(values.length),
    worth: (mask: number) => values[mask] ?? 0,
    size: Math.max(1, ...values.map(Math.abs)),
  }));

const swapped = (mask: number): number => (mask & ~3) | ((mask & 1) << 1) | ((mask & 2) >> 1);

describe("splitByShapley", () => {
  test("splits a product of two factors by the mean of both orders", () => {
    const [before, after] = [
      [2, 3],
      [5, 7],
    ];
    const at = (mask: number, factor: number): number =>
      ((mask & (1 << factor)) === 0 ? before[factor] : after[factor]) ?? 0;
    const parts = splitByShapley(2, (mask) => at(mask, 0) * at(mask, 1));
    expect([...parts]).toEqual([3 * ((3 + 7) / 2), 4 * ((2 + 5) / 2)]);
  });

  test("gives the owner of the left glove two thirds of the pair's worth, and each right one a sixth", () => {
    const parts = splitByShapley(3, (mask) => ((mask & 1) !== 0 && (mask & 6) !== 0 ? 1 : 0));
    expect(parts[0]).toBeCloseTo(2 / 3, 12);
    expect(parts[1]).toBeCloseTo(1 / 6, 12);
    expect(parts[2]).toBeCloseTo(1 / 6, 12);
  });

  test("has parts that add up to the whole change", () => {
    fc.assert(
      fc.property(game, ({ players, worth, size }) => {
        const sum = splitByShapley(players, worth).reduce((all, part) => all + part, 0);
        expect(Math.abs(sum - (worth(2 ** players - 1) - worth(0)))).toBeLessThan(1e-9 * size);
      }),
    );
  });

  test("gives nothing to a factor that changes nothing", () => {
    fc.assert(
      fc.property(game, fc.nat(), ({ players, worth }, pick) => {
        const idle = 1 << (pick % players);
        expect(splitByShapley(players, (mask) => worth(mask & ~idle))[pick % players]).toBe(0);
      }),
    );
  });

  test("gives the same to factors that do the same", () => {
    fc.assert(
      fc.property(game, ({ players, worth, size }) => {
        fc.pre(players >= 2);
        const [first = 0, second = 0] = splitByShapley(players, (mask) => worth(mask) + worth(swapped(mask)));
        expect(Math.abs(first - second)).toBeLessThan(1e-9 * size);
      }),
    );
  });

  test("splits a sum of changes into the sum of their splits", () => {
    fc.assert(
      fc.property(game, number, ({ players, worth, size }, factor) => {
        const other = (mask: number): number => factor * (mask % 3);
        const both = splitByShapley(players, (mask) => worth(mask) + other(mask));
        const [one, two] = [splitByShapley(players, worth), splitByShapley(players, other)];
        const scale = size + Math.abs(factor) * 2;
        both.forEach((part, at) => {
          expect(Math.abs(part - (one[at] ?? 0) - (two[at] ?? 0))).toBeLessThan(1e-9 * scale);
        });
      }),
    );
  });

  test("asks for each coalition once, and for nothing when nobody takes part", () => {
    const asked: number[] = [];
    splitByShapley(3, (mask) => asked.push(mask));
    expect(asked.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...splitByShapley(0, () => 1)]).toEqual([]);
  });

  test.each([-1, 1.5, 17, Number.NaN])("refuses %d factors", (factors) => {
    let thrown: unknown;
    try {
      splitByShapley(factors, () => 0);
    } catch (error) {
      thrown = error;
    }
    expect(errorCodeOf(thrown)).toBe("usage");
  });
});
