/** McNemar's exact test for pairs of pass and fail. */
import { binomialTail } from "./binomial.ts";
import { checkPairs, type PairCounts } from "./tango.ts";

/**
 * The two-sided p-value that wins and losses are equally likely, given that a pair differs:
 * p = min(1, 2 P(X ≥ max(b, c))), X binomial of b + c with ½. 1 where no pair differs.
 *
 * Q. McNemar, Note on the sampling error of the difference between correlated proportions or
 * percentages, Psychometrika 12 (1947); the exact form is the sign test.
 *
 * @throws HarnessError `usage` for counts that no pairs can have.
 */
export function exactMcNemar(counts: PairCounts): number {
  checkPairs(counts);
  const { wins, losses } = counts;
  return Math.min(1, 2 * binomialTail(Math.max(wins, losses), wins + losses, 0.5));
}
