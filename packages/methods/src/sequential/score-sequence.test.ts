/** Tests of the bounds of scores: against the formula written out, by coverage, and in decisions. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { refusal } from "./refused.fixture.ts";
import {
  addScore,
  compareScores,
  type ScoreSequence,
  scoreBounds,
  startScoreSequence,
} from "./score-sequence.ts";

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 80 });

function after(given: readonly number[], start: ScoreSequence): ScoreSequence {
  return given.reduce(addScore, start);
}

/** Theorem 2 of the paper, summed afresh for all scores. */
function writtenOut(given: readonly number[], alpha: number): { lower: number; upper: number } {
  let [stakes, staked, penalty] = [0, 0, 0];
  const meanOf = (count: number): number =>
    (0.5 + given.slice(0, count).reduce((sum, score) => sum + score, 0)) / (count + 1);
  const varianceOf = (count: number): number =>
    (0.25 + given.slice(0, count).reduce((sum, score, at) => sum + (score - meanOf(at + 1)) ** 2, 0)) /
    (count + 1);
  given.forEach((score, at) => {
    const time = at + 1;
    const stake = Math.min(
      Math.sqrt((2 * Math.log(1 / alpha)) / (varianceOf(at) * time * Math.log(1 + time))),
      0.5,
    );
    stakes += stake;
    staked += stake * score;
    penalty += (score - meanOf(at)) ** 2 * (-Math.log(1 - stake) - stake);
  });
  const reach = (Math.log(1 / alpha) + penalty) / stakes;
  return { lower: Math.max(0, staked / stakes - reach), upper: Math.min(1, staked / stakes + reach) };
}

describe("the bounds of scores", () => {
  test("are the empirical Bernstein sequence", () => {
    fc.assert(
      fc.property(scores, (given) => {
        const { lower, upper } = scoreBounds(after(given, startScoreSequence(0.01)));
        const expected = writtenOut(given, 0.01);
        expect(lower).toBeCloseTo(expected.lower, 9);
        expect(upper).toBeCloseTo(expected.upper, 9);
      }),
    );
  });

  test("ever miss a mean that stands still in at most alpha of streams, on either side", () => {
    const random = seededDraws(21);
    let [above, below] = [0, 0];
    for (let stream = 0; stream < 1000; stream += 1) {
      let sequence = startScoreSequence(0.05);
      let [over, under] = [false, false];
      for (let at = 0; at < 400; at += 1) {
        sequence = addScore(sequence, random.next() < 0.15 ? 1 : 0);
        const { lower, upper } = scoreBounds(sequence);
        over ||= lower > 0.15;
        under ||= upper < 0.15;
      }
      if (over) above += 1;
      if (under) below += 1;
    }
    expect(above / 1000).toBeLessThanOrEqual(0.05);
    expect(below / 1000).toBeLessThanOrEqual(0.05);
  });

  test("are all there is before the first score", () => {
    expect(scoreBounds(startScoreSequence(0.05))).toEqual({ lower: 0, upper: 1 });
  });

  test("go on with the same numbers after they were written down and read", () => {
    const sequence = after([0.2, 0.9, 0.4], startScoreSequence(0.02));
    const restored = JSON.parse(JSON.stringify(sequence)) as ScoreSequence;
    expect(addScore(restored, 0.7)).toEqual(addScore(sequence, 0.7));
  });

  test("refuse an alpha that is none, and a score outside of [0, 1]", () => {
    expect(refusal(() => startScoreSequence(0))).toBe("usage");
    expect(refusal(() => addScore(startScoreSequence(0.05), -0.1))).toBe("usage");
  });
});

describe("compareScores", () => {
  const arm = (mean: number, count: number): ScoreSequence => {
    const random = seededDraws(4);
    return after(
      Array.from({ length: count }, () => mean + 0.2 * (random.next() - 0.5)),
      startScoreSequence(0.005),
    );
  };

  test("shows harm, no harm, or leaves it open", () => {
    expect(compareScores(arm(0.4, 800), arm(0.6, 800), 0.05)).toBe("harm");
    expect(compareScores(arm(0.6, 2000), arm(0.6, 2000), 0.1)).toBe("no-harm");
    expect(compareScores(arm(0.4, 5), arm(0.6, 800), 0.05)).toBe("open");
    expect(compareScores(startScoreSequence(0.005), startScoreSequence(0.005), 0)).toBe("open");
  });

  test("refuses a margin outside of [0, 1)", () => {
    expect(refusal(() => compareScores(arm(0.4, 1), arm(0.6, 1), 1))).toBe("usage");
  });
});
