/** The exact test on Tango's score statistic, for pairs that are too few for its normal limit. */
import { binomialMass, binomialTail } from "./binomial.ts";
import type { Bounds } from "./clustered-mean.ts";
import { probability } from "./distributions.ts";
import { checkPairs, lowestKept, type PairCounts, scoreStatistic, swapped, tangoBounds } from "./tango.ts";

/** Above it the normal limit is used: it is off by less than 0.1 points there, and the sums take long. */
export const EXACT_PAIRS = 2000;

/** Values tried of the share of pairs that differ, which the hypothesis leaves open. */
const SHARES_TRIED = 64;

/**
 * The probability, under a difference D, of a score statistic at least as large as the observed one:
 *
 *   p = max_ψ P(Z ≥ z_observed | n, D, ψ)
 *
 * over all shares ψ of pairs that differ. It rejects `difference ≤ D` at level p, never more often than
 * p says, however few the pairs are. Above EXACT_PAIRS use the statistic itself.
 *
 * H. Hsueh, J. Liu and J. Chen, Unconditional exact tests for equivalence or noninferiority for
 * paired binary endpoints, Biometrics 57 (2001).
 *
 * @throws HarnessError `usage` for counts that no pairs can have.
 */
export function exactTangoPValue(counts: PairCounts, difference: number): number {
  checkPairs(counts);
  const { pairs } = counts;
  const region = winsToReach(pairs, difference, scoreStatistic(counts, difference) - 1e-9);
  const least = Math.abs(difference);
  let worst = 0;
  for (let step = 0; step <= SHARES_TRIED; step += 1) {
    // Denser where few pairs differ: there the probability moves fastest.
    const share = least + (1 - least) * (step / SHARES_TRIED) ** 2;
    worst = Math.max(worst, regionMass(region, pairs, [(share + difference) / 2, (share - difference) / 2]));
  }
  return Math.min(1, worst);
}

/**
 * For each number of losses, the fewest wins with which the statistic reaches `critical`. It grows with
 * wins and falls with losses, so that the fewest only ever rise.
 */
function winsToReach(pairs: number, difference: number, critical: number): readonly number[] {
  const fewest: number[] = [];
  let wins = 0;
  for (let losses = 0; losses <= pairs; losses += 1) {
    while (wins + losses <= pairs && scoreStatistic({ wins, losses, pairs }, difference) < critical)
      wins += 1;
    if (wins + losses > pairs) break;
    fewest.push(wins);
  }
  return fewest;
}

/** The probability of the region, with the shares of wins and of losses. */
function regionMass(
  region: readonly number[],
  pairs: number,
  [win, loss]: readonly [number, number],
): number {
  const centre = pairs * loss;
  const reach = 7 * Math.sqrt(pairs * loss * (1 - loss)) + 8;
  const last = Math.min(region.length - 1, Math.ceil(centre + reach));
  const rest = loss >= 1 ? 0 : Math.min(1, Math.max(0, win / (1 - loss)));
  let mass = 0;
  for (let losses = Math.max(0, Math.floor(centre - reach)); losses <= last; losses += 1) {
    mass += binomialMass(losses, pairs, loss) * binomialTail(region[losses] ?? 0, pairs - losses, rest);
  }
  return mass;
}

/**
 * The differences that the exact test does not reject at alpha on either side, to four decimals and
 * rounded outwards. Above EXACT_PAIRS the bounds of the score test itself.
 *
 * @throws HarnessError `usage` for counts that no pairs can have, or an alpha that is no probability.
 */
export function exactTangoBounds(counts: PairCounts, alpha: number): Bounds {
  probability(alpha);
  checkPairs(counts);
  if (counts.pairs > EXACT_PAIRS) return tangoBounds(counts, alpha);
  const lower = (given: PairCounts): number =>
    lowestKept(given, 5e-5, (difference) => exactTangoPValue(given, difference) > alpha);
  return { lower: lower(counts), upper: -lower(swapped(counts)) };
}
