/** The logarithm of the gamma function, to the precision of doubles also where its values are huge. */

const TERMS = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/**
 * ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41) from 10 on, below through
 * Γ(x) = Γ(x + 1)/x.
 */
export function logGamma(x: number): number {
  let product = 1;
  let at = x;
  for (; at < 10; at += 1) product *= at;
  const inverse = 1 / at;
  let power = inverse;
  let series = 0;
  for (const term of TERMS) {
    series += term * power;
    power *= inverse * inverse;
  }
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
