/** Measures how much two passes of the same version differ: the noise of prompt, model and judge. */
import { sampleSize } from "@colophon/methods";
import { comparePairs, meanOf } from "./compare-pairs.ts";
import { foldScores, type ScoreLines } from "./fold-scores.ts";
import { type GateOptions, gateRules } from "./gate-options.ts";
import type { GateComparison } from "./gate-verdict.ts";
import { type CasePair, pairCases } from "./pair-cases.ts";

/** What an A/A run says; scores are in [0, 1]. */
export interface NoiseReport {
  readonly comparison: GateComparison;
  /** An equal version that comes out different: zero lies outside of the interval. */
  readonly biased: boolean;
  /** Standard deviation of a case's difference, clusters respected. */
  readonly deviation: number;
  /** Share of cases whose difference is not 0. */
  readonly moved: number;
  /** Variance of one answer's score within a case; null where cases were not repeated. */
  readonly withinCases: number | null;
  /** Cases with which a margin is decided for an equal challenger, with a power of 80 %. */
  readonly casesFor: readonly { readonly margin: number; readonly cases: number }[];
}

const MARGINS = [0.01, 0.02, 0.03, 0.05] as const;

/**
 * Both sides are scores of one version over the same cases. Null where no case has a score on both.
 *
 * @throws HarnessError as `decideGate` does.
 */
export function measureNoise(
  first: ScoreLines,
  second: ScoreLines,
  options: GateOptions = {},
): NoiseReport | null {
  const rules = gateRules(options);
  const { pairs } = pairCases(foldScores(first), foldScores(second));
  if (pairs.length === 0) return null;
  const comparison = comparePairs(pairs, rules);
  const variance = (meanOf(pairs).standardError ?? 0) ** 2 * pairs.length;
  const moved = pairs.filter(({ difference }) => Math.abs(difference) > 1e-12).length;
  return {
    comparison,
    biased: comparison.lower > 0 || comparison.upper < 0,
    deviation: Math.sqrt(variance),
    moved: moved / pairs.length,
    withinCases: withinCases(pairs),
    casesFor: MARGINS.map((margin) => ({
      margin,
      // Without a loss seen, so many are needed to rule the margin out.
      cases: Math.max(
        sampleSize({ variance, margin, alpha: rules.alpha }) ?? 0,
        Math.ceil(Math.log(rules.alpha) / Math.log1p(-margin)),
      ),
    })),
  };
}

/** Pooled over the cases that have repeats, by their degrees of freedom. */
function withinCases(pairs: readonly CasePair[]): number | null {
  let [squares, degrees] = [0, 0];
  for (const { baseline, challenger } of pairs) {
    for (const { scores } of [baseline, challenger]) {
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
      squares += scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
      degrees += scores.length - 1;
    }
  }
  return degrees === 0 ? null : squares / degrees;
}
