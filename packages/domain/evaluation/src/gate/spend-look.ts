/** Counts looks at a test split, which is used up by them. */
import { HarnessError } from "@colophon/kernel";

/** Looks that a version of an eval set bears per lineage of challengers, where nothing else is said. */
export const LOOK_BUDGET = 20;

export interface LookState {
  /** Looks taken at this version of the set by this lineage. */
  readonly looks: number;
  readonly budget: number;
}

export type LookDecision =
  | { readonly allowed: true; readonly looks: number; readonly left: number }
  | { readonly allowed: false; readonly looks: number; readonly reason: string };

/**
 * Allows one more look, or says why there is none: a run that is refused is `invalid`, with the reason as
 * its trouble. `looks` of the answer count this one.
 *
 * @throws HarnessError `usage` for counts that are not whole, or negative.
 */
export function spendLook({ looks, budget }: LookState): LookDecision {
  if (!(Number.isInteger(looks) && Number.isInteger(budget) && looks >= 0 && budget >= 0)) {
    throw new HarnessError(
      "usage",
      `${looks} looks of ${budget} cannot be counted; give whole numbers from 0.`,
    );
  }
  if (looks < budget) return { allowed: true, looks: looks + 1, left: budget - looks - 1 };
  const reason = `test split exhausted: it was looked at ${looks} times, of ${budget} that it bears; add new test cases, which makes a new version of the set, and gate on that.`;
  return { allowed: false, looks, reason };
}
