/** Draws from gamma and Dirichlet distributions. */
import type { Draws } from "../seeded-draws.ts";

/**
 * A draw from Gamma(shape, 1) for a shape of 1 or more, which posteriors over a uniform prior have.
 *
 * G. Marsaglia and W. Tsang, A simple method for generating gamma variables, ACM Transactions on
 * Mathematical Software 26 (2000).
 */
export function drawGamma(shape: number, random: Draws): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.next();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Box and Muller; a draw of 0 is taken for 1, which has a logarithm. */
function drawNormal(random: Draws): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/**
 * Weights in [0, 1] that add up to 1, drawn from Dirichlet(concentrations); all 1 draws every mixture
 * equally often. A concentration, 1 or more, moves the mean weight in its own proportion.
 */
export function drawWeights(concentrations: readonly number[], random: Draws): readonly number[] {
  const parts = concentrations.map((shape) =>
    shape === 1 ? -Math.log(1 - random.next()) : drawGamma(shape, random),
  );
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum === 0 ? parts.map(() => 1 / parts.length) : parts.map((part) => part / sum);
}
