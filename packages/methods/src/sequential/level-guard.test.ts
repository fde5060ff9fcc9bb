/** Tests of the guard of one arm, once and standing, and of the frozen quantile that it may hold. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { rejects } from "./e-value.ts";
import { freezeQuantile } from "./frozen-quantile.ts";
import { addBadness, type LevelGuard, startLevelGuard } from "./level-guard.ts";
import { refusal } from "./refused.fixture.ts";

const history = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 80 });
const kind = fc.record({ level: fc.double({ min: 0.01, max: 0.95, noNaN: true }), standing: fc.boolean() });

function after(badness: readonly number[], guard: LevelGuard): LevelGuard {
  return badness.reduce(addBadness, guard);
}

describe("a guard of a level", () => {
  test("is a fair game at the level itself; standing, each observation brings one more", () => {
    fc.assert(
      fc.property(history, kind, (past, given) => {
        const guard = after(past, startLevelGuard(given));
        const wealth = (badness: number): number => Math.exp(addBadness(guard, badness).eValue.log);
        const before = guard.observations === 0 && given.standing ? 0 : Math.exp(guard.eValue.log);
        const mean = given.level * wealth(1) + (1 - given.level) * wealth(0);
        expect(mean / (before + (given.standing ? 1 : 0))).toBeCloseTo(1, 6);
      }),
    );
  });

  test("bets on 1.25, 1.5, 2, 3 and 5 times the level", () => {
    const { eValue } = addBadness(startLevelGuard({ level: 0.1, standing: false }), 1);
    expect(Math.exp(eValue.log)).toBeCloseTo((1.25 + 1.5 + 2 + 3 + 5) / 5, 12);
  });

  test("finds more than the level, and is at peace with less", () => {
    const follow = (rate: number): LevelGuard => {
      const random = seededDraws(17);
      return after(
        Array.from({ length: 1500 }, () => (random.next() < rate ? 1 : 0)),
        startLevelGuard({ level: 0.05, standing: false }),
      );
    };
    expect(rejects(follow(0.12).eValue, 0.001)).toBe(true);
    expect(rejects(follow(0.04).eValue, 0.05)).toBe(false);
  });

  test("shows that a mean lies above a level near 1, also where it is not perfect", () => {
    const random = seededDraws(41);
    let guard = startLevelGuard({ level: 0.99, standing: false });
    while (!rejects(guard.eValue, 0.025) && guard.observations < 10_000) {
      guard = addBadness(guard, random.next() < 0.005 ? 0 : 1);
    }
    expect(guard.observations).toBeLessThan(8_000);
    const perfect = after(Array<number>(700).fill(1), startLevelGuard({ level: 0.99, standing: false }));
    expect(rejects(perfect.eValue, 0.025)).toBe(true);
  });

  test("standing, finds a late change as fast as an early one", () => {
    const until = (healthy: number): number => {
      let guard = after(Array<number>(healthy).fill(0), startLevelGuard({ level: 0.05, standing: true }));
      while (!rejects(guard.eValue, 1e-4)) guard = addBadness(guard, guard.observations % 4 === 0 ? 1 : 0);
      return guard.observations - healthy;
    };
    expect(until(40_000)).toBeLessThanOrEqual(until(40) + 4);
    const forgetful = after(Array<number>(40_000).fill(0), startLevelGuard({ level: 0.05, standing: false }));
    expect(rejects(after(Array<number>(200).fill(1), forgetful).eValue, 1e-4)).toBe(false);
  });

  test("standing, runs at least as long as tolerated in the mean at the level itself", () => {
    const random = seededDraws(23);
    let observations = 0;
    const streams = 300;
    for (let stream = 0; stream < streams; stream += 1) {
      let guard = startLevelGuard({ level: 0.1, standing: true });
      while (!rejects(guard.eValue, 1 / 500)) guard = addBadness(guard, random.next() < 0.1 ? 1 : 0);
      observations += guard.observations;
    }
    expect(observations / streams).toBeGreaterThan(500);
    expect(observations / streams).toBeLessThan(1500);
  });

  test("goes on with the same numbers after it was written down and read, also after an alarm unheard", () => {
    const loud = after(Array<number>(3000).fill(1), startLevelGuard({ level: 0.05, standing: true }));
    expect(Number.isFinite(loud.bankroll)).toBe(true);
    fc.assert(
      fc.property(history, history, kind, (before, later, given) => {
        const guard = after(before, startLevelGuard(given));
        const restored = JSON.parse(JSON.stringify(guard)) as LevelGuard;
        expect(after(later, restored)).toEqual(after(later, guard));
      }),
    );
  });

  test("refuses a level that is none, and a badness outside of [0, 1]", () => {
    expect(refusal(() => startLevelGuard({ level: 0, standing: false }))).toBe("usage");
    expect(refusal(() => startLevelGuard({ level: 1, standing: true }))).toBe("usage");
    expect(refusal(() => addBadness(startLevelGuard({ level: 0.1, standing: true }), 1.1))).toBe("usage");
  });
});

describe("freezeQuantile", () => {
  test("is the k-th smallest value, and bounds what exceeds it", () => {
    const values = Array.from({ length: 200 }, (_, at) => ((at * 37) % 200) + 1);
    const { threshold, exceedance } = freezeQuantile(values, { quantile: 0.95, alpha: 0.01 });
    expect(threshold).toBe(190);
    expect(exceedance).toBeGreaterThan(0.05);
    expect(exceedance).toBeLessThan(0.11);
  });

  test("bounds it in all but alpha of samples", () => {
    const random = seededDraws(31);
    let exceeded = 0;
    for (let sample = 0; sample < 2000; sample += 1) {
      // Of even values in [0, 1] the share above a threshold is one less the threshold.
      const values = Array.from({ length: 300 }, () => random.next());
      const { threshold, exceedance } = freezeQuantile(values, { quantile: 0.9, alpha: 0.05 });
      if (1 - threshold > exceedance) exceeded += 1;
    }
    expect(exceeded / 2000).toBeGreaterThan(0.03);
    expect(exceeded / 2000).toBeLessThan(0.065);
  });

  test("refuses too few values, and what is no number", () => {
    const values = Array.from({ length: 19 }, (_, at) => at);
    expect(refusal(() => freezeQuantile(values, { quantile: 0.95, alpha: 0.05 }))).toBe("usage");
    expect(refusal(() => freezeQuantile([], { quantile: 0.5, alpha: 0.05 }))).toBe("usage");
    expect(refusal(() => freezeQuantile([1, Number.NaN, 3], { quantile: 0.5, alpha: 0.05 }))).toBe("usage");
    expect(refusal(() => freezeQuantile([1, 2, 3], { quantile: 1, alpha: 0.05 }))).toBe("usage");
  });
});
