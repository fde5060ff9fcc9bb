/** Takes out of a verdict what would teach the test split to those who ask often. */

import type { GateVerdict } from "../gate/gate-verdict.ts";
import { LADDER_STEP, type Ladder, revealScore } from "../gate/reveal-score.ts";

const FIGURE_STEP = 0.001;

/**
 * The means by the Ladder rule: in its steps, and only where the challenger's is the best so far; the observed
 * difference and its bounds to a tenth of a point. The verdict itself was found on the exact figures.
 */
export function revealVerdict(verdict: GateVerdict, ladder: Ladder): GateVerdict {
  const { means, anchor } = verdict;
  const reveal = means.challenger === null ? null : revealScore(ladder, means.challenger);
  return {
    ...verdict,
    difference: rounded(verdict.difference, FIGURE_STEP),
    lower: rounded(verdict.lower, FIGURE_STEP),
    upper: rounded(verdict.upper, FIGURE_STEP),
    means: reveal?.improved
      ? { baseline: rounded(means.baseline, LADDER_STEP), challenger: reveal.revealed }
      : { baseline: null, challenger: null },
    anchor:
      anchor === null
        ? null
        : {
            ...anchor,
            difference: rounded(anchor.difference, FIGURE_STEP),
            lower: rounded(anchor.lower, FIGURE_STEP),
            upper: rounded(anchor.upper, FIGURE_STEP),
          },
  };
}

function rounded<T extends number | null>(value: T, step: number): T {
  // Adding 0 makes −0 a plain 0.
  return (value === null ? null : Number((Math.round(value / step) * step).toFixed(6)) + 0) as T;
}
