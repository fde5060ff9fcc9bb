/** Tests of what the comparison of events promises, by seeded simulation of users that come again. */
import type { ComparisonGuard } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import { describe, expect, it } from "vitest";
import { EventComparison } from "./event-comparison.ts";

const GUARD: ComparisonGuard = {
  kind: "comparison",
  metric: "errors",
  tolerated: 1,
  acceptable: 1.5,
  alpha: 1,
  action: "rollback",
};
const RAMP = [0.05, 0.1, 0.25, 0.5];

interface World {
  readonly users: number;
  readonly calls: number;
  readonly base: number;
  /** The challenger's rate to the control's. */
  readonly ratio: number;
}

/** One rollout through a ramp with a base rate that drifts, looked at after every call. */
function play({ users, calls, base, ratio }: World, seed: number) {
  const chance = seededDraws(seed);
  const draws = Array.from({ length: users }, () => chance.next());
  // One user in ten calls and fails five times as often as the others.
  const heavy = (user: number) => user % 10 === 0;
  const comparison = new EventComparison(GUARD, "higher", { alpha: 0.01, promotionAlpha: 0.05 });
  let [fired, cleared] = [false, false];
  for (let call = 0; call < calls; call++) {
    const planned = RAMP[Math.floor((call / calls) * RAMP.length)] ?? 0.5;
    const any = chance.below(users);
    const unit = chance.next() < 0.4 ? any - (any % 10) : any;
    const arm = (draws[unit] ?? 1) < planned ? "challenger" : "control";
    const drift = 1 + 0.8 * Math.sin(call / 300);
    const rate = base * drift * (heavy(unit) ? 3 : 1) * (arm === "challenger" ? ratio : 1);
    const value = chance.next() < rate ? 1 : 0;
    comparison.observe({ unit, arm, planned, value, from: "row", epoch: 0, stage: 0, step: 0 });
    const { state } = comparison.standing();
    fired ||= state === "fired";
    cleared ||= state === "cleared";
  }
  return { fired, cleared };
}

function shareOf(what: "fired" | "cleared", world: World, runs: number): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) if (play(world, seed)[what]) count += 1;
  return count / runs;
}

describe("A comparison of events, looked at after every call", () => {
  // Bounds are those promised and two standard errors of so many runs.
  it.each([
    { users: 2000, calls: 3000, base: 0.03, ratio: 1 },
    { users: 300, calls: 3000, base: 0.1, ratio: 1 },
  ])("fires falsely in 1 % of rollouts at most: %j", (world) => {
    expect(shareOf("fired", world, 300)).toBeLessThanOrEqual(0.01 + 2 * Math.sqrt((0.01 * 0.99) / 300));
  });

  it.each([
    { users: 2000, calls: 3000, base: 0.03, ratio: 1.5 },
    { users: 300, calls: 3000, base: 0.1, ratio: 1.5 },
  ])("clears falsely in 5 % at most, also where units that go bad are used up: %j", (world) => {
    expect(shareOf("cleared", world, 300)).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / 300));
  });

  it("finds a threefold harm", () => {
    expect(shareOf("fired", { users: 3000, calls: 4000, base: 0.05, ratio: 3 }, 50)).toBeGreaterThan(0.95);
  });

  it("clears what does no harm, given calls enough", () => {
    expect(shareOf("cleared", { users: 20_000, calls: 12_000, base: 0.1, ratio: 1 }, 20)).toBeGreaterThan(
      0.7,
    );
  });
});
