/** How many cases a paired comparison needs. */
import { HarnessError } from "@colophon/kernel";
import { normalQuantile, probability } from "./distributions.ts";

export interface DifferenceNoise {
  /** ω², the variance between cases of their true differences. */
  readonly betweenCases: number;
  /** σ²_A + σ²_B, the variances of one answer's score within a case, both sides added. */
  readonly withinCases: number;
  /** K, scored answers per case and side. */
  readonly repeats: number;
}

/**
 * Var(d) = ω² + (σ²_A + σ²_B)/K, the variance of a case's difference of means over K repeats.
 *
 * E. Miller, Adding error bars to evals, arXiv 2411.00640.
 *
 * @throws HarnessError `usage` for a negative variance or no repeats.
 */
export function differenceVariance({ betweenCases, withinCases, repeats }: DifferenceNoise): number {
  if (betweenCases >= 0 && withinCases >= 0 && repeats >= 1) return betweenCases + withinCases / repeats;
  throw new HarnessError(
    "usage",
    `Variances of ${betweenCases} and ${withinCases} with ${repeats} repeats cannot be; give variances from 0 and repeats from 1.`,
  );
}

export interface SampleSizeQuestion {
  /** Var(d) of one case's difference. */
  readonly variance: number;
  /** δ, the loss that is tolerated, above 0. */
  readonly margin: number;
  /** Δ, the true change; 0 when left out. */
  readonly change?: number;
  /** One-sided; 0.05 when left out. */
  readonly alpha?: number;
  /** Probability of a decision, where Δ is true; 0.8 when left out. */
  readonly power?: number;
  /** By how much clusters inflate the variance; 1 when left out. */
  readonly designEffect?: number;
}

/**
 * Cases n = (z_{1−α} + z_{1−β})² · Var(d) / (δ + Δ)², times the design effect, rounded up; null where
 * the true change lies on the margin itself, which no number of cases tells apart.
 *
 * The usual formula of a non-inferiority trial with paired means.
 *
 * @throws HarnessError `usage` for a variance or margin that cannot be.
 */
export function sampleSize(question: SampleSizeQuestion): number | null {
  const { variance, margin, change = 0, alpha = 0.05, power = 0.8, designEffect = 1 } = question;
  if (!(variance >= 0 && margin > 0 && designEffect > 0)) {
    throw new HarnessError(
      "usage",
      `No size follows from a variance of ${variance}, a margin of ${margin} and a design effect of ${designEffect}; give a variance from 0 and the others above 0.`,
    );
  }
  const gap = Math.abs(margin + change);
  if (gap < 1e-9) return null;
  const reach = normalQuantile(1 - probability(alpha)) + normalQuantile(probability(power));
  return Math.max(1, Math.ceil((designEffect * variance * reach * reach) / (gap * gap) - 1e-9));
}

/**
 * 1 + (m̄ − 1)ρ, the factor by which clusters of m̄ cases, correlated by ρ within, inflate a variance.
 *
 * L. Kish, Survey sampling, 1965.
 */
export function designEffect(casesPerCluster: number, correlation: number): number {
  return 1 + (casesPerCluster - 1) * correlation;
}
