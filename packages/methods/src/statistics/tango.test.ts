/** Tests of the paired tests of pass and fail: against the likelihood itself, exact sums, and each other. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialMass, binomialTail } from "./binomial.ts";
import { normalQuantile } from "./distributions.ts";
import { exactTangoBounds, exactTangoPValue } from "./exact-tango.ts";
import { exactMcNemar } from "./mcnemar.ts";
import { type PairCounts, tangoBounds, tangoStatistic } from "./tango.ts";

const counts = fc
  .tuple(fc.nat(8), fc.nat(8), fc.nat(40))
  .filter(([wins, losses, level]) => wins + losses + level > 1)
  .map(([wins, losses, level]) => ({ wins, losses, pairs: wins + losses + level }));
const difference = fc.integer({ min: -90, max: 90 }).map((value) => value / 100);

/** The likeliest share of losses under D, by looking everywhere. */
function likeliestLoss({ wins, losses, pairs }: PairCounts, d: number): number {
  const part = (count: number, share: number): number =>
    count === 0 ? 0 : share <= 0 ? Number.NEGATIVE_INFINITY : count * Math.log(share);
  const likelihood = (share: number): number =>
    part(wins, share + d) + part(losses, share) + part(pairs - wins - losses, 1 - 2 * share - d);
  let [low, high] = [Math.max(0, -d), (1 - d) / 2];
  for (let step = 0; step < 200; step += 1) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (likelihood(a) < likelihood(b)) low = a;
    else high = b;
  }
  return (low + high) / 2;
}

describe("tangoStatistic", () => {
  test("is the score under the likelihood that is largest for that difference", () => {
    fc.assert(
      fc.property(counts, difference, (given, d) => {
        const share = likeliestLoss(given, d);
        const variance = given.pairs * (2 * share + d * (1 - d));
        fc.pre(variance > 1e-3);
        const score = (given.wins - given.losses - given.pairs * d) / Math.sqrt(variance);
        expect(tangoStatistic(given, d)).toBeCloseTo(score, 4);
      }),
    );
  });

  test("is McNemar's without continuity correction for no difference", () => {
    expect(tangoStatistic({ wins: 9, losses: 4, pairs: 60 }, 0)).toBeCloseTo(5 / Math.sqrt(13), 12);
  });

  test("turns its sign when the sides are exchanged", () => {
    fc.assert(
      fc.property(counts, difference, ({ wins, losses, pairs }, d) => {
        const there = tangoStatistic({ wins, losses, pairs }, d);
        const back = tangoStatistic({ wins: losses, losses: wins, pairs }, -d);
        if (Number.isFinite(there)) expect(back).toBeCloseTo(-there, 6);
        else expect(back).toBe(-there);
      }),
    );
  });

  test.each([
    [{ wins: 3, losses: 3, pairs: 5 }, 0],
    [{ wins: -1, losses: 0, pairs: 5 }, 0],
    [{ wins: 0, losses: 0, pairs: 0 }, 0],
    [{ wins: 1, losses: 0, pairs: 5 }, 1.5],
  ])("refuses %j with %d", (given, d) => {
    let thrown: unknown;
    try {
      tangoStatistic(given, d);
    } catch (error) {
      thrown = error;
    }
    expect(errorCodeOf(thrown)).toBe("usage");
  });
});

describe("tangoBounds", () => {
  test("are z²/(n + z²) on either side where nothing differs", () => {
    const z = normalQuantile(0.95);
    const { lower, upper } = tangoBounds({ wins: 0, losses: 0, pairs: 50 }, 0.05);
    expect(upper).toBeCloseTo((z * z) / (50 + z * z), 8);
    expect(lower).toBeCloseTo(-upper, 8);
  });

  test("are where the statistic crosses its critical value", () => {
    fc.assert(
      fc.property(counts, (given) => {
        const { lower, upper } = tangoBounds(given, 0.05);
        if (lower > -1) expect(tangoStatistic(given, lower)).toBeCloseTo(normalQuantile(0.95), 3);
        if (upper < 1) expect(tangoStatistic(given, upper)).toBeCloseTo(-normalQuantile(0.95), 3);
      }),
    );
  });

  test("hold the published example of 44 pairs with one win", () => {
    const { lower, upper } = tangoBounds({ wins: 1, losses: 0, pairs: 44 }, 0.025);
    expect(lower).toBeCloseTo(-0.0594, 4);
    expect(upper).toBeCloseTo(0.1181, 4);
  });
});

