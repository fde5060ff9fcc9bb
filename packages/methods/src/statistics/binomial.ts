/** Probabilities of counts that are exact however few they are. */

/** ln n!, grown as needed: the exact tests ask for the same small n many thousand times. */
const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next += 1) {
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  }
  return logFactorials[n] ?? 0;
}

/** P(X = k) of a binomial count of n with probability p. */
export function binomialMass(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** Terms below this share of nothing are not added up. */
const NEGLIGIBLE = 1e-18;

/** P(X ≥ k) of a binomial count of n with probability p, summed on the shorter side of the mean. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  let sum = 0;
  if (k > n * p) {
    const odds = p / (1 - p);
    let term = binomialMass(k, n, p);
    for (let at = k; at <= n && term > NEGLIGIBLE; at += 1) {
      sum += term;
      term *= (odds * (n - at)) / (at + 1);
    }
    return sum;
  }
  const odds = (1 - p) / p;
  let term = binomialMass(k - 1, n, p);
  for (let at = k - 1; at >= 0 && term > NEGLIGIBLE; at -= 1) {
    sum += term;
    term *= (odds * at) / (n - at + 1);
  }
  return Math.max(0, 1 - sum);
}
