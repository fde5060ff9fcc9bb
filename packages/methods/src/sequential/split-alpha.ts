/** Splits an error rate over the guards that may each roll back. */
import { HarnessError } from "@colophon/kernel";
import { probability } from "../statistics/distributions.ts";

/**
 * An alpha for each guard, in proportion to its weight, that add up to `total` at most: since a rollback
 * comes of any guard, the chance that one of them fires falsely is then at most `total` (Boole). A promotion
 * asks all of its guards, so each of those has the whole alpha and nothing is split.
 *
 * @throws HarnessError `usage` without guards, for a weight that is not positive, or a total that is no
 *   probability.
 */
export function splitAlpha(
  total: number,
  weights: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  probability(total);
  const guards = Object.entries(weights);
  const sum = guards.reduce((so, [, weight]) => so + weight, 0);
  const bad = guards.find(([, weight]) => !(weight > 0 && Number.isFinite(weight)));
  if (guards.length === 0 || bad !== undefined) {
    const what = bad === undefined ? "no guards" : `the weight ${bad[1]} of ${bad[0]}`;
    throw new HarnessError("usage", `Alpha cannot be split over ${what}; give each guard a weight above 0.`);
  }
  return Object.fromEntries(guards.map(([name, weight]) => [name, (total * weight) / sum]));
}
