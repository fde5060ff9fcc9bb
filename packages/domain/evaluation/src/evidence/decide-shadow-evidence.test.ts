/** Tests of what pairs of shadowed calls may decide: how often falsely, how fast, and what holds them back. */
import { seededDraws } from "@colophon/methods";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClusterMeans } from "./cluster-means.ts";
import { decideShadowEvidence } from "./decide-shadow-evidence.ts";
import { ShadowTally } from "./shadow-tally.ts";
import type { ShadowedCall, ShadowQuestion, ShadowVerdict } from "./shadow-verdict.ts";

const QUESTION: ShadowQuestion = {
  metric: "quality",
  mode: "noninferiority",
  margin: 0.03,
  alpha: 0.05,
  pairs: 50,
};

const SAME = { contractKept: true, cost: 0.001, latency: 500, length: 200 };

function aCall(more: Partial<ShadowedCall> = {}): ShadowedCall {
  return { unit: null, live: SAME, challenger: SAME, ...more };
}

interface Stream {
  readonly live: number;
  readonly challenger: number;
  readonly pairs: number;
  readonly question?: Partial<ShadowQuestion>;
  /** Pairs of each user; all of different ones when left out. */
  readonly perUser?: number;
}

/** Pass or fail on both sides; users who bring several pairs bring the same one each time. */
function tallyOf(stream: Stream, seed: number): ShadowTally {
  const tally = new ShadowTally({ ...QUESTION, ...stream.question });
  const draws = seededDraws(seed * 7919);
  const { perUser = 1 } = stream;
  for (let user = 0; user < stream.pairs / perUser; user++) {
    const live = Number(draws.next() < stream.live);
    const challenger = Number(draws.next() < stream.challenger);
    const unit = perUser === 1 ? null : `u${user}`;
    for (let pair = 0; pair < perUser; pair++) {
      tally.addCall(aCall({ unit }));
      tally.addScores({ unit, live, challenger });
    }
  }
  return tally;
}

/** Shares of verdicts over streams that are looked at after every pair, which a latched e-value makes one look. */
function shares(stream: Stream, streams = 300): Readonly<Record<ShadowVerdict["verdict"], number>> {
  const counts = { ship: 0, block: 0, inconclusive: 0 };
  for (let seed = 1; seed <= streams; seed++)
    counts[decideShadowEvidence(tallyOf(stream, seed)).verdict] += 1 / streams;
  return counts;
}

