/** Tests of the guard of bad units: by hand, by exact expectations, and on streams that drift and ramp. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import type { ArmShare } from "./arm-share.ts";
import { addBadUnit, type BinaryGuard, observedRatio, startBinaryGuard } from "./binary-guard.ts";
import { rejects } from "./e-value.ts";
import { refusal } from "./refused.fixture.ts";

const share = fc.double({ min: 0.005, max: 0.995, noNaN: true });
const unit = fc.record({ arm: fc.constantFrom("challenger" as const, "control" as const), share });
const history = fc.array(unit, { maxLength: 60 });
const kind = fc.record({
  side: fc.constantFrom("rollback" as const, "promotion" as const),
  ratio: fc.double({ min: 0.2, max: 5, noNaN: true }),
});

function after(units: readonly ArmShare[], guard: BinaryGuard): BinaryGuard {
  return units.reduce(addBadUnit, guard);
}

describe("a guard of bad units", () => {
  test("bets the first unit at 1.5 times the tolerated ratio", () => {
    const start = startBinaryGuard({ side: "rollback", ratio: 1 });
    // A share of 0.5 under the null, 1.5/2.5 = 0.6 in the bet.
    const bad = addBadUnit(start, { arm: "challenger", share: 0.5 });
    expect(bad.eValue.log).toBeCloseTo(Math.log(0.6 / 0.5), 12);
    // Then 16 units at 0.6 and the one that came: (9.6 + 1)/17.
    const good = addBadUnit(bad, { arm: "control", share: 0.5 });
    expect(good.eValue.log).toBeCloseTo(Math.log(0.6 / 0.5) + Math.log((1 - 10.6 / 17) / 0.5), 12);
    expect(good.eValue.peak).toBe(bad.eValue.log);
  });

  test("bets the first unit of a promotion at an equal rate", () => {
    const start = startBinaryGuard({ side: "promotion", ratio: 1.5 });
    const { eValue } = addBadUnit(start, { arm: "control", share: 0.5 });
    expect(eValue.log).toBeCloseTo(Math.log(0.5 / 0.4), 12);
  });

  test("is a fair game or worse at every tolerated ratio, whatever came before", () => {
    fc.assert(
      fc.property(
        history,
        kind,
        fc.record({ now: share, part: fc.double({ min: 0, max: 1, noNaN: true }) }),
        (past, given, { now, part }) => {
          const guard = after(past, startBinaryGuard(given));
          const ratio = given.side === "rollback" ? given.ratio * part : given.ratio / Math.max(part, 1e-3);
          const chance = (now * ratio) / (now * ratio + 1 - now);
          const factor = (arm: ArmShare["arm"]): number =>
            Math.exp(addBadUnit(guard, { arm, share: now }).eValue.log - guard.eValue.log);
          expect(chance * factor("challenger") + (1 - chance) * factor("control")).toBeLessThanOrEqual(
            1 + 1e-9,
          );
        },
      ),
    );
  });

  test.each([
    ["rollback", 1],
    ["promotion", 1.25],
  ] as const)("earns nothing in the mean as a %s while rates drift and shares ramp", (side, ratio) => {
    const random = seededDraws(11);
    let [sum, squares, fired] = [0, 0, 0];
    const streams = 4000;
    for (let stream = 0; stream < streams; stream += 1) {
      let guard = startBinaryGuard({ side, ratio });
      for (let request = 0; request < 1500; request += 1) {
        const now = [0.01, 0.05, 0.1, 0.25, 0.5][Math.floor(request / 300)] ?? 0.5;
        const base = 0.03 * (1 + 0.9 * Math.sin(request / 150));
        const isChallenger = random.next() < now;
        if (random.next() >= base * (isChallenger ? ratio : 1)) continue;
        guard = addBadUnit(guard, { arm: isChallenger ? "challenger" : "control", share: now });
      }
      const wealth = Math.exp(guard.eValue.log);
      sum += wealth;
      squares += wealth * wealth;
      if (rejects(guard.eValue, 0.05)) fired += 1;
    }
    const mean = sum / streams;
    const error = Math.sqrt((squares / streams - mean * mean) / streams);
    expect(mean).toBeLessThanOrEqual(1 + 3 * error);
    expect(fired / streams).toBeLessThanOrEqual(0.05);
  });

  test("finds a doubled rate, and an equal one to be no worse than 1.5 times", () => {
    const random = seededDraws(5);
    const follow = (guard: BinaryGuard, ratio: number): BinaryGuard => {
      let state = guard;
      for (let bad = 0; bad < 1500; bad += 1) {
        const isChallenger = random.next() < ratio / (ratio + 1);
        state = addBadUnit(state, { arm: isChallenger ? "challenger" : "control", share: 0.5 });
      }
      return state;
    };
    const harmful = follow(startBinaryGuard({ side: "rollback", ratio: 1 }), 2);
    expect(rejects(harmful.eValue, 0.001)).toBe(true);
    expect(observedRatio(harmful)).toBeCloseTo(2, 0);
    expect(rejects(follow(startBinaryGuard({ side: "promotion", ratio: 1.5 }), 1).eValue, 0.001)).toBe(true);
  });

  test("estimates the ratio across shares of a ramp", () => {
    // Equal arms at 1 % and then at 50 %, in exact proportions: a pooled count would say 0.5.
    const early = [
      ...Array<ArmShare["arm"]>(1).fill("challenger"),
      ...Array<ArmShare["arm"]>(99).fill("control"),
    ];
    const late = [
      ...Array<ArmShare["arm"]>(20).fill("challenger"),
      ...Array<ArmShare["arm"]>(20).fill("control"),
    ];
    const guard = after(
      [...early.map((arm) => ({ arm, share: 0.01 })), ...late.map((arm) => ({ arm, share: 0.5 }))],
      startBinaryGuard({ side: "rollback", ratio: 1 }),
    );
    expect(observedRatio(guard)).toBeCloseTo(1, 12);
    expect(observedRatio(startBinaryGuard({ side: "rollback", ratio: 1 }))).toBeNull();
  });

  test("learns nothing where only one arm could go bad", () => {
    const start = startBinaryGuard({ side: "rollback", ratio: 1 });
    expect(addBadUnit(start, { arm: "control", share: 0 }).eValue).toEqual(start.eValue);
    expect(addBadUnit(start, { arm: "challenger", share: 1 }).eValue).toEqual(start.eValue);
  });

  test("goes on with the same numbers after it was written down and read", () => {
    fc.assert(
      fc.property(history, history, kind, (before, later, given) => {
        const guard = after(before, startBinaryGuard(given));
        const restored = JSON.parse(JSON.stringify(guard)) as BinaryGuard;
        expect(after(later, restored)).toEqual(after(later, guard));
      }),
    );
  });

  test.each([
    () => startBinaryGuard({ side: "rollback", ratio: 0 }),
    () => startBinaryGuard({ side: "rollback", ratio: Number.POSITIVE_INFINITY }),
    () => addBadUnit(startBinaryGuard({ side: "rollback", ratio: 1 }), { arm: "control", share: 1.2 }),
    () => addBadUnit(startBinaryGuard({ side: "rollback", ratio: 1 }), { arm: "challenger", share: 0 }),
    () => addBadUnit(startBinaryGuard({ side: "rollback", ratio: 1 }), { arm: "control", share: 1 }),
  ])("refuses what cannot be", (call) => {
    expect(refusal(call)).toBe("usage");
  });
});
