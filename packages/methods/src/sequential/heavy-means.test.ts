/** Tests of moments and of what they say of two arms with long tails. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { type ArmMoments, asymptoticReach, compareMeans, compareRatio } from "./heavy-means.ts";
import {
  addToMoments,
  type Moments,
  meanVariance,
  mergeMoments,
  NO_VALUES,
  skewnessWithin,
} from "./moments.ts";
import { refusal } from "./refused.fixture.ts";

const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 50 });

function momentsOf(given: readonly number[]): Moments {
  return given.reduce(addToMoments, NO_VALUES);
}

/** Lognormal values, seeded. */
function longTail(count: number, seed: number, times = 1): readonly number[] {
  const random = seededDraws(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Array.from({ length: count }, () => times * Math.exp(0.7 * normal()));
}

function expectClose(one: Moments, other: Moments): void {
  expect(one.count).toBe(other.count);
  expect(one.mean).toBeCloseTo(other.mean, 8);
  expect(one.squares).toBeCloseTo(other.squares, 5);
  expect(one.cubes).toBeCloseTo(other.cubes, 2);
}

describe("moments", () => {
  test("are those of the definition", () => {
    fc.assert(
      fc.property(values, (given) => {
        const mean = given.reduce((sum, value) => sum + value, 0) / given.length;
        const power = (of: number): number => given.reduce((sum, value) => sum + (value - mean) ** of, 0);
        expectClose(momentsOf(given), { count: given.length, mean, squares: power(2), cubes: power(3) });
      }),
    );
  });

  test("are the same in whatever parts and order they are merged", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const whole = momentsOf([...one, ...other]);
        expectClose(mergeMoments(momentsOf(one), momentsOf(other)), whole);
        expectClose(mergeMoments(momentsOf(other), momentsOf(one)), whole);
        expect(mergeMoments(NO_VALUES, NO_VALUES)).toEqual(NO_VALUES);
      }),
    );
  });

  test("say nothing of the error of a single value, and refuse what is no number", () => {
    expect(meanVariance(momentsOf([4]))).toBeNull();
    expect(meanVariance(momentsOf([1, 2, 3]))).toBeCloseTo(1 / 3, 12);
    expect(skewnessWithin([momentsOf([2, 2])])).toBe(0);
    expect(skewnessWithin([momentsOf([0, 0, 0, 1])])).toBeCloseTo(2 / Math.sqrt(3), 9);
    expect(refusal(() => addToMoments(NO_VALUES, Number.NaN))).toBe("usage");
  });
});

describe("asymptoticReach", () => {
  test("is ever left by a walk in at most alpha of streams, and not in far fewer", () => {
    const random = seededDraws(2);
    const limits = Array.from({ length: 2000 }, (_, at) =>
      asymptoticReach(at + 1, { alpha: 0.05, tightestAt: 250 }),
    );
    let left = 0;
    const streams = 2000;
    for (let stream = 0; stream < streams; stream += 1) {
      let place = 0;
      for (let step = 1; step <= 2000; step += 1) {
        // Twelve even draws are normal enough, and their sums more so.
        let draw = -6;
        for (let part = 0; part < 12; part += 1) draw += random.next();
        place += draw;
        if (place <= (limits[step - 1] ?? 0) * Math.sqrt(step)) continue;
        left += 1;
        break;
      }
    }
    expect(left / streams).toBeLessThanOrEqual(0.05);
    expect(left / streams).toBeGreaterThan(0.015);
  });

  test("is tighter about where it was asked to be", () => {
    const early = (weight: number): number => asymptoticReach(weight, { alpha: 0.01, tightestAt: 100 });
    const late = (weight: number): number => asymptoticReach(weight, { alpha: 0.01, tightestAt: 10_000 });
    expect(early(100)).toBeLessThan(late(100));
    expect(late(10_000)).toBeLessThan(early(10_000));
    expect(refusal(() => asymptoticReach(10, { alpha: 0.5, tightestAt: 100 }))).toBe("usage");
  });
});

