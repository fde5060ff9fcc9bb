/** Reveals scores of a test split so that those who look often do not learn the split itself. */
import { HarnessError } from "@colophon/kernel";

/** What a lineage of challengers has been told of one version of an eval set. */
export interface Ladder {
  /** The score revealed last; null before the first look. */
  readonly best: number | null;
}

/** Half a point: finer steps leak more of the split at each look. */
export const LADDER_STEP = 0.005;

export interface Reveal {
  /** What may be shown: never the score itself. */
  readonly revealed: number;
  /** Whether it lies above what was shown before. */
  readonly improved: boolean;
  /** What the next look starts from. */
  readonly ladder: Ladder;
}

/**
 * The Ladder: a score that beats the best one so far by more than `step` is revealed, rounded to whole
 * steps, and becomes the best; any other look is told the best one again. So k looks leak about as many
 * bits as there were improvements, and the best revealed stays within O(log(kn)^⅓ / n^⅓) of the truth.
 *
 * A. Blum and M. Hardt, The Ladder: a reliable leaderboard for machine learning competitions, arXiv
 * 1502.04585, algorithm 1.
 *
 * @throws HarnessError `usage` for a score outside of [0, 1] or a step that is not above 0.
 */
export function revealScore(ladder: Ladder, score: number, step = LADDER_STEP): Reveal {
  if (!(score >= 0 && score <= 1 && step > 0 && step < 1)) {
    throw new HarnessError(
      "usage",
      `A score of ${score} cannot be revealed in steps of ${step}; give a score from 0 to 1 and a step between them.`,
    );
  }
  const { best } = ladder;
  // What lies a rounding error above the step does not lie above it.
  if (best !== null && score <= best + step + 1e-12) return { revealed: best, improved: false, ladder };
  const revealed = Math.min(1, Number((Math.round(score / step) * step).toFixed(12)));
  return { revealed, improved: true, ladder: { best: revealed } };
}
