/** Claims about shadow pairs: the table of the specification, for pass or fail at 0.90 and less. */
import {
  addPair,
  addToMoments,
  type Draws,
  NO_VALUES,
  normalQuantile,
  type PairedBetting,
  seededDraws,
  startPairedBetting,
} from "@colophon/methods";
import { figure } from "../figure.ts";
import { beside, type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { medianOf, shareOf } from "./traffic.ts";

const ALPHA = 0.05;
const PAIRS = 2000;

/** What the challenger passes at, and the specification's share of alarms and median of their pairs. */
const TRUTHS: readonly (readonly [rate: number, alarms: number, pairs: number | null])[] = [
  [0.9, 0.024, null],
  [0.87, 0.58, 1689],
  [0.8, 1, 161],
  [0.7, 1, 53],
];

export function pairedBlocks({ alarms, seed }: Scale): GuardTable {
  const rows = (["kelly", "plug-in"] as const).flatMap((stakes, which) =>
    TRUTHS.map(([rate, specifiedShare, specifiedPairs], at): GuardRow => {
      const random = seededDraws(seed + 8000 + 10 * which + at);
      const runs = Array.from({ length: alarms }, () => followPairs({ rate, stakes }, random));
      const blocked = shareOf(runs, ({ block }) => Number.isFinite(block));
      // As in the specification, a stream without an alarm counts as longer than all others.
      const pairs = figure("median pairs", medianOf(runs.map(({ block }) => block)), "pairs");
      const target = stakes === "kelly" ? specifiedPairs : null;
      return {
        cell: `${stakes}, 0.90 against ${rate.toFixed(2)}`,
        figures: [
          rate === 0.9
            ? shareWithin("blocked", blocked, { level: ALPHA, streams: alarms })
            : share("blocked", blocked),
          stakes === "kelly" ? share("specified share", specifiedShare) : null,
          ...(Number.isFinite(pairs.value) ? beside(pairs, target) : [null, null]),
          share(
            "naive z-test",
            shareOf(runs, ({ naive }) => naive),
          ),
        ],
      };
    }),
  );
  return {
    title: "Shadow pairs, blocks",
    method: `${alarms} streams of up to ${PAIRS} pairs, pass or fail, margin 0, alpha 5 %; z-tests after each pair from 30 on.`,
    claim:
      "an equal challenger is blocked by at most alpha (and chance), and kelly's medians exceed the specification's by 20 % at most",
    rows,
  };
}

interface PairedRun {
  readonly block: number;
  readonly naive: boolean;
}

function drawDifference(rate: number, random: Draws): number {
  const challenger = random.next() < rate ? 1 : 0;
  return challenger - (random.next() < 0.9 ? 1 : 0);
}

function followPairs(
  { rate, stakes }: { readonly rate: number; readonly stakes: PairedBetting["stakes"] },
  random: Draws,
): PairedRun {
  let betting = startPairedBetting({ margin: 0, alpha: ALPHA, stakes });
  let moments = NO_VALUES;
  let [block, naive] = [Number.POSITIVE_INFINITY, false];
  const critical = normalQuantile(1 - ALPHA);
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const difference = drawDifference(rate, random);
    betting = addPair(betting, difference);
    moments = addToMoments(moments, difference);
    const error = Math.sqrt(moments.squares / (pair - 1) / pair);
    naive ||= pair >= 30 && -moments.mean > critical * error;
    if (betting.verdict === "block") block = Math.min(block, pair);
    if (naive && block < PAIRS) break;
  }
  return { block, naive };
}

export function pairedShips({ alarms, seed }: Scale): GuardTable {
  const truths: readonly (readonly [rate: number, margin: number])[] = [
    [0.9, 0.03],
    [0.87, 0.03],
    [0.9, 0.05],
    [0.85, 0.05],
    [0.9, 0.1],
    [0.8, 0.1],
  ];
  const rows = truths.map(([rate, margin], at): GuardRow => {
    const random = seededDraws(seed + 9000 + at);
    const shipped = Array.from({ length: alarms }, () => {
      let betting = startPairedBetting({ margin, alpha: ALPHA });
      while (betting.pairs < PAIRS && betting.verdict !== "ship") {
        betting = addPair(betting, drawDifference(rate, random));
      }
      return betting.verdict === "ship" ? betting.pairs : Number.POSITIVE_INFINITY;
    });
    const portion = shareOf(shipped, Number.isFinite);
    const lost = rate < 0.9;
    const median = medianOf(shipped);
    return {
      cell: `0.90 against ${rate.toFixed(2)}, margin ${100 * margin} points`,
      figures: [
        lost ? shareWithin("shipped", portion, { level: ALPHA, streams: alarms }) : share("shipped", portion),
        Number.isFinite(median) ? figure("median pairs", median, "pairs") : null,
      ],
    };
  });
  return {
    title: "Shadow pairs, ships",
    method: `${alarms} streams of up to ${PAIRS} pairs, pass or fail, alpha 5 %.`,
    claim: "a challenger that lost the margin is shipped by at most alpha (and chance)",
    rows,
  };
}