describe("compareMeans", () => {
  const step: ArmMoments = {
    challenger: momentsOf(longTail(400, 1, 1.5)),
    control: momentsOf(longTail(900, 2)),
  };

  test("is the difference of means, with bounds about it", () => {
    const { value, lower, upper, challenger, control } =
      compareMeans([step], { alpha: 0.05 }) ?? expect.fail();
    expect(value).toBeCloseTo(step.challenger.mean - step.control.mean, 12);
    expect(lower).toBeLessThan(value);
    expect(upper).toBeGreaterThan(value);
    expect([challenger, control]).toEqual([400, 900]);
  });

  test("keeps further from a long tail's side", () => {
    const { value, lower, upper } = compareMeans([step], { alpha: 0.05 }) ?? expect.fail();
    expect((upper ?? 0) - value).toBeGreaterThan(1.05 * (value - (lower ?? 0)));
  });

  test("does not take what drifts from step to step for a difference", () => {
    const raised = (moments: Moments, by: number): Moments => ({ ...moments, mean: moments.mean + by });
    // A ramp: few challengers while the level is low, many while it is high.
    const early = { challenger: momentsOf(longTail(50, 3)), control: momentsOf(longTail(950, 4)) };
    const late = { challenger: momentsOf(longTail(500, 5)), control: momentsOf(longTail(500, 6)) };
    const moved = { challenger: raised(late.challenger, 9), control: raised(late.control, 9) };
    const still = compareMeans([early, late], { alpha: 0.01 }) ?? expect.fail();
    const drifting = compareMeans([early, moved], { alpha: 0.01 }) ?? expect.fail();
    expect(drifting.value).toBeCloseTo(still.value, 9);
    expect(drifting.upper).toBeCloseTo(still.upper ?? 0, 9);
    const pooled = {
      challenger: mergeMoments(early.challenger, moved.challenger),
      control: mergeMoments(early.control, moved.control),
    };
    expect(compareMeans([pooled], { alpha: 0.01 })?.lower).toBeGreaterThan(1);
  });

  test("says nothing before each arm has the minimum, nor of steps without both arms", () => {
    expect(compareMeans([step], { alpha: 0.05, minimum: 401 })).toBeNull();
    expect(compareMeans([], { alpha: 0.05 })).toBeNull();
    const apart = [
      { challenger: step.challenger, control: NO_VALUES },
      { challenger: NO_VALUES, control: step.control },
    ];
    expect(compareMeans(apart, { alpha: 0.05 })).toBeNull();
  });

  test.each([{ alpha: 0.5 }, { alpha: 0 }, { alpha: 0.05, minimum: 0 }, { alpha: 0.05, tightestAt: -1 }])(
    "refuses %j",
    (question) => {
      expect(refusal(() => compareMeans([step], question))).toBe("usage");
    },
  );
});

describe("compareRatio", () => {
  const step: ArmMoments = {
    challenger: momentsOf(longTail(1500, 7, 1.8)),
    control: momentsOf(longTail(1500, 8)),
  };

  test("is the ratio of the means, and does not depend on the currency", () => {
    const cents = (moments: Moments): Moments => ({
      count: moments.count,
      mean: 100 * moments.mean,
      squares: 1e4 * moments.squares,
      cubes: 1e6 * moments.cubes,
    });
    const plain = compareRatio([step], { alpha: 0.01 }) ?? expect.fail();
    expect(plain.value).toBeCloseTo(step.challenger.mean / step.control.mean, 12);
    expect(plain.lower).toBeGreaterThan(1.5);
    expect(plain.upper).toBeLessThan(2.2);
    const other = compareRatio([{ challenger: cents(step.challenger), control: cents(step.control) }], {
      alpha: 0.01,
    });
    expect(other?.lower).toBeCloseTo(plain.lower ?? 0, 9);
    expect(other?.upper).toBeCloseTo(plain.upper ?? 0, 9);
  });

  test("turns over with the arms", () => {
    const there = compareRatio([step], { alpha: 0.01 }) ?? expect.fail();
    const back = compareRatio([{ challenger: step.control, control: step.challenger }], { alpha: 0.01 });
    expect(back?.value).toBeCloseTo(1 / there.value, 12);
    expect(back?.upper).toBeCloseTo(1 / (there.lower ?? 0), 2);
    expect(back?.lower).toBeCloseTo(1 / (there.upper ?? 0), 2);
  });

  test("has no bounds where the control's mean may be 0, and says nothing where it is", () => {
    const random = seededDraws(9);
    const about = (mean: number): Moments =>
      momentsOf(Array.from({ length: 200 }, () => mean + random.next() - 0.5));
    const near = compareRatio([{ challenger: about(1), control: about(0.03) }], { alpha: 0.01 });
    expect(near).toMatchObject({ lower: null, upper: null, challenger: 200, control: 200 });
    const nothing = momentsOf(Array<number>(200).fill(0));
    expect(compareRatio([{ challenger: about(1), control: nothing }], { alpha: 0.01 })).toBeNull();
  });
});