describe("Pairs of a shadow", () => {
  test("let a challenger that loses the margin ship, and one that loses nothing block, at most alpha of the time", () => {
    expect(shares({ live: 0.8, challenger: 0.77, pairs: 1_500 }).ship).toBeLessThanOrEqual(0.05);
    expect(shares({ live: 0.8, challenger: 0.8, pairs: 1_500 }).block).toBeLessThanOrEqual(0.05);
  });

  test("decide about what is clearly better or worse within a few hundred", () => {
    expect(shares({ live: 0.7, challenger: 0.85, pairs: 300 }, 100).ship).toBeGreaterThan(0.9);
    expect(shares({ live: 0.85, challenger: 0.65, pairs: 300 }, 100).block).toBeGreaterThan(0.9);
  });

  test("of few users who bring many are no more than the users, however many pairs they bring", () => {
    const many: Stream = { live: 0.8, challenger: 0.77, pairs: 3_000, perUser: 10 };
    expect(shares(many).ship).toBeLessThanOrEqual(0.05);
    const tally = tallyOf({ live: 1, challenger: 1, pairs: 2_000, perUser: 40 }, 1);
    expect(decideShadowEvidence(tally)).toMatchObject({ pairs: 2_000, units: 50 });
  });

  test("decide nothing before there are as many as the plan asks for", () => {
    const stream: Stream = { live: 0, challenger: 1, pairs: 40, question: { pairs: 50 } };
    const found = decideShadowEvidence(tallyOf(stream, 1));
    expect(found.verdict).toBe("inconclusive");
    expect(found.reasons.join(" ")).toContain("40 pairs of the 50");
    expect(found.evidence.ship).toBeGreaterThan(20);
    expect(decideShadowEvidence(tallyOf({ ...stream, pairs: 50 }, 1)).verdict).toBe("ship");
  });

  test("say nothing where nobody scored them, and count them as missing and not as bad", () => {
    const tally = new ShadowTally(QUESTION);
    for (let call = 0; call < 80; call++) tally.addCall(aCall());
    const found = decideShadowEvidence(tally);
    expect(found).toMatchObject({
      verdict: "inconclusive",
      calls: 80,
      pairs: 0,
      missing: 80,
      difference: null,
      ratchet: null,
    });
    expect(found.reasons[0]).toBe("No pair has quality on both sides.");
  });

  test("ship nothing whose failed repeats could hide a loss, and do not hold them for bad answers either", () => {
    const stream: Stream = { live: 0.8, challenger: 0.85, pairs: 600 };
    expect(decideShadowEvidence(tallyOf(stream, 3)).verdict).toBe("ship");
    const tally = new ShadowTally(QUESTION);
    const draws = seededDraws(3);
    for (let call = 0; call < 900; call++) {
      tally.addCall(aCall());
      const live = Number(draws.next() < 0.8);
      const challenger = Number(draws.next() < 0.85);
      if (call % 3 !== 0) tally.addScores({ unit: null, live, challenger });
      else {
        tally.addFailed();
        tally.addLost({ unit: null, live });
      }
    }
    const found = decideShadowEvidence(tally);
    expect(found).toMatchObject({ verdict: "inconclusive", failed: 300, missing: 300 });
    expect(found.evidence.ship).toBeGreaterThan(20);
    expect(found.reasons.join(" ")).toContain("300 repeats failed");
  });

  test("block a challenger that breaks its contract more often than the live version, however good it is", () => {
    const tally = tallyOf({ live: 0.5, challenger: 0.9, pairs: 300 }, 5);
    for (let call = 0; call < 12; call++)
      tally.addCall(aCall({ challenger: { ...SAME, contractKept: false } }));
    const found = decideShadowEvidence(tally);
    expect(found.verdict).toBe("block");
    expect(found.vetoes[0]).toContain("alone in 12 pairs, the live version alone in 0");
  });

  test("hold a better challenger back for one broken contract of its own, and not for one that both broke", () => {
    const held = tallyOf({ live: 0.5, challenger: 0.9, pairs: 300 }, 5);
    held.addCall(aCall({ challenger: { ...SAME, contractKept: false } }));
    expect(decideShadowEvidence(held)).toMatchObject({ verdict: "inconclusive", vetoes: [] });
    const both = tallyOf({ live: 0.5, challenger: 0.9, pairs: 300 }, 5);
    both.addCall(
      aCall({ live: { ...SAME, contractKept: false }, challenger: { ...SAME, contractKept: false } }),
    );
    expect(decideShadowEvidence(both).verdict).toBe("ship");
  });

  test("block what costs 1.8 times as much, though it is better, unless that limit is turned off", () => {
    const dear = (question: Partial<ShadowQuestion>): ShadowVerdict => {
      const tally = new ShadowTally({ ...QUESTION, ...question });
      const draws = seededDraws(9);
      for (let call = 0; call < 400; call++) {
        const cost = 0.001 * (0.8 + 0.4 * draws.next());
        tally.addCall(aCall({ live: { ...SAME, cost }, challenger: { ...SAME, cost: 1.8 * cost } }));
        tally.addScores({ unit: null, live: Number(draws.next() < 0.6), challenger: 1 });
      }
      return decideShadowEvidence(tally);
    };
    const found = dear({});
    expect(found.verdict).toBe("block");
    expect(found.vetoes[0]).toContain("mean cost is shown to be 1.8 times");
    expect(dear({ guards: { cost: null } }).verdict).toBe("ship");
    expect(dear({ guards: { cost: 1.75 } }).guards[0]?.status).not.toBe("within");
  });

  test("name a figure that is not known of them, and do not hold it for good", () => {
    const tally = tallyOf({ live: 0.5, challenger: 0.9, pairs: 300 }, 5);
    const unpriced = { ...SAME, cost: null };
    for (let call = 0; call < 400; call++) tally.addCall(aCall({ live: unpriced, challenger: unpriced }));
    const found = decideShadowEvidence(tally);
    expect(found.guards[0]).toMatchObject({ guard: "cost", status: "unknown", ratio: null });
    expect(found.reasons).toContain("Its cost was not measured on half of the pairs.");
  });

  test("ask more where the environment asks for the ratchet", () => {
    const stream: Stream = { live: 0.9, challenger: 0.9, pairs: 4_000 };
    expect(shares({ ...stream, question: { margin: 0.1 } }, 50).ship).toBeGreaterThan(0.9);
    expect(shares({ ...stream, question: { margin: 0.1, mode: "strict" } }, 50).ship).toBeLessThanOrEqual(
      0.1,
    );
  });

  test("say about how many more would decide", () => {
    const found = decideShadowEvidence(tallyOf({ live: 0.8, challenger: 0.82, pairs: 100 }, 4));
    expect(found.verdict).toBe("inconclusive");
    expect(found.pairsNeeded).toBeGreaterThan(100);
  });

  test("come to the same, however scores and calls are told in between", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          { maxLength: 80 },
        ),
        (pairs) => {
          const [one, other] = [new ShadowTally(QUESTION), new ShadowTally(QUESTION)];
          for (const [live, challenger] of pairs) {
            one.addCall(aCall());
            one.addScores({ unit: null, live, challenger });
          }
          for (const _ of pairs) other.addCall(aCall());
          for (const [live, challenger] of pairs) other.addScores({ unit: null, live, challenger });
          expect(decideShadowEvidence(one)).toEqual(decideShadowEvidence(other));
        },
      ),
    );
  });
});

describe("Means of units", () => {
  test("are taken at the tenth pair, or when others have come for long, and once alone", () => {
    const means = new ClusterMeans();
    const closed: number[] = [];
    const add = (unit: string | null, value: number): void => {
      for (const [mean = Number.NaN] of means.add(unit, [value])) closed.push(mean);
    };
    add("quiet", 0.5);
    add("quiet", 0.7);
    for (let pair = 0; pair < 9; pair++) add("busy", pair);
    expect(closed).toEqual([]);
    add("busy", 9);
    expect(closed).toEqual([4.5]);
    for (let pair = 0; pair < 40; pair++) add("busy", 100);
    expect(closed).toHaveLength(2);
    expect(closed[1]).toBeCloseTo(0.6, 12);
    add("quiet", 100);
    expect(closed).toHaveLength(2);
    add(null, 3);
    expect(closed).toEqual([4.5, closed[1], 3]);
  });

  test("lose no pair and take none twice, whoever brings them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 }), (units) => {
        const means = new ClusterMeans();
        const closed = units.flatMap((unit) => [...means.add(`u${unit}`, [unit])]);
        // Each unit's pairs all say its number: what is closed is each unit once at most.
        const said = closed.map(([mean]) => mean);
        expect(new Set(said).size).toBe(said.length);
        for (const mean of said) expect(Number.isInteger(mean)).toBe(true);
      }),
    );
  });
});
