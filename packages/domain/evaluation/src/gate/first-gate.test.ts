/** Tests of what stands beside the gate: first versions, looks at a test split, noise. */
import { errorCodeOf } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideFirstGate } from "./decide-first-gate.ts";
import { measureNoise } from "./measure-noise.ts";
import { type Ladder, revealScore } from "./reveal-score.ts";
import { line, lines, name, passes } from "./score-lines.fixture.ts";
import { spendLook } from "./spend-look.ts";

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
};

describe("decideFirstGate", () => {
  test("ships on a mean that is above the threshold for certain, and says that nothing was compared", () => {
    const verdict = decideFirstGate({ challenger: passes(46, 50) });
    expect(verdict).toMatchObject({
      verdict: "ship",
      threshold: 0.7,
      difference: null,
      ratchet: null,
      method: "clopper-pearson",
      means: { baseline: null, challenger: 0.92 },
    });
    expect(verdict.reasons[0]).toContain("no baseline");
  });

  test("blocks below it and on a required rule, and is inconclusive in between", () => {
    expect(decideFirstGate({ challenger: passes(20, 50) }).verdict).toBe("block");
    expect(decideFirstGate({ challenger: passes(36, 50) }).verdict).toBe("inconclusive");
    const vetoed = lines(
      50,
      () => 1,
      (at) => ({ required: at !== 2 }),
    );
    expect(decideFirstGate({ challenger: vetoed })).toMatchObject({
      verdict: "block",
      vetoes: [{ kind: "required", case: name(2) }],
    });
  });

  test("does not ship on what is missing: an answer without a score, or a required rule without a result", () => {
    const lacking = lines(100, (at) => (at < 5 ? null : at < 21 ? 0 : 1));
    const verdict = decideFirstGate({ challenger: lacking, options: { threshold: 0.74 } });
    expect(verdict.lower).toBeGreaterThan(0.74);
    expect(verdict.verdict).toBe("inconclusive");
    expect(decideFirstGate({ challenger: lacking.slice(5), options: { threshold: 0.74 } }).verdict).toBe(
      "ship",
    );
    const ruled = lines(
      100,
      (at) => (at === 3 ? null : 1),
      (at) => (at === 3 ? {} : { required: true }),
    );
    expect(decideFirstGate({ challenger: ruled }).verdict).toBe("inconclusive");
  });

  test("takes its threshold from the risk, and an explicit one first", () => {
    const challenger = passes(42, 50);
    expect(decideFirstGate({ challenger, options: { risk: "high" } })).toMatchObject({
      verdict: "inconclusive",
      threshold: 0.8,
    });
    expect(decideFirstGate({ challenger, options: { risk: "high", threshold: 0.5 } }).verdict).toBe("ship");
    expect(codeOf(() => decideFirstGate({ challenger, options: { threshold: 2 } }))).toBe("usage");
  });

  test("judges scores by t, and scores at the end of the scale with care", () => {
    const random = seededDraws(3);
    expect(decideFirstGate({ challenger: lines(40, () => 0.8 + 0.1 * random.next()) })).toMatchObject({
      verdict: "ship",
      method: "student",
    });
    const perfect = decideFirstGate({ challenger: lines(12, (at) => (at === 0 ? 0.9 : 1)) });
    expect(perfect.method).toBe("student+clopper-pearson");
    expect(perfect.lower).toBeLessThan(0.9);
  });

  test("is invalid without scores, inconclusive on too few", () => {
    expect(decideFirstGate({ challenger: [] }).verdict).toBe("invalid");
    expect(decideFirstGate({ challenger: lines(20, (at) => (at < 3 ? null : 1)) }).verdict).toBe("invalid");
    expect(decideFirstGate({ challenger: passes(5, 5), options: { threshold: 0.1 } })).toMatchObject({
      verdict: "inconclusive",
      casesNeeded: 10,
    });
  });
});