describe("exactTangoPValue", () => {
  test("is (1 − δ)^n where nothing differs: no share but that of losses alone can be worse", () => {
    expect(exactTangoPValue({ wins: 0, losses: 0, pairs: 80 }, -0.03)).toBeCloseTo(0.97 ** 80, 10);
  });

  test("is the sum over all outcomes at least as far out, for the share that makes it largest", () => {
    const given = { wins: 1, losses: 1, pairs: 12 };
    const d = -0.2;
    const observed = tangoStatistic(given, d) - 1e-9;
    let worst = 0;
    for (let share = 0.2; share <= 1; share += 0.0005) {
      const [win, loss] = [(share + d) / 2, (share - d) / 2];
      let sum = 0;
      for (let losses = 0; losses <= 12; losses += 1) {
        for (let wins = 0; wins + losses <= 12; wins += 1) {
          if (tangoStatistic({ wins, losses, pairs: 12 }, d) < observed) continue;
          const rest = binomialMass(wins, 12 - losses, Math.min(1, win / (1 - loss)));
          sum += binomialMass(losses, 12, loss) * rest;
        }
      }
      worst = Math.max(worst, sum);
    }
    expect(exactTangoPValue(given, d)).toBeCloseTo(worst, 4);
  });

  test("falls with each win and grows with each loss", () => {
    fc.assert(
      fc.property(counts, ({ wins, losses, pairs }) => {
        const p = (more: PairCounts): number => exactTangoPValue(more, -0.05);
        const here = p({ wins, losses, pairs });
        if (wins + losses < pairs)
          expect(p({ wins: wins + 1, losses, pairs })).toBeLessThanOrEqual(here + 1e-9);
        if (losses > 0) expect(p({ wins, losses: losses - 1, pairs })).toBeLessThanOrEqual(here + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe("exactTangoBounds", () => {
  test("mirror each other when the sides are exchanged, and hold the observed difference", () => {
    fc.assert(
      fc.property(counts, ({ wins, losses, pairs }) => {
        const there = exactTangoBounds({ wins, losses, pairs }, 0.05);
        const back = exactTangoBounds({ wins: losses, losses: wins, pairs }, 0.05);
        expect(there.lower).toBeCloseTo(-back.upper, 9);
        expect(there.lower).toBeLessThanOrEqual((wins - losses) / pairs);
        expect(there.upper).toBeGreaterThanOrEqual((wins - losses) / pairs);
      }),
      { numRuns: 40 },
    );
  });

  test("take gains that are not whole", () => {
    const whole = exactTangoBounds({ wins: 2, losses: 2, pairs: 60 }, 0.05);
    const parts = exactTangoBounds({ wins: 1.5, losses: 2.5, pairs: 60 }, 0.05);
    const less = exactTangoBounds({ wins: 1, losses: 3, pairs: 60 }, 0.05);
    expect(parts.lower).toBeLessThan(whole.lower);
    expect(parts.lower).toBeGreaterThan(less.lower);
  });

  test("come close to the score test's for many pairs", () => {
    const given = { wins: 60, losses: 80, pairs: 1500 };
    expect(exactTangoBounds(given, 0.05).lower).toBeCloseTo(tangoBounds(given, 0.05).lower, 3);
    const many = { wins: 60, losses: 80, pairs: 2500 };
    expect(exactTangoBounds(many, 0.05)).toEqual(tangoBounds(many, 0.05));
  });
});

describe("exactMcNemar", () => {
  test("is the two-sided sign test", () => {
    // 2 · (1 + 8)/2⁸.
    expect(exactMcNemar({ wins: 1, losses: 7, pairs: 44 })).toBeCloseTo(18 / 256, 12);
    expect(exactMcNemar({ wins: 0, losses: 0, pairs: 9 })).toBe(1);
    expect(exactMcNemar({ wins: 4, losses: 4, pairs: 9 })).toBe(1);
  });
});

describe("binomialTail", () => {
  test("is the sum of the masses, on either side of the mean", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(62), fc.double({ min: 0, max: 1, noNaN: true }), (n, k, p) => {
        let sum = 0;
        for (let at = k; at <= n; at += 1) sum += binomialMass(at, n, p);
        expect(binomialTail(k, n, p)).toBeCloseTo(k <= 0 ? 1 : sum, 9);
      }),
    );
  });
});
