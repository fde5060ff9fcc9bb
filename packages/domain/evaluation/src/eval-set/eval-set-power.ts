/** What a test split can decide: how many cases each margin needs, beside how many there are. */
import { designEffect, sampleSize } from "@colophon/methods";

/**
 * Var(d) of kinds of scores, before any run has measured it: pass-or-fail scores of which one in ten
 * differs between two versions, and graded ones whose differences have a standard deviation of 0.15.
 */
export const ASSUMED_VARIANCE = { passFail: 0.1, graded: 0.15 ** 2 } as const;

/** The margins by risk (high, medium, low), and one between. */
const MARGINS = [0.01, 0.02, 0.03, 0.05] as const;

export interface SplitSize {
  readonly cases: number;
  /** Clusters, cases that stand for themselves among them. */
  readonly clusters: number;
}

/** For one margin: cases with which an equal version ships in 80 of 100 runs, one answer per case. */
export interface EvalSetPower {
  /** Tolerated loss of mean score, in its unit. */
  readonly margin: number;
  readonly needed: Readonly<Record<keyof typeof ASSUMED_VARIANCE, number>>;
  readonly enough: Readonly<Record<keyof typeof ASSUMED_VARIANCE, boolean>>;
}

/** Cases of one cluster are taken to say the same (ρ = 1), so that the answer errs on the safe side. */
export function evalSetPower({ cases, clusters }: SplitSize): readonly EvalSetPower[] {
  const perCluster = clusters === 0 ? 1 : cases / clusters;
  const needed = (variance: number, margin: number): number =>
    sampleSize({ variance, margin, designEffect: designEffect(perCluster, 1) }) ?? Number.POSITIVE_INFINITY;
  return MARGINS.map((margin) => {
    const passFail = needed(ASSUMED_VARIANCE.passFail, margin);
    const graded = needed(ASSUMED_VARIANCE.graded, margin);
    return {
      margin,
      needed: { passFail, graded },
      enough: { passFail: cases >= passFail, graded: cases >= graded },
    };
  });
}
