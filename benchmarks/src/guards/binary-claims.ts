/** Claims about the guard of bad units: false alarms under drift and ramps, and how fast it tells. */
import { addBadUnit, type GuardSide, rejects, seededDraws, startBinaryGuard } from "@colophon/methods";
import { figure } from "../figure.ts";
import { asChallengerRequests, firesAt, NaiveRates, visitBadUnits } from "./bad-units.ts";
import { beside, type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { medianOf, shareOf, type Traffic, trafficKinds } from "./traffic.ts";

const ALPHA = { rollback: 0.01, promotion: 0.05 } as const;
const BASE = 0.03;

/** Under a ratio that the guard still tolerates. */
export function binaryAlarms({ alarms, length, seed }: Scale): GuardTable {
  const sides: readonly { readonly side: GuardSide; readonly ratio: number }[] = [
    { side: "rollback", ratio: 1 },
    { side: "promotion", ratio: 1.25 },
  ];
  const rows = sides.flatMap((guard, which) =>
    trafficKinds(200_000 * length).map((traffic, at): GuardRow => {
      const random = seededDraws(seed + 100 * which + at);
      const alpha = ALPHA[guard.side];
      let [false_, naive] = [0, 0];
      for (let stream = 0; stream < alarms; stream += 1) {
        let state = startBinaryGuard(guard);
        const test = new NaiveRates(traffic, alpha, random);
        visitBadUnits({ traffic, rates: { base: BASE, ratio: guard.ratio } }, random, (unit) => {
          state = addBadUnit(state, unit);
          test.add(unit);
          return false;
        });
        test.lookUntil(Number.POSITIVE_INFINITY);
        if (rejects(state.eValue, alpha)) false_ += 1;
        if (test.fired) naive += 1;
      }
      const claimed = { level: alpha, streams: alarms };
      const figures = [
        shareWithin("false", false_ / alarms, claimed),
        guard.side === "rollback" ? share("naive z-test", naive / alarms) : null,
      ];
      const nominal = `${guard.side} at ${100 * alpha} %`;
      return { cell: `${nominal}, ratio ${guard.ratio}, ${traffic.name}`, figures };
    }),
  );
  return {
    title: "Bad units, false alarms",
    method: `${alarms} streams of ${200_000 * length} requests, ${100 * BASE} % bad, looked at after each bad unit; z-tests 100 times.`,
    claim: "false alarms are at most alpha (and chance)",
    rows,
  };
}

const ROLLBACKS: readonly (readonly [base: number, ratio: number, specified: number])[] = [
  [0.01, 1.5, 5178],
  [0.01, 2, 1605],
  [0.01, 3, 473],
  [0.03, 1.5, 1970],
  [0.03, 2, 534],
  [0.03, 3, 161],
  [0.1, 1.5, 603],
  [0.1, 2, 163],
  [0.1, 3, 46],
];

const SHARES: readonly (readonly [share: number, requests: number])[] = [
  [0.05, 200_000],
  [0.01, 1_000_000],
  [0.5, 40_000],
];

export function binaryRollbacks({ medians, seed }: Scale): GuardTable {
  const rows = SHARES.flatMap(([now, requests]) =>
    ROLLBACKS.map(([base, ratio, specified], at): GuardRow => {
      const traffic = steady(now, requests);
      const random = seededDraws(seed + 1000 + 50 * at + 1000 * now);
      const guard = { side: "rollback", ratio: 1 } as const;
      const fired = Array.from({ length: medians }, () =>
        asChallengerRequests(
          traffic,
          firesAt({ traffic, rates: { base, ratio }, alpha: ALPHA.rollback, guard }, random),
        ),
      );
      const median = figure("median challenger requests", medianOf(fired), "requests");
      return {
        cell: `${100 * now} % share, ${100 * base} % bad, ratio ${ratio}`,
        // The specification's figures are of a small share beside all other traffic.
        figures: [
          ...beside(median, now < 0.5 ? specified : null),
          share(
            "caught by 10,000",
            shareOf(fired, (one) => one <= 10_000),
          ),
        ],
      };
    }),
  );
  return {
    title: "Bad units, requests to rollback",
    method: `${medians} streams of each, alpha ${100 * ALPHA.rollback} %, tolerated ratio 1.`,
    claim: "at a small share the medians exceed the specification's by 20 % at most",
    rows,
  };
}

const PROMOTIONS: readonly (readonly [ratio: number, base: number, specified: number])[] = [
  [1.5, 0.03, 1010],
  [1.5, 0.1, 290],
  [1.25, 0.03, 4490],
  [1.25, 0.1, 1130],
];

export function binaryPromotions({ medians, seed }: Scale): GuardTable {
  const rows = [0.05, 0.5].flatMap((now) =>
    PROMOTIONS.map(([ratio, base, specified], at): GuardRow => {
      const traffic = steady(now, 20_000 / now);
      const random = seededDraws(seed + 2000 + 50 * at + 1000 * now);
      const guard = { side: "promotion", ratio } as const;
      const fired = Array.from({ length: medians }, () =>
        asChallengerRequests(
          traffic,
          firesAt({ traffic, rates: { base, ratio: 1 }, alpha: ALPHA.promotion, guard }, random),
        ),
      );
      const median = figure("median challenger requests", medianOf(fired), "requests");
      return {
        cell: `${100 * now} % share, ${100 * base} % bad, ratio ${ratio} ruled out`,
        figures: [
          ...beside(median, now < 0.5 ? specified : null),
          share("shown by 20,000", shareOf(fired, Number.isFinite)),
        ],
      };
    }),
  );
  return {
    title: "Bad units, requests to promotion",
    method: `${medians} streams of each, alpha ${100 * ALPHA.promotion} %, an equal challenger.`,
    claim: "at a small share the medians exceed the specification's by 20 % at most",
    rows,
  };
}

function steady(now: number, requests: number): Traffic {
  return { name: `${100 * now} %`, requests, share: () => now, level: () => 1, most: 1 };
}
