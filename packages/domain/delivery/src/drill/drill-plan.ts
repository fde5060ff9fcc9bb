/** The plan of a drill on a share: one step that nothing but the drill ends. */
import type { RolloutPlan } from "@colophon/kernel";

/** Nobody waits that long: the drill ends it, or whoever comes after one that was cut off. */
const NEVER_MS = 365 * 86_400_000;

export function drillPlan(share: number): RolloutPlan {
  return {
    format: 1,
    steps: [{ share, dwell: NEVER_MS, units: 1 }],
    shadow: null,
    policy: { kind: "fixed" },
    draws: "unit",
    // What it serves was live before, so there is nothing to guard and nothing to promote.
    guards: [],
    alpha: 0.01,
    promotionAlpha: 0.05,
    approvals: 0,
    clearing: [],
    missing: { noData: "continue", staleData: "continue", mismatch: "hold", inconclusive: "hold" },
    quiet: NEVER_MS,
    patience: NEVER_MS,
  };
}
