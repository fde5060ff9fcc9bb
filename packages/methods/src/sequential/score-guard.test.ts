/** Tests of the guard of scores: by exact expectations, and on streams that drift and ramp. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededDraws } from "../seeded-draws.ts";
import { rejects } from "./e-value.ts";
import { refusal } from "./refused.fixture.ts";
import {
  addScoredUnit,
  observedDifference,
  type ScoreGuard,
  type ScoreObservation,
  startScoreGuard,
} from "./score-guard.ts";

const unitInterval = fc.double({ min: 0, max: 1, noNaN: true });
const share = fc.double({ min: 0.005, max: 0.995, noNaN: true });
const observation = fc.record({
  arm: fc.constantFrom("challenger" as const, "control" as const),
  share,
  score: unitInterval,
});
const history = fc.array(observation, { maxLength: 60 });
const kind = fc.record({
  side: fc.constantFrom("rollback" as const, "promotion" as const),
  margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const next = fc.record({ now: share, theirs: unitInterval, part: unitInterval });

function after(observations: readonly ScoreObservation[], guard: ScoreGuard): ScoreGuard {
  return observations.reduce(addScoredUnit, guard);
}

describe("a guard of scores", () => {
  test("is a fair game or worse for every loss that it tolerates, whatever came before", () => {
    fc.assert(
      fc.property(history, kind, next, (past, given, { now, theirs, part }) => {
        const guard = after(past, startScoreGuard(given));
        // Passes and failures with these means spread as widely as any scores can.
        const edge = theirs - given.margin;
        const ours =
          given.side === "rollback" ? Math.max(0, edge) + part * (1 - Math.max(0, edge)) : part * edge;
        fc.pre(ours <= 1 && (given.side === "rollback" || edge >= 0));
        const factor = (arm: "challenger" | "control", score: number): number =>
          Math.exp(addScoredUnit(guard, { arm, share: now, score }).eValue.log - guard.eValue.log);
        const mean =
          now * (ours * factor("challenger", 1) + (1 - ours) * factor("challenger", 0)) +
          (1 - now) * (theirs * factor("control", 1) + (1 - theirs) * factor("control", 0));
        expect(mean).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test.each([
    ["rollback", 0],
    ["promotion", 0.05],
  ] as const)("earns nothing in the mean as a %s while scores drift and shares ramp", (side, loss) => {
    const random = seededDraws(3);
    let [sum, squares, fired] = [0, 0, 0];
    const streams = 1000;
    for (let stream = 0; stream < streams; stream += 1) {
      let guard = startScoreGuard({ side, margin: loss });
      for (let request = 0; request < 1000; request += 1) {
        const now = [0.01, 0.05, 0.1, 0.25, 0.5][Math.floor(request / 200)] ?? 0.5;
        const isChallenger = random.next() < now;
        const level = 0.6 - 0.2 * Math.sin(request / 150) - (isChallenger ? loss : 0);
        const score = level + 0.3 * (random.next() - 0.5);
        guard = addScoredUnit(guard, { arm: isChallenger ? "challenger" : "control", share: now, score });
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

  test("finds a loss of ten points, says how large, and an equal arm to lose less than ten", () => {
    const follow = (guard: ScoreGuard, loss: number): ScoreGuard => {
      const random = seededDraws(8);
      let state = guard;
      for (let request = 0; request < 3000; request += 1) {
        const isChallenger = random.next() < 0.2;
        const score = 0.5 - (isChallenger ? loss : 0) + 0.6 * (random.next() - 0.5);
        state = addScoredUnit(state, { arm: isChallenger ? "challenger" : "control", share: 0.2, score });
      }
      return state;
    };
    const harmful = follow(startScoreGuard({ side: "rollback", margin: 0 }), 0.1);
    expect(rejects(harmful.eValue, 0.001)).toBe(true);
    expect(observedDifference(harmful)).toBeCloseTo(-0.1, 1);
    expect(rejects(follow(startScoreGuard({ side: "promotion", margin: 0.1 }), 0).eValue, 0.001)).toBe(true);
    expect(rejects(follow(startScoreGuard({ side: "rollback", margin: 0 }), -0.1).eValue, 0.05)).toBe(false);
  });

  test("says no difference before both arms have a unit, and learns nothing from a lone arm", () => {
    const start = startScoreGuard({ side: "rollback", margin: 0 });
    const alone = addScoredUnit(start, { arm: "control", share: 0, score: 0.2 });
    expect(observedDifference(alone)).toBeNull();
    expect(alone.eValue).toEqual(start.eValue);
    expect(alone.control).toEqual({ units: 1, sum: 0.2 });
  });

  test("goes on with the same numbers after it was written down and read", () => {
    fc.assert(
      fc.property(history, history, kind, (before, later, given) => {
        const guard = after(before, startScoreGuard(given));
        const restored = JSON.parse(JSON.stringify(guard)) as ScoreGuard;
        expect(after(later, restored)).toEqual(after(later, guard));
      }),
    );
  });

  test.each([
    () => startScoreGuard({ side: "rollback", margin: 1 }),
    () => startScoreGuard({ side: "promotion", margin: -0.1 }),
    () =>
      addScoredUnit(startScoreGuard({ side: "rollback", margin: 0 }), {
        arm: "control",
        share: 0.5,
        score: 2,
      }),
    () =>
      addScoredUnit(startScoreGuard({ side: "rollback", margin: 0 }), {
        arm: "challenger",
        share: 0,
        score: 1,
      }),
  ])("refuses what cannot be", (call) => {
    expect(refusal(call)).toBe("usage");
  });
});
