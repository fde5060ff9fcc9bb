/** Rounds parts so that they add up to their rounded total, by the largest remainder. */
import { HarnessError } from "@colophon/kernel";

/**
 * Each part in whole units, its neighbours below or above, adding up to `total` exactly. Units go to
 * the parts with the largest remainder first, and to the earlier of two alike. `total` is in whole units
 * and within one unit for each part of the parts' sum; what is further away goes round more than once.
 *
 * The method of Hamilton (or Hare and Niemeyer) for seats, here for amounts of either sign.
 *
 * @throws HarnessError `usage` for a part or a total that is no finite number.
 */
export function roundParts(parts: readonly number[], total: number): readonly number[] {
  if (parts.length === 0) return [];
  const whole = parts.map(Math.floor);
  const left = total - whole.reduce((sum, part) => sum + part, 0);
  if (!Number.isFinite(left)) {
    throw new HarnessError("usage", `Parts that come to ${left} cannot be rounded; give finite amounts.`);
  }
  const byRemainder = parts
    .map((part, at) => ({ at, remainder: part - Math.floor(part) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  // Rounding errors of the caller's sum can leave less than nothing: the smallest remainders give then.
  const order = left < 0 ? byRemainder.toReversed() : byRemainder;
  const rounds = Math.trunc(left / order.length);
  const rest = left % order.length;
  for (const [turn, { at }] of order.entries()) {
    const more = turn < Math.abs(rest) ? Math.sign(rest) : 0;
    whole[at] = (whole[at] ?? 0) + rounds + more;
  }
  return whole.map((part) => (part === 0 ? 0 : part));
}
