/** Assignment to an arm: a pure function of the plan's salt and the unit. */
import type { Arm, Assignment, AssignmentPlan, Lane } from "@colophon/kernel";

/** A draw in [0, 1) from a text: the first 53 bits of its SHA-256. */
export type Draw = (text: string) => number;

export interface Assigned {
  /**
   * `canary` for an arm. Where the arm is the live version itself, the resolver serves it in the lane
   * `control`: chosen by the same draw, it is what the other arms are compared with.
   */
  readonly lane: Exclude<Lane, "shadow">;
  /** Null serves the live version. */
  readonly version: number | null;
  readonly assignment: Assignment;
}

/**
 * The arms together hold [0, w), the concurrent control holds the far end (1 − c, 1]. Both ends widen
 * towards the middle as a rollout advances, so nobody of an arm or of the control is reassigned by that.
 *
 * Within [0, w) the arm is found by weighted rendezvous hashing, so that new shares move few: a unit
 * goes from one arm to another only if the other's share has grown beside its own. With two arms that
 * is the least that can be moved; with more, at most 2d / (1 + d) of them, where d of them would have
 * to move, which no rule without a memory can better.
 */
export function assign(plan: AssignmentPlan, unit: string, draw: Draw): Assigned {
  return assignDraw(plan, draw(`${plan.salt}:${unit}`));
}

/** The same for a draw made before, so that a row can be replayed without knowing who it was for. */
export function assignDraw(plan: AssignmentPlan, draw: number): Assigned {
  const { salt, arms } = plan;
  let held = 0;
  for (const { share } of arms) held += share;
  const arm = draw < held ? nearestArm(arms, draw) : undefined;
  const control = Math.max(0, Math.min(plan.control, 1 - held));
  const lane = arm ? "canary" : draw > 1 - control ? "control" : "live";
  const probability = arm
    ? arm.share / Math.max(1, held)
    : lane === "control"
      ? control
      : Math.max(0, 1 - held - control);
  return { lane, version: arm?.version ?? null, assignment: { salt, draw, probability } };
}

/** The arm for which −ln(u) / share is least, u being drawn anew for each version. */
function nearestArm(arms: readonly Arm[], draw: number): Arm | undefined {
  let nearest: Arm | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const arm of arms) {
    const distance = -Math.log(uniformOf(draw, arm.version)) / arm.share;
    if (distance >= least) continue;
    least = distance;
    nearest = arm;
  }
  return nearest;
}

/** A number in (0, 1) out of all 53 bits of a draw and a version, as if each version had been drawn for apart. */
function uniformOf(draw: number, version: number): number {
  return (mixed((draw * 2 ** 32) ^ mixed((draw * 2 ** 53) ^ mixed(version))) + 0.5) / 2 ** 32;
}

/** The finalizer of MurmurHash3 (Appleby, public domain): 32 bits into 32 bits. */
function mixed(bits: number): number {
  let mix = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
