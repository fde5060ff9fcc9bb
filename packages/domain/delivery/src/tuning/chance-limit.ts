/** How far chance alone takes the share of an event in a small window. */
import { binomialTail, clopperPearsonBounds } from "@colophon/methods";
import type { TuneQuestion } from "./tune-guard.ts";

const WEEK_MS = 7 * 86_400_000;

/**
 * The least limit that windows of so many independent observations, a week of them side by side, break at
 * most `target` times, were the true share at the upper end of what the past says (Clopper and Pearson).
 */
export function chanceLimit(
  { slots, window, direction, target }: TuneQuestion,
  observations: number,
): number {
  const count = slots.reduce((all, one) => all + one.count, 0);
  const sum = slots.reduce((all, one) => all + one.sum, 0);
  const bad = Math.min(count, Math.max(0, direction === "above" ? sum : count - sum));
  const share = clopperPearsonBounds({ hits: bad, of: count }, 0.025).upper;
  const allowed = Math.min(1, (target * window) / WEEK_MS);
  let most = 0;
  while (most < observations && binomialTail(most + 1, observations, share) > allowed) most += 1;
  const limit = most / observations;
  return direction === "above" ? limit : 1 - limit;
}
