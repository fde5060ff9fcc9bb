/** How often the gate lets through a challenger that has lost exactly the margin: at most alpha. */
import { decideGate, type ScoreLine } from "@colophon/evaluation";
import { type Draws, normalQuantile, seededDraws, tangoStatistic } from "@colophon/methods";
import { type ClaimRow, type ClaimTable, withChance } from "./claim-table.ts";
import {
  type ClusterPlan,
  clusteredDifferences,
  type DrawDifference,
  normalDifference,
  scorePair,
  skewedDifference,
} from "./drawn-scores.ts";
import { chanceToPass, pairLines } from "./pass-or-fail-pairs.ts";
import type { Scale } from "./scale.ts";

const ALPHA = 0.05;
const MARGIN = 0.03;

/** Every cell of small pass-or-fail sets, computed: the gate itself decides each outcome. */
export function passOrFailCells({ pairs }: Scale): ClaimTable {
  const rows = [0.03, 0.05].flatMap((margin) =>
    pairs.flatMap((count) => {
      const ships = remember((wins, losses) => gateShips(pairLines(count, wins, losses), margin));
      return [0.04, 0.06, 0.1, 0.15, 0.2]
        .filter((differing) => differing >= margin)
        .map((differing): ClaimRow => {
          const chances = { pairs: count, change: -margin, differing };
          const gate = chanceToPass(chances, ships);
          const cell = `margin ${100 * margin} points, ${count} cases, ${100 * differing} % differ`;
          const beside = {
            "Tango's normal limit": chanceToPass(chances, (wins, losses) =>
              tangoPasses({ wins, losses, pairs: count }, margin),
            ),
            "normal limit of the mean": chanceToPass(chances, (wins, losses) =>
              meanPasses({ wins, losses, pairs: count }, margin),
            ),
          };
          return { cell, shares: { gate, ...beside }, holds: gate <= ALPHA };
        });
    }),
  );
  return {
    title: "False passes, pass or fail, one repeat",
    method: "Computed over all outcomes; the true loss is the margin.",
    claim: "the gate passes at most 5 % in every cell",
    rows,
  };
}

interface Counts {
  readonly wins: number;
  readonly losses: number;
  readonly pairs: number;
}

function tangoPasses(counts: Counts, margin: number): boolean {
  return tangoStatistic(counts, -margin) > normalQuantile(1 - ALPHA);
}

/** What most tools would do: the mean difference less 1.645 standard errors. */
function meanPasses({ wins, losses, pairs }: Counts, margin: number): boolean {
  const mean = (wins - losses) / pairs;
  const variance = ((wins + losses) / pairs - mean * mean) / (pairs - 1);
  return mean - normalQuantile(1 - ALPHA) * Math.sqrt(variance) > -margin;
}

function gateShips(
  [baseline = [], challenger = []]: readonly (readonly ScoreLine[])[],
  margin: number,
): boolean {
  return decideGate({ baseline, challenger, options: { margin } }).verdict === "ship";
}

function remember(
  decide: (wins: number, losses: number) => boolean,
): (wins: number, losses: number) => boolean {
  const known = new Map<string, boolean>();
  return (wins, losses) => {
    const key = `${wins} ${losses}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const decided = decide(wins, losses);
    known.set(key, decided);
    return decided;
  };
}

/** Scores of judges: spread evenly, with long tails, and repeated passes and failures. */
export function scoreCells({ draws, seed, mostCases }: Scale): ClaimTable {
  const upTo = (counts: readonly number[]): readonly number[] => counts.filter((count) => count <= mostCases);
  const cells: readonly {
    readonly cell: string;
    readonly of: (random: Draws) => readonly (readonly ScoreLine[])[];
  }[] = [
    ...upTo([20, 60, 150]).map((count) => ({
      cell: `judge, deviation 0.15, ${count} cases`,
      of: (random: Draws) => scorePair(differences(count, normalDifference(-MARGIN, 0.15), random)),
    })),
    ...upTo([60, 150, 400]).map((count) => ({
      cell: `judge, one case in 17 loses half the scale, ${count} cases`,
      of: (random: Draws) => scorePair(differences(count, skewedDifference(-MARGIN), random)),
    })),
    ...upTo([50, 150, 400]).map((count) => ({
      cell: `pass or fail, 3 repeats, ${count} cases`,
      of: (random: Draws) => repeatedPasses(count, random),
    })),
  ];
  const limit = withChance(ALPHA, draws);
  const rows = cells.map(({ cell, of }, at): ClaimRow => {
    const random = seededDraws(seed + at);
    const gate = shareOf(draws, () => gateShips(of(random), MARGIN));
    return { cell, shares: { gate }, holds: gate <= limit };
  });
  return {
    title: "False passes, scores",
    method: `${draws} draws of each; the true loss is the margin of 3 points.`,
    claim: `the gate passes at most 5 % in every cell (${(100 * limit).toFixed(1)} % with the chance of that many draws)`,
    rows,
  };
}

/** Cases that pass at 0.9, of which a few fail always with the challenger: a mean loss of the margin. */
function repeatedPasses(count: number, random: Draws): readonly (readonly ScoreLine[])[] {
  const lost = MARGIN / 0.9;
  const sides: ScoreLine[][] = [[], []];
  for (let at = 0; at < count; at += 1) {
    const failing = random.next() < lost;
    sides.forEach((side, which) => {
      for (let repeat = 0; repeat < 3; repeat += 1) {
        const passes = random.next() < (which === 1 && failing ? 0 : 0.9);
        side.push({ case: `case ${at}`, cluster: null, repeat, score: passes ? 1 : 0, slice: [] });
      }
    });
  }
  return sides;
}

/** Conversations of several cases, with the naive standard error beside. */
export function clusterCells({ draws, seed }: Scale): ClaimTable {
  const plans: readonly ClusterPlan[] = [
    { clusters: 20, size: 5, mean: -MARGIN, deviation: 0.15, correlation: 0.5 },
    { clusters: 30, size: 5, mean: -MARGIN, deviation: 0.15, correlation: 0.6 },
    { clusters: 120, size: 4, mean: -MARGIN, deviation: 0.25, correlation: 0.5 },
  ];
  const limit = withChance(ALPHA, draws);
  const rows = plans.map((plan, at): ClaimRow => {
    const random = seededDraws(seed + 100 + at);
    let [gate, naive] = [0, 0];
    for (let draw = 0; draw < draws; draw += 1) {
      const drawn = clusteredDifferences(plan, random);
      const named = scorePair(drawn, (one) => `conversation ${Math.floor(one / plan.size)}`);
      if (gateShips(named, MARGIN)) gate += 1;
      if (gateShips(scorePair(drawn), MARGIN)) naive += 1;
    }
    const shares = { gate: gate / draws, "clusters ignored": naive / draws };
    const cell = `${plan.clusters} conversations of ${plan.size} cases, correlated by ${plan.correlation}`;
    return { cell, shares, holds: shares.gate <= limit && shares["clusters ignored"] > limit };
  });
  return {
    title: "False passes, clusters",
    method: `${draws} draws of each; the true loss is the margin of 3 points.`,
    claim: "with clusters the gate passes at most 5 % (and chance), without them more",
    rows,
  };
}

function differences(count: number, draw: DrawDifference, random: Draws): readonly number[] {
  return Array.from({ length: count }, () => draw(random));
}

function shareOf(draws: number, happens: () => boolean): number {
  let count = 0;
  for (let draw = 0; draw < draws; draw += 1) if (happens()) count += 1;
  return count / draws;
}
