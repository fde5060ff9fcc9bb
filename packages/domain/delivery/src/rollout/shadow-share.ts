/** What of a plan's shadow stage the snapshot carries. */
import { HarnessError, type RolloutPlan, type ShadowShare } from "@colophon/kernel";

/**
 * Null for a plan without a shadow.
 *
 * @throws HarnessError `usage` for several versions: a call is repeated on one.
 */
export function shadowShare({ shadow }: RolloutPlan, versions: readonly number[]): ShadowShare | null {
  if (shadow === null) return null;
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0) {
    throw new HarnessError(
      "usage",
      `A shadow repeats a call on one version, not on ${versions.length}: name one, or a plan without a shadow.`,
    );
  }
  const { rate, concurrency, calls } = shadow;
  return { version, rate, concurrency, calls };
}
