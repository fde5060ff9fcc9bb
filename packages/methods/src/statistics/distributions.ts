/** Distribution functions, over the one library that has them. */
import { HarnessError } from "@colophon/kernel";
import jstat from "jstat";

const { normal, studentt, beta, chisquare } = jstat.jStat;

/** The value below which a standard normal variable lies with probability `p`. @throws HarnessError `usage`. */
export function normalQuantile(p: number): number {
  return normal.inv(probability(p), 0, 1);
}

/** The probability that a standard normal variable lies below `x`. */
export function normalCdf(x: number): number {
  return normal.cdf(x, 0, 1);
}

/** The same quantile of Student's t with `degrees` of freedom. @throws HarnessError `usage`. */
export function studentQuantile(p: number, degrees: number): number {
  // Beyond, the two agree to five digits and the library's inverse loses some.
  return degrees > 1e5 ? normalQuantile(p) : studentt.inv(probability(p), degrees);
}

/** The probability that Student's t with `degrees` of freedom lies below `x`; infinite `x` are allowed. */
export function studentCdf(x: number, degrees: number): number {
  if (!Number.isFinite(x)) return x > 0 ? 1 : 0;
  return degrees > 1e5 ? normalCdf(x) : studentt.cdf(x, degrees);
}

/** The quantile of the beta distribution; 0 where `a` and 1 where `b` is 0. @throws HarnessError `usage`. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (a <= 0) return 0;
  if (b <= 0) return 1;
  return beta.inv(probability(p), a, b);
}

/** The probability that a chi-square variable with `degrees` of freedom lies below `x`. */
export function chiSquareCdf(x: number, degrees: number): number {
  return chisquare.cdf(x, degrees);
}

/** Gives a probability back. @throws HarnessError `usage` for one that is not between 0 and 1. */
export function probability(p: number): number {
  if (p > 0 && p < 1) return p;
  throw new HarnessError("usage", `${p} is no probability between 0 and 1; give one such as 0.05.`);
}
