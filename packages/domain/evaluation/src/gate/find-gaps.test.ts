/** Tests of the evidence that a challenger lacks: as much as it truly lacks, and nothing made of rounding. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScoreLine } from "../score-line.ts";
import { findGaps } from "./find-gaps.ts";
import { foldScores } from "./fold-scores.ts";
import { gateRules } from "./gate-options.ts";

/** Cases of which the first so many repeats have a score. */
function sideOf(scored: readonly number[], repeats: number) {
  return foldScores(
    scored.flatMap((known, at) =>
      Array.from({ length: repeats }, (_, repeat): ScoreLine => {
        return { case: `c${at}`, cluster: null, repeat, score: repeat < known ? 1 : null, slice: [] };
      }),
    ),
  );
}

function excess(baseline: readonly number[], challenger: readonly number[], repeats: number): number {
  const sides = {
    baseline: sideOf(baseline, repeats),
    challenger: sideOf(challenger, repeats),
    anchor: null,
  };
  return findGaps(sides, gateRules()).live;
}

test("a challenger that lacks as many answers as the baseline, of other cases, lacks none", () => {
  expect(excess([2, 3, 1], [3, 1, 2], 3)).toBe(0);
});

test("the excess is the difference of the answers that are lacking, or none", () => {
  const scored = fc.integer({ min: 1, max: 12 }).chain((cases) => {
    const side = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: cases, maxLength: cases });
    return fc.tuple(side, side);
  });
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  fc.assert(
    fc.property(scored, ([baseline, challenger]) => {
      const more = sum(baseline) - sum(challenger);
      const found = excess(baseline, challenger, 3);
      expect(found > 0).toBe(more > 0);
      expect(found).toBeCloseTo(Math.max(0, more) / (3 * baseline.length), 12);
    }),
  );
});
