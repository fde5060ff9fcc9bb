/** Tests that assignment is sticky, monotone, fair and replayable. */
import { type AssignmentPlan, unitDraw } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, assignDraw } from "./assign.ts";

type Shares = Readonly<Record<number, number>>;

function armsOf(shares: Shares): AssignmentPlan {
  const arms = Object.entries(shares).map(([version, share]) => ({ version: Number(version), share }));
  return { ...planOf(0, 0), arms };
}

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
    const shares = fc.array(fc.double({ min: 0.01, max: 0.3, noNaN: true }), { maxLength: 3 });
    fc.assert(
      fc.property(shares, half, (given, control) => {
        const plan = {
          ...planOf(0, control),
          arms: given.map((share, index) => ({ version: index, share })),
        };
        const probabilities = new Map<string, number>();
        for (let index = 0; index < 2_000; index++) {
          const { lane, version, assignment } = assignDraw(plan, (index + 0.5) / 2_000);
          probabilities.set(`${lane} ${version}`, assignment.probability);
        }
        const sum = [...probabilities.values()].reduce((total, one) => total + one, 0);
        // A lane so narrow that no draw fell into it is missing.
        expect(Math.abs(sum - 1)).toBeLessThan(0.001);
      }),
      { numRuns: 50 },
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

  it("finds the arm by the draw and not by the order in which the arms stand", () => {
    fc.assert(
      fc.property(unit, fc.array(half, { minLength: 2, maxLength: 5 }), (name, given) => {
        const shares = given.map((share) => share / 3);
        const plan = armsOf({ ...shares });
        const turned = { ...plan, arms: plan.arms.toReversed() };
        expect(assign(turned, name, unitDraw).version).toBe(assign(plan, name, unitDraw).version);
      }),
    );
  });
});

describe("new shares of several arms", () => {
  const shares = fc
    .array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
    .map((weights): Shares => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return Object.fromEntries(weights.map((weight, index) => [index + 1, (weight / total) * 0.9]));
    });
  const versionAt = (plan: AssignmentPlan, draw: number) => assignDraw(plan, draw).version;

  it("move a unit only into an arm whose share grew beside that of the arm it left", () => {
    fc.assert(
      fc.property(unit, shares, shares, (name, before, after) => {
        const draw = unitDraw(`salt:${name}`);
        const [left, entered] = [versionAt(armsOf(before), draw), versionAt(armsOf(after), draw)];
        fc.pre(left !== null && entered !== null && left !== entered);
        const growth = (version: number) => (after[version] ?? 0) / (before[version] ?? 0);
        expect(growth(entered as number)).toBeGreaterThan(growth(left as number));
      }),
      { numRuns: 3_000 },
    );
  });

  it("move units into the one arm that grew, and out of the one that shrank", () => {
    const weight = fc.double({ min: 0.02, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(unit, weight, weight, (name, small, more) => {
        const draw = unitDraw(`salt:${name}`);
        const less = versionAt(armsOf({ 1: 0.2, 2: 0.3, 3: small }), draw);
        const grown = versionAt(armsOf({ 1: 0.2, 2: 0.3, 3: small + more }), draw);
        // Who was live may come into any of them: the arms together hold more.
        if (less !== null) expect([less, 3]).toContain(grown);
        if (grown !== 3) expect([null, grown]).toContain(less);
      }),
      { numRuns: 3_000 },
    );
  });

  it("leave everybody where he is while all of them grow alike, as a rollout of several arms does", () => {
    fc.assert(
      fc.property(unit, shares, fc.double({ min: 0.05, max: 1, noNaN: true }), (name, full, part) => {
        const draw = unitDraw(`salt:${name}`);
        const early = Object.fromEntries(Object.entries(full).map(([one, share]) => [one, share * part]));
        const before = versionAt(armsOf(early), draw);
        if (before !== null) expect(versionAt(armsOf(full), draw)).toBe(before);
      }),
      { numRuns: 3_000 },
    );
  });

  it("move no more units than any rule without a memory has to", () => {
    const draws = Array.from({ length: 4_000 }, (_, index) => unitDraw(`salt:unit-${index}`));
    fc.assert(
      fc.property(shares, shares, (before, after) => {
        const [one, other] = [armsOf(before), armsOf(after)];
        const held = draws.filter((draw) => draw < 0.9 - 1e-9);
        const moved = held.filter((draw) => versionAt(one, draw) !== versionAt(other, draw)).length;
        const least = [1, 2, 3].reduce((sum, version) => {
          return sum + Math.abs((before[version] ?? 0) - (after[version] ?? 0)) / 2 / 0.9;
        }, 0);
        // Five standard deviations of the share of some 3,600 units are 0.042 at the most.
        expect(moved / held.length).toBeLessThan((2 * least) / (1 + least) + 0.042);
        expect(moved / held.length).toBeGreaterThan(least - 0.042);
      }),
      { numRuns: 60 },
    );
  });

  it("give each arm its share wherever the others stand", () => {
    const plan = armsOf({ 2: 0.005, 3: 0.01, 4: 0.005 });
    const counts = new Map<number | null, number>();
    for (let index = 0; index < 200_000; index++) {
      const { version } = assign(plan, `unit-${index}`, unitDraw);
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
    // Five standard deviations of a binomial are under 230 here.
    for (const [version, share] of [
      [2, 0.005],
      [3, 0.01],
      [4, 0.005],
    ] as const)
      expect(Math.abs((counts.get(version) ?? 0) - share * 200_000)).toBeLessThan(230);
  });
});
