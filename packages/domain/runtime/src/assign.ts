/** Assignment to an arm: a pure function of the plan's salt and the unit. */
import type { Assignment, AssignmentPlan, Lane } from "@colophon/kernel";

/** A draw in [0, 1) from a text: the first 53 bits of its SHA-256. */
export type Draw = (text: string) => number;

export interface Assigned {
  readonly lane: Exclude<Lane, "shadow">;
  /** Null serves the live version. */
  readonly version: number | null;
  readonly assignment: Assignment;
}

/**
 * Arms hold [0, w1), [w1, w1 + w2), …; the concurrent control holds the far end (1 − c, 1]. Both
 * ends widen towards the middle as a rollout of one arm advances, so nobody is ever reassigned.
 */
export function assign(plan: AssignmentPlan, unit: string, draw: Draw): Assigned {
  const at = draw(`${plan.salt}:${unit}`);
  return assignDraw(plan, at);
}

/** The same for a draw made before, so that a row can be replayed without knowing who it was for. */
export function assignDraw(plan: AssignmentPlan, draw: number): Assigned {
  let from = 0;
  for (const arm of plan.arms) {
    if (draw < from + arm.share) {
      return {
        lane: "canary",
        version: arm.version,
        assignment: { salt: plan.salt, draw, probability: arm.share },
      };
    }
    from += arm.share;
  }
  const control = Math.max(0, Math.min(plan.control, 1 - from));
  if (draw > 1 - control) {
    return { lane: "control", version: null, assignment: { salt: plan.salt, draw, probability: control } };
  }
  return {
    lane: "live",
    version: null,
    assignment: { salt: plan.salt, draw, probability: Math.max(0, 1 - from - control) },
  };
}
