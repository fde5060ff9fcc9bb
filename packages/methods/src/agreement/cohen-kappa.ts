/** Cohen's kappa: how far two raters agree beyond chance. */
import { HarnessError } from "@colophon/kernel";
import { normalQuantile, probability } from "../statistics/distributions.ts";

/** Counts of what two raters said of the same things, yes or no. */
export interface AgreementTable {
  readonly bothYes: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly bothNo: number;
}

/** From -1 to 1: 1 is agreement, 0 is what chance gives. Bounds are one-sided at alpha each. */
export interface Kappa {
  readonly kappa: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * κ = (pₒ − pₑ)/(1 − pₑ), with the variance for κ ≠ 0
 *
 *   Var = {Σᵢ pᵢᵢ[1 − (pᵢ. + p.ᵢ)(1 − κ)]² + (1 − κ)² Σᵢ≠ⱼ pᵢⱼ(p.ᵢ + pⱼ.)² − [κ − pₑ(1 − κ)]²} / n(1 − pₑ)²
 *
 * Null where both raters said the same of everything, so that chance explains all of it, or of nothing at
 * all. The bounds are the normal ones over counts to each of which half a thing was added, so that raters
 * who agree on a few things do not pass for perfect, and they reach to κ at least.
 *
 * J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20
 * (1960); J. Fleiss, J. Cohen and B. Everitt, Large sample standard errors of kappa and weighted kappa,
 * Psychological Bulletin 72 (1969); the added halves as in A. Agresti, Biometrics 55 (1999), for odds ratios.
 *
 * @throws HarnessError `usage` for counts below zero, or an alpha that is no probability.
 */
export function cohenKappa(table: AgreementTable, alpha = 0.05): Kappa | null {
  const { bothYes, onlyFirst, onlySecond, bothNo } = table;
  const least = Math.min(bothYes, onlyFirst, onlySecond, bothNo);
  if (!(least >= 0 && Number.isFinite(bothYes + onlyFirst + onlySecond + bothNo))) {
    throw new HarnessError("usage", "An agreement is counted in numbers of 0 or more; correct the counts.");
  }
  const { kappa } = momentsOf(table);
  if (Number.isNaN(kappa)) return null;
  const added = momentsOf({
    bothYes: bothYes + 0.5,
    onlyFirst: onlyFirst + 0.5,
    onlySecond: onlySecond + 0.5,
    bothNo: bothNo + 0.5,
  });
  const reach = normalQuantile(1 - probability(alpha)) * Math.sqrt(Math.max(0, added.variance));
  return {
    kappa,
    lower: Math.max(-1, Math.min(kappa, added.kappa - reach)),
    upper: Math.min(1, Math.max(kappa, added.kappa + reach)),
  };
}

/** NaN where chance explains everything. */
function momentsOf({ bothYes, onlyFirst, onlySecond, bothNo }: AgreementTable): {
  readonly kappa: number;
  readonly variance: number;
} {
  const total = bothYes + onlyFirst + onlySecond + bothNo;
  const [a, b, c, d] = [bothYes / total, onlyFirst / total, onlySecond / total, bothNo / total];
  const [yes1, yes2] = [a + b, a + c];
  const chance = yes1 * yes2 + (1 - yes1) * (1 - yes2);
  const kappa = (a + d - chance) / (1 - chance);
  const rest = 1 - kappa;
  const agreed = a * (1 - (yes1 + yes2) * rest) ** 2 + d * (1 - (2 - yes1 - yes2) * rest) ** 2;
  const apart = rest ** 2 * (b * (yes2 + 1 - yes1) ** 2 + c * (1 - yes2 + yes1) ** 2);
  const variance = (agreed + apart - (kappa - chance * rest) ** 2) / (total * (1 - chance) ** 2);
  return { kappa, variance };
}
