/** Tests of the gate: its four verdicts, and everything that decides between them. */
import { errorCodeOf } from "@colophon/kernel";
import { seededDraws } from "@colophon/methods";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoreGuards, ScoreLine } from "../score-line.ts";
import { decideGate } from "./decide-gate.ts";
import { line, lines, name, passes } from "./score-lines.fixture.ts";

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
};

/** Scores about 0.7 with a deviation of about 0.06, and the change added. */
function noisy(count: number, seed: number, change = 0): readonly ScoreLine[] {
  const random = seededDraws(seed);
  return lines(count, () => 0.6 + 0.2 * random.next() + change);
}

describe("the verdict on pass or fail", () => {
  test("is block for 9 of 30 where the baseline has 26", () => {
    const verdict = decideGate({ baseline: passes(26, 30), challenger: passes(9, 30) });
    expect(verdict).toMatchObject({
      verdict: "block",
      method: "tango",
      cases: 30,
      repeats: 1,
      ratchet: "block",
    });
    expect(verdict.difference).toBeCloseTo(-17 / 30, 12);
    expect(verdict.upper).toBeLessThan(-0.03);
    expect(verdict.flipped).toHaveLength(17);
    expect(verdict.casesNeeded).toBeNull();
  });

  test("is block too where the 9 are spread over the cases as they may be", () => {
    const challenger = lines(30, (at) => (at >= 21 ? 1 : 0));
    expect(decideGate({ baseline: passes(26, 30), challenger }).verdict).toBe("block");
  });

  test.each([
    [15, [3]],
    [17, [3, 9]],
    [20, [0, 19]],
  ])("is inconclusive for %d cases with the cases %j lost, which it names", (count, lost) => {
    const challenger = lines(count, (at) => (lost.includes(at) ? 0 : 1));
    const verdict = decideGate({ baseline: passes(count, count), challenger });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.flipped.map((flip) => flip.case)).toEqual(lost.map(name));
    expect(verdict.flipped[0]).toMatchObject({ baseline: 1, challenger: 0, difference: -1 });
    expect(verdict.casesNeeded).toBeGreaterThan(count);
    expect(verdict.reasons.join(" ")).toContain("shadow");
  });

  test("is inconclusive for 20 cases with one lost and one won, worst first", () => {
    const challenger = lines(20, (at) => (at === 4 ? 0 : 1));
    const baseline = lines(20, (at) => (at === 8 ? 0 : 1));
    const verdict = decideGate({ baseline, challenger });
    expect(verdict).toMatchObject({ verdict: "inconclusive", difference: 0, ratchet: "ship" });
    expect(verdict.flipped.map((flip) => [flip.case, flip.difference])).toEqual([
      [name(4), -1],
      [name(8), 1],
    ]);
  });

  test("is inconclusive for equal answers until a loss within the margin is ruled out", () => {
    const verdict = (count: number) =>
      decideGate({ baseline: passes(count, count), challenger: passes(count, count) });
    expect(verdict(50)).toMatchObject({ verdict: "inconclusive", difference: 0, flipped: [] });
    expect(verdict(50).casesNeeded).toBeGreaterThanOrEqual(99);
    // 0.97⁹⁸ is above 5 %, 0.97⁹⁹ below.
    expect(verdict(98).verdict).toBe("inconclusive");
    expect(verdict(99).verdict).toBe("ship");
  });

  test("is inconclusive for repeats that never differ as for one that does not", () => {
    const thrice = (count: number) =>
      [0, 1, 2].flatMap((repeat) =>
        lines(
          count,
          () => 0.8,
          () => ({ repeat }),
        ),
      );
    expect(decideGate({ baseline: thrice(50), challenger: thrice(50) }).verdict).toBe("inconclusive");
    expect(decideGate({ baseline: thrice(120), challenger: thrice(120) })).toMatchObject({
      verdict: "ship",
      repeats: 3,
    });
  });
});

