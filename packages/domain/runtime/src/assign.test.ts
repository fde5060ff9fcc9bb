/** Tests that assignment is sticky, monotone, fair and replayable. */
import { type AssignmentPlan, unitDraw } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, assignDraw } from "./assign.ts";

function planOf(share: number, control: number, salt = "salt"): AssignmentPlan {
  return { rollout: "r", salt, arms: [{ version: 2, share }], control, where: null };
}
const half = fc.double({ min: 0, max: 0.5, noNaN: true });
const unit = fc.string();

describe("assignment to an arm", () => {
  it("is a pure function of salt and unit", () => {
    fc.assert(
      fc.property(unit, half, half, (name, share, control) => {
        const plan = planOf(share, control);
        expect(assign(plan, name, unitDraw)).toEqual(assign(plan, name, unitDraw));
      }),
    );
  });

  it("reassigns nobody while both shares grow", () => {
    fc.assert(
      fc.property(unit, fc.array(half, { minLength: 3, maxLength: 6 }), (name, steps) => {
        const shares = [0, ...steps, 0.5].sort((x, y) => x - y);
        const lanes = shares.map((share) => assign(planOf(share, share), name, unitDraw).lane);
        const last = lanes.at(-1);
        // Once in an arm, always in that arm: the lanes are live for a while, and then one of the two for good.
        const first = lanes.findIndex((lane) => lane !== "live");
        expect(lanes.slice(0, first === -1 ? lanes.length : first).every((lane) => lane === "live")).toBe(
          true,
        );
        if (first !== -1) expect(lanes.slice(first).every((lane) => lane === last)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps the cohort of a salt, and draws another for a new one", () => {
    const inCanary = (salt: string): ReadonlySet<number> =>
      new Set(
        Array.from({ length: 2_000 }, (_, index) => index).filter(
          (index) => assign(planOf(0.1, 0, salt), `u${index}`, unitDraw).lane === "canary",
        ),
      );
    const [first, again, other] = [inCanary("a"), inCanary("a"), inCanary("b")];
    expect(again).toEqual(first);
    const both = [...first].filter((index) => other.has(index)).length;
    expect(first.size).toBeGreaterThan(140);
    expect(both).toBeLessThan(first.size / 3);
  });

  it("has probabilities that add up to one, whatever the arms", () => {
    const shares = fc.array(fc.double({ min: 0, max: 0.3, noNaN: true }), { maxLength: 3 });
    fc.assert(
      fc.property(shares, half, (given, control) => {
        const plan = {
          ...planOf(0, control),
          arms: given.map((share, index) => ({ version: index, share })),
        };
        const total = given.reduce((sum, share) => sum + share, 0);
        const held = Math.min(control, 1 - total);
        let sum = 0;
        let from = 0;
        for (const share of given) {
          if (share > 1e-9) sum += assignDraw(plan, from + share / 2).assignment.probability;
          from += share;
        }
        if (1 - held - from > 1e-9) sum += assignDraw(plan, (from + 1 - held) / 2).assignment.probability;
        if (held > 1e-9) sum += assignDraw(plan, 1 - held / 2).assignment.probability;
        expect(sum).toBeCloseTo(1, 6);
      }),
    );
  });

  it("gives each arm the share of units that it holds", () => {
    const plan = {
      ...planOf(0, 0.2),
      arms: [
        { version: 2, share: 0.1 },
        { version: 3, share: 0.3 },
      ],
    };
    const counts: Record<string, number> = {};
    for (let index = 0; index < 10_000; index++) {
      const { lane, version } = assign(plan, `unit-${index}`, unitDraw);
      const name = `${lane} ${version}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    const expected = { "canary 2": 1_000, "canary 3": 3_000, "control null": 2_000, "live null": 4_000 };
    expect(Object.keys(counts).sort()).toEqual(Object.keys(expected).sort());
    // Four standard deviations of a binomial are under 200 here.
    for (const [name, count] of Object.entries(expected))
      expect(Math.abs((counts[name] ?? 0) - count)).toBeLessThan(200);
  });

  it("is replayed from the draw in the row, without knowing who it was for", () => {
    fc.assert(
      fc.property(unit, half, half, (name, share, control) => {
        const assigned = assign(planOf(share, control), name, unitDraw);
        expect(assignDraw(planOf(share, control), assigned.assignment.draw)).toEqual(assigned);
      }),
    );
  });

  it("has no negative probability where the shares are too many", () => {
    const plan = {
      ...planOf(0, 0.5),
      arms: [
        { version: 2, share: 0.9 },
        { version: 3, share: 0.9 },
      ],
    };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        expect(assignDraw(plan, draw).assignment.probability).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
