/** Which of two arms an observation is of, and how likely that was before it was known. */
import { HarnessError } from "@colophon/kernel";
import { unitValue } from "./e-value.ts";

/** What a guard would show: that the challenger does harm, or that it does none beyond a margin. */
export type GuardSide = "rollback" | "promotion";

export interface ArmShare {
  readonly arm: "challenger" | "control";
  /**
   * The challenger's share, in [0, 1], of the units that this observation could have been of: of those
   * that are assigned, active, and not yet counted. It must be known before the arm is.
   */
  readonly share: number;
}

/** @throws HarnessError `usage` for a share outside of [0, 1], or one that rules the arm out. */
export function checkShare({ arm, share }: ArmShare): void {
  unitValue(share, "The challenger's share of the units");
  if (share !== (arm === "challenger" ? 0 : 1)) return;
  throw new HarnessError(
    "usage",
    `A unit of the ${arm} cannot be where the challenger's share is ${share}; give the share that held when the unit was counted.`,
  );
}
