/** Tests of both fronts and their gaps: the reference arms, and what must hold of any arms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectiveFront, effectiveGaps } from "./effective-front.ts";
import { maximiseLinear } from "./maximise-linear.ts";
import { type ArmValues, dominates, paretoFront, paretoGaps } from "./pareto-front.ts";

const REFERENCE: readonly ArmValues[] = [
  [0.55, 0.5],
  [0.53, 0.51],
  [0.52, 0.54],
  [0.5, 0.57],
  [0.51, 0.51],
  [0.5, 0.5],
  ...Array.from({ length: 14 }, () => [0.48, 0.48]),
];

const share = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
const armsOf = (objectives: number): fc.Arbitrary<readonly ArmValues[]> =>
  fc.array(fc.array(share, { minLength: objectives, maxLength: objectives }), { minLength: 1, maxLength: 9 });
const arms = fc.integer({ min: 1, max: 4 }).chain(armsOf);
const weighed = (arm: ArmValues, weights: readonly number[]): number =>
  arm.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);

describe("the fronts", () => {
  test("of the reference arms are four arms, two of which no mixture beats", () => {
    expect(paretoFront(REFERENCE)).toEqual([0, 1, 2, 3]);
    expect(effectiveFront(REFERENCE)).toEqual([0, 3]);
  });

  test("have an arm whose dent is filled by a mixture on the one and not on the other", () => {
    const dented = [
      [0, 1],
      [0.49, 0.49],
      [1, 0],
    ];
    expect(paretoFront(dented)).toEqual([0, 1, 2]);
    expect(effectiveFront(dented)).toEqual([0, 2]);
    const bulging = dented.map((arm, at) => (at === 1 ? [0.51, 0.51] : arm));
    expect(effectiveFront(bulging)).toEqual([0, 1, 2]);
  });

  test("keep arms that are alike, and arms that lie on the line between two others", () => {
    const line = [
      [0, 1],
      [0.5, 0.5],
      [0.5, 0.5],
      [1, 0],
    ];
    expect(effectiveFront(line)).toEqual([0, 1, 2, 3]);
  });

  test("leave out an arm that is matched in one objective and beaten in the other", () => {
    const matched = [
      [1, 0.4],
      [1, 0.5],
    ];
    expect(paretoFront(matched)).toEqual([1]);
    expect(effectiveFront(matched)).toEqual([1]);
    expect(effectiveFront([])).toEqual([]);
  });

  test("lie one within the other, and the larger has an arm as good for every arm outside", () => {
    fc.assert(
      fc.property(arms, (given) => {
        const front = paretoFront(given);
        const effective = effectiveFront(given);
        expect(effective.length).toBeGreaterThan(0);
        expect(effective.filter((at) => !front.includes(at))).toEqual([]);
        given.forEach((arm, at) => {
          const beaten = front.some((other) => dominates(given[other] ?? [], arm));
          expect(beaten).toBe(!front.includes(at));
        });
      }),
    );
  });

  test("have the best arm for any weights that are all positive", () => {
    fc.assert(
      fc.property(
        arms,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 4, maxLength: 4 }),
        (given, weights) => {
          const worths = given.map((arm) => weighed(arm, weights));
          const effective = effectiveFront(given);
          const most = Math.max(...worths);
          expect(Math.max(...effective.map((at) => worths[at] ?? 0))).toBeCloseTo(most, 9);
          worths.forEach((worth, at) => {
            if (worth >= most - 1e-12) expect(effective).toContain(at);
          });
        },
      ),
    );
  });
});

describe("the gaps", () => {
  test("of the reference arms are those worked out by hand", () => {
    const pareto = [0, 0, 0, 0, 0.01, 0.02, 0.04];
    paretoGaps(REFERENCE)
      .slice(0, 7)
      .forEach((gap, at) => {
        expect(gap).toBeCloseTo(pareto[at] ?? 0, 12);
      });
    // Arm 1 against three parts of arm 0 and one of arm 3: 0.0075 in both objectives.
    const effective = [0, 0.0075, 0.01 / 12, 0, 0.23 / 12, 0.35 / 12, 0.59 / 12];
    effectiveGaps(REFERENCE)
      .slice(0, 7)
      .forEach((gap, at) => {
        expect(gap).toBeCloseTo(effective[at] ?? 0, 12);
      });
  });

  test("are 0 on their front, and a mixture's is no smaller than one arm's", () => {
    fc.assert(
      fc.property(arms, (given) => {
        const [pareto, effective] = [paretoGaps(given), effectiveGaps(given)];
        for (const at of paretoFront(given)) expect(pareto[at]).toBe(0);
        for (const at of effectiveFront(given)) expect(effective[at]).toBe(0);
        pareto.forEach((gap, at) => {
          expect(effective[at]).toBeGreaterThanOrEqual(gap - 1e-9);
        });
      }),
    );
  });

  test("of mixtures are what the least favourable weights show", () => {
    fc.assert(
      fc.property(armsOf(2), (given) => {
        const gaps = effectiveGaps(given);
        given.forEach((arm, at) => {
          let least = Number.POSITIVE_INFINITY;
          for (let step = 0; step <= 2000; step += 1) {
            const weights = [step / 2000, 1 - step / 2000];
            const most = Math.max(...given.map((other) => weighed(other, weights)));
            least = Math.min(least, most - weighed(arm, weights));
          }
          expect(gaps[at]).toBeGreaterThanOrEqual(-1e-9);
          expect(Math.abs(least - (gaps[at] ?? 0))).toBeLessThan(1e-3);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe("maximiseLinear", () => {
  test("solves a textbook programme", () => {
    // 3x + 5y with x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18: x = 2, y = 6.
    const rows = [
      [1, 0],
      [0, 2],
      [3, 2],
    ];
    expect(maximiseLinear({ gain: [3, 5], rows, limits: [4, 12, 18] })).toBeCloseTo(36, 12);
  });

  test("ends where rows tie and other rules go round in circles", () => {
    // E. Beale's programme, 1955.
    const rows = [
      [0.25, -60, -1 / 25, 9],
      [0.5, -90, -1 / 50, 3],
      [0, 0, 1, 0],
    ];
    expect(maximiseLinear({ gain: [0.75, -150, 0.02, -6], rows, limits: [0, 0, 1] })).toBeCloseTo(0.05, 12);
  });

  test("says infinity where nothing limits the gain, and 0 where there is none", () => {
    expect(maximiseLinear({ gain: [1], rows: [[-1]], limits: [0] })).toBe(Number.POSITIVE_INFINITY);
    expect(maximiseLinear({ gain: [-1], rows: [[1]], limits: [1] })).toBeCloseTo(0, 12);
  });
});