describe("revealScore", () => {
  test("reveals the first score rounded, and then only what beats it by more than a step", () => {
    const first = revealScore({ best: null }, 0.8123);
    expect(first).toEqual({ revealed: 0.81, improved: true, ladder: { best: 0.81 } });
    expect(revealScore(first.ladder, 0.8149)).toMatchObject({ revealed: 0.81, improved: false });
    expect(revealScore(first.ladder, 0.4)).toMatchObject({ revealed: 0.81, improved: false });
    expect(revealScore(first.ladder, 0.8312)).toMatchObject({ revealed: 0.83, improved: true });
  });

  test("never reveals less than before, nor more than half a step above the score that set it", () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, (given) => {
        let ladder: Ladder = { best: null };
        let highest = 0;
        for (const score of given) {
          highest = Math.max(highest, score);
          const next = revealScore(ladder, score, 0.01);
          expect(next.revealed).toBeGreaterThanOrEqual(ladder.best ?? 0);
          expect(next.revealed).toBeLessThanOrEqual(highest + 0.005 + 1e-9);
          ladder = next.ladder;
        }
      }),
    );
  });

  test("keeps one who only looks often from climbing by luck", () => {
    const random = seededDraws(17);
    const looks = Array.from({ length: 400 }, () => 0.5 + 0.06 * (random.next() + random.next() - 1));
    let ladder: Ladder = { best: null };
    let steps = 0;
    for (const score of looks) {
      const next = revealScore(ladder, score, 0.02);
      steps += Number(next.improved);
      ladder = next.ladder;
    }
    expect(steps).toBeLessThanOrEqual(5);
  });

  test("refuses what is no score", () => {
    expect(codeOf(() => revealScore({ best: null }, 1.2))).toBe("usage");
    expect(codeOf(() => revealScore({ best: null }, 0.5, 0))).toBe("usage");
  });
});

describe("spendLook", () => {
  test("allows as many looks as the budget has, and then says how to go on", () => {
    expect(spendLook({ looks: 0, budget: 2 })).toEqual({ allowed: true, looks: 1, left: 1 });
    expect(spendLook({ looks: 1, budget: 2 })).toEqual({ allowed: true, looks: 2, left: 0 });
    expect(spendLook({ looks: 2, budget: 2 })).toMatchObject({
      allowed: false,
      looks: 2,
      reason: expect.stringMatching(/^test split exhausted: .*new version of the set/),
    });
    expect(codeOf(() => spendLook({ looks: -1, budget: 2 }))).toBe("usage");
  });
});

describe("measureNoise", () => {
  const noisy = (seed: number) => {
    const random = seededDraws(seed);
    return [0, 1].flatMap((repeat) =>
      lines(
        200,
        () => 0.5 + 0.3 * random.next(),
        () => ({ repeat }),
      ),
    );
  };

  test("gives the noise of an equal pair, and the cases that margins need with it", () => {
    const noise = measureNoise(noisy(1), noisy(2));
    // Means of two uniform draws of width 0.3: variance 0.3²/12/2 on either side.
    expect(noise?.deviation).toBeCloseTo(Math.sqrt(0.09 / 12), 1);
    expect(noise?.withinCases).toBeCloseTo(0.09 / 12, 3);
    expect(noise?.biased).toBe(false);
    const cases = noise?.casesFor.map((one) => one.cases) ?? [];
    expect(cases).toEqual(cases.toSorted((a, b) => b - a));
  });

  test("notices two passes that are not of one version, and has nothing to say without pairs", () => {
    const shifted = noisy(2).map((one) => ({ ...one, score: (one.score ?? 0) + 0.1 }));
    expect(measureNoise(noisy(1), shifted)?.biased).toBe(true);
    expect(measureNoise([line("a", 1)], [line("b", 1)])).toBeNull();
  });

  test("knows nothing of the noise within cases that were not repeated", () => {
    const noise = measureNoise(passes(60, 60), passes(60, 60));
    expect(noise).toMatchObject({ withinCases: null, moved: 0, deviation: 0 });
    expect(noise?.casesFor.find(({ margin }) => margin === 0.03)?.cases).toBe(99);
  });
});
