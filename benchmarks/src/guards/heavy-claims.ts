/** Claims about comparisons of cost, latency and length: false alarms under long tails, drift and ramps, and speed. */
import { compareMeans, compareRatio, type Draws, seededDraws } from "@colophon/methods";
import { against, atMost, figure } from "../figure.ts";
import { type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { medianOf, normal, type Traffic, trafficKinds } from "./traffic.ts";
import { NaiveMeans, StepMoments, type ValueStream, visitValues } from "./value-stream.ts";

const ALPHA = { rollback: 0.01, promotion: 0.05 } as const;
const LIMIT = 1.25;
const MINIMUM = 100;
const EVERY = 100;

/** Lognormal with a deviation of `tail` in the logarithm; the challenger's are `times` as large. */
function longTailed(traffic: Traffic, tail: number, times: number): ValueStream {
  return {
    traffic,
    draw: ({ arm }, level, random) =>
      level * (arm === "challenger" ? times : 1) * Math.exp(tail * normal(random)),
  };
}

/** Under a ratio of exactly the limit: that it is above (rollback) or below (promotion) must not be shown. */
export function heavyAlarms({ alarms, length, seed }: Scale): GuardTable {
  const requests = 20_000 * Math.max(0.2, length);
  const streams = Math.ceil(alarms / 2);
  const rows = [0.5, 1].flatMap((tail) =>
    trafficKinds(requests).map((traffic, at): GuardRow => {
      const random = seededDraws(seed + 6000 + 100 * tail + at);
      const counts = { above: 0, below: 0, difference: 0, naive: 0 };
      for (let turn = 0; turn < streams; turn += 1) {
        const fired = followTails(traffic, tail, random);
        if (fired.above) counts.above += 1;
        if (fired.below) counts.below += 1;
        if (fired.difference) counts.difference += 1;
        if (fired.naive) counts.naive += 1;
      }
      const within = (name: string, count: number, level: number) =>
        shareWithin(name, count / streams, { level, streams });
      return {
        cell: `deviation ${tail} in the logarithm, ${traffic.name}`,
        figures: [
          within("ratio above, at 1 %", counts.above, ALPHA.rollback),
          within("ratio below, at 5 %", counts.below, ALPHA.promotion),
          within("geometric ratio above, at 1 %", counts.difference, ALPHA.rollback),
          share("naive z-test, at 1 %", counts.naive / streams),
        ],
      };
    }),
  );
  return {
    title: "Long tails, false alarms",
    method: `${streams} streams of ${requests} requests, lognormal, looked at every ${EVERY}, from ${MINIMUM} of each arm on; z-tests 100 times. The true ratio is the limit.`,
    claim: "false alarms are at most alpha (and chance)",
    rows,
  };
}

interface FiredTails {
  readonly above: boolean;
  readonly below: boolean;
  readonly difference: boolean;
  readonly naive: boolean;
}

function followTails(traffic: Traffic, tail: number, random: Draws): FiredTails {
  const [plain, logs] = [new StepMoments(), new StepMoments()];
  const naive = new NaiveMeans(traffic, ALPHA.rollback, "more");
  let [above, below, difference] = [false, false, false];
  visitValues(longTailed(traffic, tail, LIMIT), random, (unit) => {
    plain.add(unit);
    logs.add({ ...unit, value: Math.log(unit.value) });
    naive.add({ ...unit, value: unit.value / (unit.arm === "challenger" ? LIMIT : 1) });
    if (unit.request % EVERY !== 0) return false;
    const strict = { alpha: ALPHA.rollback, minimum: MINIMUM };
    above ||= (compareRatio(plain.steps, strict)?.lower ?? 0) > LIMIT;
    below ||= (compareRatio(plain.steps, { ...strict, alpha: ALPHA.promotion })?.upper ?? LIMIT) < LIMIT;
    difference ||= (compareMeans(logs.steps, strict)?.lower ?? 0) > Math.log(LIMIT);
    return false;
  });
  return { above, below, difference, naive: naive.fired };
}

const TRUTHS = [
  { times: 1.8, what: "1.8 times as expensive, shown to be above 1.25" },
  { times: 1.5, what: "1.5 times as expensive, shown to be above 1.25" },
  { times: 1, what: "as expensive, shown to be below 1.25" },
];

export function heavySpeed({ medians, seed }: Scale): GuardTable {
  const streams = Math.ceil(medians / 2);
  const rows = [0.05, 0.5].flatMap((now) =>
    TRUTHS.map(({ times, what }, at): GuardRow => {
      const traffic = { name: what, requests: 5000 / now, share: () => now, level: () => 1, most: 1 };
      const random = seededDraws(seed + 7000 + 10 * at + 1000 * now);
      const median = (tail: number): number =>
        medianOf(Array.from({ length: streams }, () => decidedAt(longTailed(traffic, tail, times), random)));
      return {
        cell: `${100 * now} % share, ${what}`,
        figures: [0.5, 1].map((tail) => {
          const measured = figure(`deviation ${tail}`, median(tail), "requests");
          return times === 1.8 ? against(measured, atMost(500)) : measured;
        }),
      };
    }),
  );
  return {
    title: "Long tails, challenger requests to a decision",
    method: `Medians of ${streams} streams of each, lognormal; alpha 1 % above and 5 % below; at least ${MINIMUM} of each arm.`,
    claim: "1.8 times as expensive is told within 500",
    rows,
  };
}

/** The challenger's requests until the ratio is shown to be on either side of the limit. */
function decidedAt(stream: ValueStream, random: Draws): number {
  const moments = new StepMoments();
  let [challengers, decided] = [0, Number.POSITIVE_INFINITY];
  visitValues(stream, random, (unit) => {
    moments.add(unit);
    if (unit.arm === "challenger") challengers += 1;
    if (unit.request % 10 !== 0) return false;
    const strict = compareRatio(moments.steps, { alpha: ALPHA.rollback, minimum: MINIMUM });
    const loose = compareRatio(moments.steps, { alpha: ALPHA.promotion, minimum: MINIMUM });
    if ((strict?.lower ?? 0) <= LIMIT && (loose?.upper ?? LIMIT) >= LIMIT) return false;
    decided = challengers;
    return true;
  });
  return decided;
}
