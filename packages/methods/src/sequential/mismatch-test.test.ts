/** Tests of the sample-ratio mismatch, and of the gamma function beneath it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { rejects } from "./e-value.ts";
import { logGamma } from "./log-gamma.ts";
import {
  addUnits,
  type MismatchTest,
  mismatchPValue,
  nextMismatchStep,
  startMismatchTest,
} from "./mismatch-test.ts";
import { refusal } from "./refused.fixture.ts";

const counts = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500));
const SHARES = [0.05, 0.15, 0.8];

describe("logGamma", () => {
  test("is the logarithm of factorials, and of √π at a half", () => {
    let factorial = 0;
    for (let n = 1; n <= 60; n += 1) {
      expect(logGamma(n)).toBeCloseTo(factorial, 10);
      factorial += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
  });

  test("grows by ln x, also where it is huge", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e7, noNaN: true }), (x) => {
        expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 6);
      }),
    );
  });
});

describe("the sample-ratio mismatch", () => {
  test("is the product of what each unit was expected with, over its planned share", () => {
    const units = [0, 2, 2, 1, 0, 2];
    const seen = [0, 0, 0];
    let expected = 0;
    for (const [at, arm] of units.entries()) {
      expected += Math.log((10 * (SHARES[arm] ?? 0) + (seen[arm] ?? 0)) / (10 + at) / (SHARES[arm] ?? 0));
      seen[arm] = (seen[arm] ?? 0) + 1;
    }
    expect(addUnits(startMismatchTest(SHARES, 10), seen).eValue.log).toBeCloseTo(expected, 10);
  });

  test("is a fair game under the planned shares, whatever was counted", () => {
    fc.assert(
      fc.property(counts, (past) => {
        const test_ = addUnits(startMismatchTest(SHARES), past);
        const mean = SHARES.reduce((sum, share, arm) => {
          const one = SHARES.map((_, at) => (at === arm ? 1 : 0));
          return sum + share * Math.exp(addUnits(test_, one).eValue.log - test_.eValue.log);
        }, 0);
        expect(mean).toBeCloseTo(1, 6);
      }),
    );
  });

  test("depends on the counts alone, not on their order or portions", () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const start = startMismatchTest(SHARES);
        const there = addUnits(addUnits(start, one), other);
        const back = addUnits(addUnits(start, other), one);
        expect(there.eValue.log).toBe(back.eValue.log);
        expect(there.counts).toEqual(back.counts);
      }),
    );
  });

  test("goes on over the steps of a ramp, and after it was written down and read", () => {
    const first = addUnits(startMismatchTest([1, 99]), [30, 1970]);
    const second = addUnits(nextMismatchStep(first, [0.5, 0.5]), [400, 500]);
    const alone = addUnits(startMismatchTest([0.5, 0.5]), [400, 500]);
    expect(second.eValue.log).toBeCloseTo(first.eValue.log + alone.eValue.log, 12);
    const restored = JSON.parse(JSON.stringify(second)) as MismatchTest;
    expect(addUnits(restored, [3, 4])).toEqual(addUnits(second, [3, 4]));
  });

  test("finds 4.5 where 5 % were planned, and nothing where they are", () => {
    const random = seededDraws(41);
    const follow = (share: number): MismatchTest => {
      let test_ = startMismatchTest([0.05, 0.95]);
      for (let look = 0; look < 120; look += 1) {
        let ours = 0;
        for (let unit = 0; unit < 1000; unit += 1) if (random.next() < share) ours += 1;
        test_ = addUnits(test_, [ours, 1000 - ours]);
      }
      return test_;
    };
    expect(rejects(follow(0.045).eValue, 0.001)).toBe(true);
    expect(rejects(follow(0.05).eValue, 0.001)).toBe(false);
  });

  test.each([
    () => startMismatchTest([1]),
    () => startMismatchTest([0, 1]),
    () => startMismatchTest([0.5, Number.POSITIVE_INFINITY]),
    () => startMismatchTest([0.5, 0.5], 0),
    () => addUnits(startMismatchTest([0.5, 0.5]), [1]),
    () => addUnits(startMismatchTest([0.5, 0.5]), [1, -1]),
    () => addUnits(startMismatchTest([0.5, 0.5]), [1, 0.5]),
    () => nextMismatchStep(startMismatchTest([0.5, 0.5]), [0.2, 0.3, 0.5]),
  ])("refuses what cannot be", (call) => {
    expect(refusal(call)).toBe("usage");
  });
});

describe("mismatchPValue", () => {
  test("is that of χ²", () => {
    // (40 − 50)²/50 twice is 4: twice the tail beyond two deviations.
    expect(mismatchPValue([40, 60], [0.5, 0.5])).toBeCloseTo(0.0455, 4);
    // With two degrees of freedom the tail beyond χ² is e^(−χ²/2).
    const counted = mismatchPValue([30, 40, 50], [1, 1, 1]);
    expect(counted).toBeCloseTo(Math.exp(-2.5), 8);
    expect(mismatchPValue([50, 50], [0.5, 0.5])).toBeCloseTo(1, 12);
    expect(mismatchPValue([0, 0], [0.5, 0.5])).toBeNull();
  });
});
