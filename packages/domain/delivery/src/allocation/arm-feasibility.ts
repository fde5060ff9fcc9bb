/** Whether an arm keeps its guards, by what is known of it. */
import { posteriorBounds } from "@colophon/methods";
import type { ArmPosterior, GuardPosterior } from "./project-posteriors.ts";

/** `undecided` is neither: too little is known, or what is known lies about the limit. */
export type Feasibility = "feasible" | "undecided" | "infeasible";

/**
 * An arm is infeasible when for one guard the posterior puts the share beyond the limit with that
 * confidence, feasible when for every guard it puts it on the right side, and undecided otherwise. A guard
 * with fewer values than its minimum says nothing, so that missing evidence is neither a pass nor a breach.
 * An infeasible arm is served no more, so only a half-life, by which its evidence fades, brings it back.
 */
export function armFeasibility({ guards }: ArmPosterior, confidence: number): Feasibility {
  const states = guards.map((guard) => guardFeasibility(guard, confidence));
  if (states.includes("infeasible")) return "infeasible";
  return states.includes("undecided") ? "undecided" : "feasible";
}

function guardFeasibility({ guard, counts, arrived }: GuardPosterior, confidence: number): Feasibility {
  if (arrived < Math.max(1, guard.minimum)) return "undecided";
  const { lower, upper } = posteriorBounds(counts, 1 - confidence);
  // `direction` is where the breach lies.
  if (guard.direction === "below" ? upper < guard.limit : lower > guard.limit) return "infeasible";
  return (guard.direction === "below" ? lower >= guard.limit : upper <= guard.limit)
    ? "feasible"
    : "undecided";
}
