/** Tests of the decision: guards first, then the draw, the floor, the cap, and what is worth publishing. */
import { errorCodeOf } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KnownArm, posteriorsOf } from "./allocation.fixture.ts";
import { type Allocation, type AllocationOptions, decideAllocation } from "./decide-allocation.ts";

const OPTIONS: AllocationOptions = { live: 6, floor: 0.01, cap: 1, seed: 1, draws: 2000 };

/** As good as v6, and surely so. */
const LIVE: KnownArm = { version: 6, objectives: [[800, 200]], schemaOk: [990, 10] };

function decide(arms: readonly KnownArm[], options: Partial<AllocationOptions> = {}): Allocation {
  return decideAllocation(posteriorsOf(arms), { ...OPTIONS, ...options });
}

function shareOf(allocation: Allocation, version: number): number {
  return allocation.arms.find((arm) => arm.version === version)?.share ?? Number.NaN;
}

function codeOf(task: () => unknown): string | undefined {
  try {
    task();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("decideAllocation", () => {
  test("gives most to the better arm, and the floor to the other", () => {
    const better = decide([LIVE, { version: 7, objectives: [[900, 100]], schemaOk: [990, 10] }]);
    expect(shareOf(better, 7)).toBeCloseTo(0.99, 9);
    expect(shareOf(better, 6)).toBeCloseTo(0.01, 9);
    const worse = decide([LIVE, { version: 7, objectives: [[700, 300]], schemaOk: [990, 10] }]);
    expect(shareOf(worse, 7)).toBeCloseTo(0.01, 9);
  });

  test("splits between arms that different weights ask for", () => {
    const arms = [
      {
        version: 6,
        objectives: [
          [900, 100],
          [100, 900],
        ] as const,
      },
      {
        version: 7,
        objectives: [
          [100, 900],
          [900, 100],
        ] as const,
      },
    ];
    expect(Math.abs(shareOf(decide(arms), 7) - 0.5)).toBeLessThan(0.05);
    const weighed = decide(arms, { weights: { o2: 3 }, floor: 0 });
    expect(Math.abs(shareOf(weighed, 7) - 7 / 8)).toBeLessThan(0.05);
  });

  test("gives nothing to an arm that breaks its guard, however good it is", () => {
    const allocation = decide([LIVE, { version: 7, objectives: [[999, 1]], schemaOk: [880, 120] }]);
    expect(allocation.arms[1]).toEqual({ version: 7, share: 0, feasibility: "infeasible" });
    expect(shareOf(allocation, 6)).toBe(1);
  });

  test.each<readonly [string, readonly [number, number]]>([
    ["nothing is known of its guard", [0, 0]],
    ["too little is known of it, though all was well", [29, 0]],
    ["too little is known of it, though nothing was well", [0, 29]],
    ["what is known lies about the limit", [95, 5]],
  ])("gives the floor alone to an arm while %s", (_, schemaOk) => {
    const allocation = decide([LIVE, { version: 7, objectives: [[999, 1]], schemaOk }]);
    expect(allocation.arms[1]).toEqual({ version: 7, share: 0.01, feasibility: "undecided" });
  });

  test("lets live compete whatever its own guard says, and serves it where nobody else may", () => {
    const broken: KnownArm = { ...LIVE, schemaOk: [500, 500] };
    const alone = decide([broken, { version: 7, objectives: [[900, 100]], schemaOk: [500, 500] }]);
    expect(shareOf(alone, 6)).toBe(1);
    const beaten = decide([broken, { version: 7, objectives: [[900, 100]], schemaOk: [990, 10] }]);
    expect(shareOf(beaten, 7)).toBeCloseTo(0.99, 9);
  });

  test("keeps the challengers together under the cap, in proportion, floors included", () => {
    const good = (version: number): KnownArm => ({ version, objectives: [[900, 100]] });
    const free = decide([LIVE, good(7), good(8)], { cap: 1 });
    const capped = decide([LIVE, good(7), good(8)], { cap: 0.1 });
    const { challengers } = capped;
    expect(challengers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.1, 12);
    expect(shareOf(capped, 6)).toBeCloseTo(0.9, 12);
    expect(shareOf(capped, 7) / shareOf(capped, 8)).toBeCloseTo(shareOf(free, 7) / shareOf(free, 8), 9);
    expect(shareOf(decide([LIVE, good(7), good(8)], { cap: 0.01 }), 7)).toBeLessThan(0.01);
  });

  test("gives shares that add up to 1, within floor and cap, and the same for the same seed", () => {
    const counts = fc.tuple(fc.nat(60), fc.nat(60));
    const arm = fc.record({
      objectives: fc.tuple(counts, counts),
      schemaOk: fc.constantFrom<readonly [number, number]>([0, 0], [400, 2], [95, 5], [100, 100]),
    });
    const arms = fc
      .array(arm, { minLength: 1, maxLength: 5 })
      .map((all) => all.map((one, at): KnownArm => ({ ...one, version: 6 + at })));
    const options = fc.record({ floor: fc.constantFrom(0, 0.01, 0.1), cap: fc.constantFrom(0, 0.1, 0.5, 1) });
    fc.assert(
      fc.property(arms, options, (given, asked) => {
        const allocation = decide(given, { ...asked, draws: 1000 });
        expect(allocation.arms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        const together = allocation.challengers.reduce((sum, { share }) => sum + share, 0);
        expect(together).toBeLessThanOrEqual(asked.cap + 1e-12);
        for (const { version, share, feasibility } of allocation.arms) {
          expect(share).toBeGreaterThanOrEqual(0);
          if (version === 6) continue;
          if (feasibility === "infeasible") expect(share).toBe(0);
          if (feasibility === "undecided") expect(share).toBeLessThanOrEqual(asked.floor);
          if (feasibility !== "infeasible" && asked.cap === 1) {
            expect(share).toBeGreaterThanOrEqual(asked.floor - 1e-12);
          }
        }
        expect(decide(given, { ...asked, draws: 1000 })).toEqual(allocation);
      }),
      { numRuns: 40 },
    );
  });

  test("publishes at first, and then what changes a share enough", () => {
    const arms: readonly KnownArm[] = [LIVE, { version: 7, objectives: [[700, 300]] }];
    const first = decide(arms);
    expect(first).toMatchObject({ publish: true, change: null });
    expect(decide(arms, { published: first.challengers })).toMatchObject({ publish: false, change: 0 });
    const near = [{ version: 7, share: 0.02 }];
    expect(decide(arms, { published: near })).toMatchObject({ publish: false });
    expect(decide(arms, { published: near, minChange: 0.01 })).toMatchObject({ publish: true });
    const far = decide(arms, { published: [{ version: 7, share: 0.4 }] });
    expect(far.publish).toBe(true);
    expect(far.change).toBeCloseTo(0.39, 9);
  });

  test("publishes however little changes when an arm gets its first share, or loses its last", () => {
    const broken: readonly KnownArm[] = [LIVE, { version: 7, objectives: [[1, 1]], schemaOk: [50, 50] }];
    const before = [{ version: 7, share: 0.001 }];
    expect(decide(broken, { published: before, minChange: 0.5 }).publish).toBe(true);
    const fresh: readonly KnownArm[] = [LIVE, { version: 7, objectives: [[0, 0]], schemaOk: [0, 0] }];
    expect(decide(fresh, { published: [], minChange: 0.5 }).publish).toBe(true);
    expect(decide([LIVE], { published: before, minChange: 0.5 }).publish).toBe(true);
  });

  test.each<readonly [string, Partial<AllocationOptions>]>([
    ["a live version that is no arm", { live: 5 }],
    ["a cap of more than all", { cap: 1.1 }],
    ["a floor that there is no room for", { floor: 0.6 }],
    ["weights of an objective that there is not", { weights: { speed: 2 } }],
    ["weights below 1", { weights: { o1: 0.5 } }],
  ])("refuses %s", (_, options) => {
    const arms = [LIVE, { ...LIVE, version: 7 }];
    expect(codeOf(() => decide(arms, options))).toBe("usage");
  });
});