describe("the verdict on scores", () => {
  test("is ship for an equal challenger on enough cases, by Student's t", () => {
    const verdict = decideGate({ baseline: noisy(120, 1), challenger: noisy(120, 2) });
    expect(verdict).toMatchObject({
      verdict: "ship",
      method: "student",
      margin: 0.03,
      alpha: 0.05,
      vetoes: [],
    });
    expect(verdict.lower).toBeGreaterThan(-0.03);
  });

  test("is block for a worse one, ship for a better one", () => {
    expect(decideGate({ baseline: noisy(60, 1), challenger: noisy(60, 2, -0.15) }).verdict).toBe("block");
    expect(decideGate({ baseline: noisy(60, 1), challenger: noisy(60, 2, 0.1) }).verdict).toBe("ship");
  });

  test("says how many cases, or repeats, would decide", () => {
    const repeated = (seed: number): readonly ScoreLine[] => {
      const random = seededDraws(seed);
      return [0, 1].flatMap((repeat) =>
        lines(
          40,
          () => 0.4 + 0.5 * random.next(),
          () => ({ repeat }),
        ),
      );
    };
    const verdict = decideGate({ baseline: repeated(3), challenger: repeated(4), options: { margin: 0.02 } });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.casesNeeded).toBeGreaterThan(40);
    expect(verdict.repeatsNeeded).toBeGreaterThan(2);
    expect(verdict.reasons.join(" ")).toMatch(
      /About \d+ cases \(\d+ more\), or \d+ repeats of each, would decide it\./,
    );
  });

  test("takes the margin from the risk, and an explicit one first", () => {
    const input = { baseline: noisy(120, 1), challenger: noisy(120, 2) };
    expect(decideGate({ ...input, options: { risk: "high" } }).margin).toBe(0.01);
    expect(decideGate({ ...input, options: { risk: "low" } }).margin).toBe(0.05);
    expect(decideGate({ ...input, options: { risk: "low", margin: 0.02 } }).margin).toBe(0.02);
  });

  test("respects clusters: the same numbers in few conversations are worth less", () => {
    const spread = (seed: number, clustered: boolean): readonly ScoreLine[] => {
      const random = seededDraws(seed);
      const byCluster = Array.from({ length: 10 }, () => random.next());
      return lines(
        100,
        (at) => 0.5 + 0.15 * (byCluster[at % 10] ?? 0),
        (at) => ({ cluster: clustered ? `conversation ${at % 10}` : null }),
      );
    };
    const width = (clustered: boolean): number => {
      const verdict = decideGate({ baseline: spread(1, clustered), challenger: spread(2, clustered) });
      expect(verdict.clusters).toBe(clustered ? 10 : 100);
      return (verdict.upper ?? 0) - (verdict.lower ?? 0);
    };
    expect(width(true)).toBeGreaterThan(3 * width(false));
  });

  test("counts a case once, however often it was repeated", () => {
    const baseline = lines(20, () => 0.5);
    const challenger = [
      ...lines(20, (at) => (at === 0 ? 0.9 : 0.5)),
      ...Array.from({ length: 9 }, (_, at) => line(name(0), 0.9, { repeat: at + 1 })),
    ];
    expect(decideGate({ baseline, challenger }).difference).toBeCloseTo(0.4 / 20, 12);
  });

  test("does not depend on the order of the lines", () => {
    const repeated = (seed: number) =>
      [0, 1, 2].flatMap((repeat) =>
        noisy(30, seed + repeat).map((one, at) => ({
          ...one,
          repeat,
          cluster: `k${at % 11}`,
          slice: [`s${at % 3}`],
        })),
      );
    const [baseline, challenger] = [repeated(1), repeated(10)];
    const expected = decideGate({ baseline, challenger });
    fc.assert(
      fc.property(fc.shuffledSubarray(challenger, { minLength: challenger.length }), (shuffled) => {
        expect(decideGate({ baseline: baseline.toReversed(), challenger: shuffled })).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("turns around when the sides are exchanged", () => {
    const [one, other] = [noisy(60, 1), noisy(60, 2, 0.01)];
    const there = decideGate({ baseline: one, challenger: other });
    const back = decideGate({ baseline: other, challenger: one });
    expect(back.difference).toBeCloseTo(-(there.difference ?? 0), 12);
    expect(back.lower).toBeCloseTo(-(there.upper ?? 0), 12);
  });
});

describe("modes", () => {
  const slightlyWorse = { baseline: noisy(400, 1, 0.005), challenger: noisy(400, 2, -0.001) };

  test("strict is the ratchet, and every verdict says what it would have said", () => {
    expect(decideGate(slightlyWorse)).toMatchObject({ verdict: "ship", ratchet: "block" });
    const strict = decideGate({ ...slightlyWorse, options: { mode: "strict" } });
    expect(strict).toMatchObject({ verdict: "block", mode: "strict", ratchet: "block" });
    const equal = decideGate({
      baseline: passes(20, 25),
      challenger: passes(20, 25),
      options: { mode: "strict" },
    });
    expect(equal.verdict).toBe("ship");
  });

  test("both asks for both", () => {
    expect(decideGate({ ...slightlyWorse, options: { mode: "both" } }).verdict).toBe("block");
    const better = { baseline: noisy(400, 1), challenger: noisy(400, 2, 0.02) };
    expect(decideGate({ ...better, options: { mode: "both" } }).verdict).toBe("ship");
    const few = { baseline: passes(20, 20), challenger: passes(20, 20), options: { mode: "both" as const } };
    expect(decideGate(few).verdict).toBe("inconclusive");
  });
});

describe("preferences", () => {
  /** Of the challenger: that many wins, then losses, then ties. */
  const preferred = (wins: number, losses: number, of: number) => {
    const score = (at: number): number => (at < wins ? 1 : at < wins + losses ? 0 : 0.5);
    return { challenger: lines(of, score), baseline: lines(of, (at) => 1 - score(at)) };
  };

  test("are differences of 1, 0 and −1, so that independent ones are Tango's", () => {
    const verdict = decideGate({ ...preferred(40, 10, 200) });
    expect(verdict).toMatchObject({ verdict: "ship", method: "tango", difference: 0.15 });
    expect(verdict.means).toEqual({ baseline: 0.425, challenger: 0.575 });
    expect(decideGate({ ...preferred(10, 40, 200) })).toMatchObject({ verdict: "block", difference: -0.15 });
    expect(decideGate({ ...preferred(0, 0, 200) }).verdict).toBe("ship");
    expect(decideGate({ ...preferred(20, 20, 100) }).verdict).toBe("inconclusive");
  });

  test("of the challenger over the anchor stand beside those over the baseline", () => {
    const live = preferred(40, 10, 200);
    const best = preferred(10, 40, 200);
    const verdict = decideGate({
      ...live,
      anchor: best.baseline,
      challengerToAnchor: best.challenger,
    });
    expect(verdict).toMatchObject({ verdict: "block", difference: 0.15, anchor: { difference: -0.15 } });
    expect(decideGate({ ...live, anchor: live.baseline }).verdict).toBe("ship");
  });
});

describe("the anchor", () => {
  test("stops small losses from adding up", () => {
    const [anchor, baseline, challenger] = [noisy(300, 1, 0.1), noisy(300, 2, 0.05), noisy(300, 3, 0.04)];
    expect(decideGate({ baseline, challenger }).verdict).toBe("ship");
    const verdict = decideGate({ baseline, challenger, anchor });
    expect(verdict.verdict).toBe("block");
    expect(verdict.anchor?.upper).toBeLessThan(-0.03);
    expect(verdict.lower).toBeGreaterThan(-0.03);
  });

  test("makes the run invalid where it has no case in common", () => {
    const verdict = decideGate({
      baseline: noisy(50, 1),
      challenger: noisy(50, 2),
      anchor: [line("other", 1)],
    });
    expect(verdict.verdict).toBe("invalid");
    expect(verdict.reasons.join(" ")).toContain("anchor");
  });
});

describe("rare losses among small differences", () => {
  /** Ships of 150 sets that lose exactly the margin, by 0.9 on few cases and next to nothing on the others. */
  const falsePasses = (count: number, jitter: number): number => {
    const random = seededDraws(5);
    let ships = 0;
    for (let draw = 0; draw < 150; draw += 1) {
      const baseline = lines(count, () => 0.95);
      const challenger = lines(count, () =>
        random.next() < 0.03 / 0.9 ? 0.05 : 0.95 + jitter * (2 * random.next() - 1),
      );
      if (decideGate({ baseline, challenger }).verdict === "ship") ships += 1;
    }
    return ships / 150;
  };

  test.each([
    [50, 0.01],
    [50, 0.05],
    [80, 0.01],
    [150, 0.05],
  ])("pass %i cases with a jitter of %f no more often than alpha, and chance", (count, jitter) => {
    expect(falsePasses(count, jitter)).toBeLessThanOrEqual(0.05 + 1.645 * Math.sqrt((0.05 * 0.95) / 150));
  });

  test("do not pass by conversations either, of which a few go wrong", () => {
    const random = seededDraws(6);
    let ships = 0;
    for (let draw = 0; draw < 150; draw += 1) {
      const bad = Array.from({ length: 8 }, () => random.next() < 0.06);
      const cluster = (at: number) => ({ cluster: `chat ${at % 8}` });
      const baseline = lines(320, () => (random.next() < 0.95 ? 1 : 0), cluster);
      const challenger = lines(320, (at) => (random.next() < (bad[at % 8] ? 0.45 : 0.95) ? 1 : 0), cluster);
      if (decideGate({ baseline, challenger }).verdict === "ship") ships += 1;
    }
    expect(ships / 150).toBeLessThanOrEqual(0.08);
  });
});

describe("missing evidence", () => {
  const equal = { baseline: passes(120, 120), challenger: passes(120, 120) };
  const failing = (count: number) => lines(120, (at) => (at < count ? null : 1));

  test("is no score of 0: a few errors on either side leave the mean alone", () => {
    const verdict = decideGate({ baseline: failing(5), challenger: failing(5) });
    expect(verdict).toMatchObject({ verdict: "ship", difference: 0, cases: 115 });
    expect(verdict.missing).toMatchObject({ challenger: { lines: 120, errors: 5 } });
    expect(verdict.missing.unpaired).toHaveLength(5);
  });

  test("is no pass: what the challenger alone lacks is held against it, as lines or as whole cases", () => {
    for (const challenger of [failing(5), passes(120, 120).slice(5)]) {
      const verdict = decideGate({ baseline: passes(120, 120), challenger });
      expect(verdict).toMatchObject({ verdict: "inconclusive", difference: 0, cases: 115 });
      expect(verdict.reasons.join(" ")).toContain("standing 4.2 points lower");
    }
    // One of 400 could not have lost the margin.
    const wide = lines(400, (at) => (at === 0 ? null : 1));
    expect(decideGate({ baseline: passes(400, 400), challenger: wide }).verdict).toBe("ship");
    const strict = { mode: "strict" } as const;
    const held = decideGate({ baseline: passes(400, 400), challenger: wide, options: strict });
    expect(held).toMatchObject({ verdict: "inconclusive", ratchet: "ship" });
    const beside = { baseline: wide, challenger: wide, anchor: passes(400, 400) };
    expect(decideGate({ ...beside, options: { margin: 0.0095 } }).anchor?.lower).toBeGreaterThan(-0.0095);
    expect(decideGate({ ...beside, options: { margin: 0.0095 } }).verdict).toBe("inconclusive");
  });

  test("counts repeats that only the challenger lost", () => {
    const repeated = (lost: number) =>
      [0, 1].flatMap((repeat) =>
        lines(
          120,
          (at) => (repeat === 1 && at < lost ? null : 1),
          () => ({ repeat }),
        ),
      );
    expect(decideGate({ baseline: repeated(0), challenger: repeated(10) }).verdict).toBe("inconclusive");
    expect(decideGate({ baseline: repeated(10), challenger: repeated(10) }).verdict).toBe("ship");
  });

  test("of a required rule keeps from shipping, wherever a case has one", () => {
    const ruled = lines(
      400,
      () => 1,
      () => ({ required: true }),
    );
    const error = ruled.map((one, at) => (at === 7 ? line(name(7), null) : one));
    const silent = ruled.map((one, at) => (at === 7 ? line(name(7), 1) : one));
    for (const [baseline, challenger] of [
      [ruled, error],
      [error, error],
      [ruled, silent],
      [ruled, ruled.filter((_, at) => at !== 7)],
    ] as const) {
      const verdict = decideGate({ baseline, challenger });
      expect(verdict.verdict).toBe("inconclusive");
      expect(verdict.reasons.join(" ")).toContain(`no result on 1 cases, such as "${name(7)}"`);
    }
    expect(decideGate({ baseline: silent, challenger: silent }).verdict).toBe("ship");
    expect(decideGate({ baseline: error, challenger: ruled }).verdict).toBe("ship");
  });

  test("of a blocking slice keeps from shipping, though few cases of the whole set are missing", () => {
    const slice = (at: number) => ({ slice: at < 10 ? ["critical"] : [] });
    const all = lines(400, () => 1, slice);
    const some = lines(400, (at) => (at < 4 ? null : 1), slice);
    const options = { blockingSlices: ["critical"] };
    expect(decideGate({ baseline: some, challenger: some }).verdict).toBe("ship");
    const verdict = decideGate({ baseline: all, challenger: some, options });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons.join(" ")).toContain('the blocking slice "critical" have no pair');
  });

  test("of a metric is not made good by what every object has", () => {
    const measured = lines(
      120,
      () => 1,
      () => ({ metrics: { schema: 1 } }),
    );
    const options = { requiredMetrics: ["constructor"] };
    expect(decideGate({ baseline: measured, challenger: measured, options }).verdict).toBe("invalid");
  });

  test("is invalid above its share, on either side, and at a required metric", () => {
    expect(decideGate({ baseline: passes(120, 120), challenger: failing(7) }).verdict).toBe("invalid");
    expect(decideGate({ baseline: failing(7), challenger: passes(120, 120) }).verdict).toBe("invalid");
    const options = { requiredMetrics: ["schema"] };
    expect(decideGate({ ...equal, options }).verdict).toBe("invalid");
    const measured = lines(
      120,
      () => 1,
      () => ({ metrics: { schema: 1 } }),
    );
    expect(decideGate({ baseline: measured, challenger: measured, options }).verdict).toBe("ship");
    const one = lines(
      120,
      () => 1,
      (at) => ({ metrics: { schema: at === 60 ? null : 1 } }),
    );
    const verdict = decideGate({ baseline: measured, challenger: one, options });
    expect(verdict.verdict).toBe("invalid");
    expect(verdict.reasons[0]).toContain(`"${name(60)}"`);
  });

  test("is invalid without pairs, without lines, and with too many cases of one side alone", () => {
    const none = decideGate({ baseline: passes(3, 3), challenger: [line("x", 1)] });
    expect(none).toMatchObject({
      verdict: "invalid",
      difference: null,
      cases: 0,
      method: null,
      ratchet: null,
    });
    expect(decideGate({ baseline: [], challenger: [] }).verdict).toBe("invalid");
    expect(decideGate({ baseline: passes(100, 100), challenger: passes(120, 120) }).verdict).toBe("invalid");
    const allowed = { ...equal, baseline: passes(118, 118) };
    expect(decideGate(allowed).verdict).toBe("ship");
  });

  test("is invalid where the run had trouble, or the sides put a case into different clusters", () => {
    const verdict = decideGate({ ...equal, options: { trouble: ["The budget ended midway."] } });
    expect(verdict.verdict).toBe("invalid");
    expect(verdict.reasons[0]).toBe("The budget ended midway.");
    const moved = lines(
      120,
      () => 1,
      (at) => ({ cluster: at === 7 ? "elsewhere" : null }),
    );
    expect(decideGate({ ...equal, challenger: moved }).verdict).toBe("invalid");
  });

  test("is inconclusive on fewer cases than the minimum, however good they look", () => {
    const few = { baseline: noisy(8, 1), challenger: noisy(8, 2, 0.2) };
    expect(decideGate(few)).toMatchObject({ verdict: "inconclusive", casesNeeded: 10 });
    expect(decideGate({ ...few, options: { minimumCases: 5 } }).verdict).toBe("ship");
  });
});

describe("vetoes", () => {
  test("block for one required rule that fails once, whatever the mean", () => {
    const challenger = lines(
      200,
      () => 1,
      (at) => ({ required: at !== 17 }),
    );
    const verdict = decideGate({ baseline: passes(150, 200), challenger });
    expect(verdict.verdict).toBe("block");
    expect(verdict.vetoes).toMatchObject([
      { kind: "required", case: name(17), repeats: [0], baselineToo: false },
    ]);
  });

  test("say where the baseline fails as well", () => {
    const same = lines(
      200,
      () => 1,
      (at) => ({ required: at !== 17 }),
    );
    expect(decideGate({ baseline: same, challenger: same }).vetoes).toMatchObject([{ baselineToo: true }]);
  });

  test("count on a line whose other scorer failed", () => {
    const challenger = lines(
      200,
      (at) => (at === 3 ? null : 1),
      (at) => (at === 3 ? { required: false } : {}),
    );
    expect(decideGate({ baseline: passes(200, 200), challenger }).verdict).toBe("block");
  });
});

describe("slices", () => {
  const bySlice = (score: (at: number) => number) =>
    lines(300, score, (at) => ({ slice: [at < 40 ? "refunds" : "other"] }));
  const baseline = bySlice(() => 1);
  const challenger = bySlice((at) => (at < 12 ? 0 : 1));
  const options = { margin: 0.1 };

  test("block by themselves where they are blocking and shown to be worse", () => {
    expect(decideGate({ baseline, challenger, options })).toMatchObject({ verdict: "ship", vetoes: [] });
    const verdict = decideGate({
      baseline,
      challenger,
      options: { ...options, blockingSlices: ["refunds"] },
    });
    expect(verdict.verdict).toBe("block");
    expect(verdict.vetoes).toMatchObject([{ kind: "slice", slice: "refunds" }]);
    expect(verdict.slices[0]).toMatchObject({ slice: "refunds", cases: 40, blocking: true, worse: true });
  });

  test("are adjusted for their number", () => {
    const many = (score: (at: number) => number) => lines(400, score, (at) => ({ slice: [`s${at % 20}`] }));
    const lossy = many((at) => (at % 20 === 0 && at < 120 ? 0 : 1));
    const alone = decideGate({
      baseline: many(() => 1),
      challenger: lossy,
      options: { ...options, blockingSlices: ["s0"] },
    });
    const all = Array.from({ length: 20 }, (_, at) => `s${at}`);
    const among = decideGate({
      baseline: many(() => 1),
      challenger: lossy,
      options: { ...options, blockingSlices: all },
    });
    const of = (verdict: typeof alone) => verdict.slices.find(({ slice }) => slice === "s0");
    expect(of(alone)?.adjusted).toBe(of(alone)?.pValue);
    expect(of(among)?.adjusted).toBeCloseTo(20 * (of(among)?.pValue ?? 0), 9);
    expect([of(alone)?.worse, of(among)?.worse]).toEqual([true, false]);
  });

  test("that must be judged and have no case keep a challenger from shipping", () => {
    const verdict = decideGate({ baseline, challenger: baseline, options: { blockingSlices: ["minors"] } });
    expect(verdict.verdict).toBe("inconclusive");
    expect(verdict.reasons.join(" ")).toContain('"minors"');
  });
});

describe("guards", () => {
  const measured = (guards: (at: number) => Partial<ScoreGuards>) =>
    lines(
      200,
      () => 1,
      (at) => ({
        guards: { cost: null, latency: null, length: null, refused: null, ...guards(at) },
      }),
    );
  const wobble = (at: number): number => 1 + (at % 7) / 20;
  const baseline = measured((at) => ({
    cost: 0.01 * wobble(at),
    latency: 500 * wobble(at),
    length: 80,
    refused: false,
  }));

  test("block a better challenger that costs 1.8 times as much", () => {
    const challenger = measured((at) => ({
      cost: 0.018 * wobble(at + 3),
      latency: 500 * wobble(at),
      length: 80,
      refused: false,
    }));
    const verdict = decideGate({ baseline, challenger });
    expect(verdict.verdict).toBe("block");
    expect(verdict.guards[0]).toMatchObject({ guard: "cost", status: "exceeds", limit: 1.25 });
    expect(verdict.guards[0]?.value).toBeCloseTo(1.8, 1);
    expect(verdict.vetoes).toMatchObject([{ kind: "guard", guard: "cost" }]);
    const dear = decideGate({ baseline, challenger, options: { guards: { cost: 2 } } });
    expect(dear.verdict).toBe("ship");
  });

  test("judge quantiles of latency and the share of refusals", () => {
    const slow = measured((at) => ({
      cost: 0.01,
      latency: 900 * wobble(at),
      length: 80,
      refused: at % 10 === 0,
    }));
    const verdict = decideGate({ baseline, challenger: slow });
    const status = Object.fromEntries(verdict.guards.map((guard) => [guard.guard, guard.status]));
    expect(status).toEqual({
      cost: "within",
      latencyP50: "exceeds",
      latencyP95: "exceeds",
      length: "within",
      refusals: "exceeds",
    });
  });

  test("hold back, without blocking, what is only observed", () => {
    const few = (cost: (at: number) => number) =>
      lines(
        120,
        () => 1,
        (at) => ({ guards: { cost: cost(at), latency: null, length: null, refused: null } }),
      );
    const verdict = decideGate({ baseline: few(() => 1), challenger: few((at) => (at === 0 ? 60 : 1)) });
    expect(verdict.guards[0]).toMatchObject({ guard: "cost", status: "above" });
    expect(verdict).toMatchObject({ verdict: "inconclusive", vetoes: [] });
  });

  test("without figures are unknown, which stops a ship only where somebody asked for them", () => {
    const plain = { baseline: passes(120, 120), challenger: passes(120, 120) };
    const verdict = decideGate(plain);
    expect(verdict.verdict).toBe("ship");
    expect(new Set(verdict.guards.map(({ status }) => status))).toEqual(new Set(["unknown"]));
    expect(verdict.reasons.join(" ")).toContain("Not measured");
    expect(decideGate({ ...plain, options: { guards: { cost: 1.5 } } }).verdict).toBe("inconclusive");
    expect(decideGate({ ...plain, options: { guards: { cost: null } } }).guards).toHaveLength(4);
  });
});

describe("what cannot be judged", () => {
  const plain = { baseline: passes(20, 20), challenger: passes(20, 20) };

  test.each([
    ["a repeat that comes twice", [line("a", 1), line("a", 1)]],
    ["a case in two clusters", [line("a", 1, { cluster: "x" }), line("a", 1, { repeat: 1, cluster: "y" })]],
    ["a score outside of the scale", [line("a", 1.2)]],
    ["a score that is no number", [line("a", Number.NaN)]],
  ])("is %s", (_, broken) => {
    expect(codeOf(() => decideGate({ ...plain, challenger: broken }))).toBe("input-malformed");
  });

  test.each([
    { margin: 0 },
    { alpha: 0.7 },
    { mode: "loose" as never },
    { risk: "extreme" as never },
    { minimumCases: 1 },
    { maxErrorShare: 2 },
    { guards: { cost: -1 } },
    { guards: { mood: 1 } as never },
  ])("is %j", (options) => {
    expect(codeOf(() => decideGate({ ...plain, options }))).toBe("usage");
  });
});
