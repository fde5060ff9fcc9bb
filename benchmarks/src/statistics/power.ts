/** How often the gate ships an equal challenger on as many cases as the table of sizes asks for: about 80 %. */
import { decideGate } from "@colophon/evaluation";
import {
  EXACT_PAIRS,
  exactTangoPValue,
  normalQuantile,
  sampleSize,
  seededDraws,
  tangoStatistic,
} from "@colophon/methods";
import type { ClaimRow, ClaimTable } from "./claim-table.ts";
import { normalDifference, scorePair } from "./drawn-scores.ts";
import { chanceToPass } from "./pass-or-fail-pairs.ts";
import type { Scale } from "./scale.ts";

const ALPHA = 0.05;
/** The sizes are of a normal limit that six differing pairs are far from: Tango's own test has 71 % there. */
const NEAR = { least: 0.7, most: 0.88 };

export function powerCells({ margins, draws, seed }: Scale): ClaimTable {
  const rows = margins.flatMap((margin) => [
    ...[0.05, 0.1, 0.2].map((differing): ClaimRow => {
      const pairs = sampleSize({ variance: differing, margin }) ?? 0;
      const power = chanceToPass({ pairs, change: 0, differing }, (wins, losses) =>
        ships({ wins, losses, pairs }, margin),
      );
      return row(`margin ${100 * margin} points, ${100 * differing} % differ: ${pairs} cases`, power);
    }),
    ...[0.15, 0.25].map((deviation, at): ClaimRow => {
      const cases = sampleSize({ variance: deviation ** 2, margin }) ?? 0;
      const random = seededDraws(seed + 200 + at);
      const draw = normalDifference(0, deviation);
      let shipped = 0;
      for (let turn = 0; turn < draws; turn += 1) {
        const [baseline, challenger] = scorePair(Array.from({ length: cases }, () => draw(random)));
        if (decideGate({ baseline, challenger, options: { margin } }).verdict === "ship") shipped += 1;
      }
      return row(`margin ${100 * margin} points, deviation ${deviation}: ${cases} cases`, shipped / draws);
    }),
  ]);
  return {
    title: "Power for an equal challenger, at the sizes of the table",
    method: `Pass or fail computed over all outcomes, scores from ${draws} draws.`,
    claim: `between ${100 * NEAR.least} and ${100 * NEAR.most} % in every cell, 80 % being planned`,
    rows,
  };
}

function row(cell: string, ship: number): ClaimRow {
  return { cell, shares: { ship }, holds: ship >= NEAR.least && ship <= NEAR.most };
}

/** The gate's rule by its p-value: its bounds take thirty times as long and say the same. */
function ships(
  counts: { readonly wins: number; readonly losses: number; readonly pairs: number },
  margin: number,
): boolean {
  return counts.pairs > EXACT_PAIRS
    ? tangoStatistic(counts, -margin) > normalQuantile(1 - ALPHA)
    : exactTangoPValue(counts, -margin) <= ALPHA;
}
