/** Bounds of a share from a count. */
import { HarnessError } from "@colophon/kernel";
import type { Bounds } from "./clustered-mean.ts";
import { betaQuantile, normalQuantile, probability } from "./distributions.ts";

export interface ShareCount {
  /** Need not be whole: a sum of scores in [0, 1] may stand for it, which is cautious. */
  readonly hits: number;
  readonly of: number;
}

/**
 * Wilson's score bounds, one-sided at alpha each:
 * (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n).
 *
 * E. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 *
 * @throws HarnessError `usage` for a count that cannot be, or an alpha that is no probability.
 */
export function wilsonBounds(count: ShareCount, alpha: number): Bounds {
  checkCount(count);
  const { hits, of } = count;
  const z = normalQuantile(1 - probability(alpha));
  const share = hits / of;
  const centre = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return {
    lower: hits === 0 ? 0 : Math.max(0, (centre - reach) / scale),
    upper: hits === of ? 1 : Math.min(1, (centre + reach) / scale),
  };
}

/**
 * Exact bounds, one-sided at alpha each: the quantiles α of Beta(x, n − x + 1) and 1 − α of
 * Beta(x + 1, n − x).
 *
 * C. Clopper and E. Pearson, The use of confidence or fiducial limits illustrated in the case of the
 * binomial, Biometrika 26 (1934).
 *
 * @throws HarnessError `usage` for a count that cannot be, or an alpha that is no probability.
 */
export function clopperPearsonBounds(count: ShareCount, alpha: number): Bounds {
  checkCount(count);
  const { hits, of } = count;
  probability(alpha);
  return {
    lower: betaQuantile(alpha, hits, of - hits + 1),
    upper: betaQuantile(1 - alpha, hits + 1, of - hits),
  };
}

function checkCount({ hits, of }: ShareCount): void {
  if (of > 0 && hits >= 0 && hits <= of) return;
  throw new HarnessError(
    "usage",
    `${hits} of ${of} is no share; give a count that lies between 0 and its whole.`,
  );
}
