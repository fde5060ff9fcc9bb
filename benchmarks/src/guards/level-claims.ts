/** Claims about guards of one arm: a frozen p95 of latency, and the standing guard's run length. */
import {
  addBadness,
  addBadUnit,
  type Draws,
  freezeQuantile,
  normalQuantile,
  rejects,
  seededDraws,
  startBinaryGuard,
  startLevelGuard,
} from "@colophon/methods";
import { against, atLeast, figure } from "../figure.ts";
import { type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { drift, medianOf, normal } from "./traffic.ts";

const ALPHA = 0.01;
const PAST = 2000;
const REQUESTS = 10_000;
const SHARE = 0.5;

interface TailRun {
  readonly twoArms: boolean;
  readonly oneArm: boolean;
  readonly naive: boolean;
  /** The challenger's requests until the guard of two arms fires. */
  readonly at: number;
}

/** Lognormal latencies; exceeding the p95 of the control's past is bad. */
function followTail(
  {
    times,
    drifts,
    requests,
  }: { readonly times: number; readonly drifts: boolean; readonly requests: number },
  random: Draws,
): TailRun {
  const latency = (): number => Math.exp(normal(random));
  const past = Array.from({ length: PAST }, latency);
  const { threshold, exceedance } = freezeQuantile(past, { quantile: 0.95, alpha: ALPHA / 2 });
  let pair = startBinaryGuard({ side: "rollback", ratio: 1 });
  let alone = startLevelGuard({ level: exceedance, standing: false });
  let [challengers, slow, naive, at] = [0, 0, false, Number.POSITIVE_INFINITY];
  for (let request = 0; request < requests; request += 1) {
    const isChallenger = random.next() < SHARE;
    const level = drifts ? drift(request / requests) : 1;
    const isSlow = latency() * level * (isChallenger ? times : 1) > threshold;
    if (isSlow) pair = addBadUnit(pair, { arm: isChallenger ? "challenger" : "control", share: SHARE });
    if (!isChallenger) continue;
    challengers += 1;
    if (isSlow) slow += 1;
    alone = addBadness(alone, isSlow ? 1 : 0);
    if (at > challengers && rejects(pair.eValue, ALPHA)) at = challengers;
    if (challengers % 100 === 0) naive ||= exceeds(slow, challengers);
  }
  return {
    twoArms: Number.isFinite(at),
    oneArm: rejects(alone.eValue, ALPHA / 2),
    naive,
    at,
  };
}

/** The naive test: a share against 5 %, one-sided, looked at every 100 requests. */
function exceeds(slow: number, of: number): boolean {
  return slow / of - 0.05 > normalQuantile(1 - ALPHA) * Math.sqrt((0.05 * 0.95) / of);
}

export function tailAlarms({ alarms, medians, length, seed }: Scale): GuardTable {
  const requests = REQUESTS * Math.max(0.2, length);
  const cells = [
    { cell: "equal arms", times: 1, drifts: false },
    { cell: "equal arms, drift", times: 1, drifts: true },
    { cell: "latency 1.3 times", times: 1.3, drifts: false },
    { cell: "latency 2 times", times: 2, drifts: false },
  ];
  const rows = cells.map(({ cell, times, drifts }, at): GuardRow => {
    const random = seededDraws(seed + 11_000 + at);
    const streams = Math.ceil((times === 1 ? alarms : medians) / 2);
    const runs = Array.from({ length: streams }, () => followTail({ times, drifts, requests }, random));
    const part = (has: (run: TailRun) => boolean): number => runs.filter(has).length / streams;
    const claimed = { level: ALPHA, streams };
    const twoArms = part((run) => run.twoArms);
    const oneArm = part((run) => run.oneArm);
    const median = medianOf(runs.map((run) => run.at));
    return {
      cell,
      figures: [
        times === 1 ? shareWithin("two arms", twoArms, claimed) : share("two arms", twoArms),
        times === 1 && !drifts ? shareWithin("one arm", oneArm, claimed) : share("one arm", oneArm),
        share(
          "naive z-test",
          part((run) => run.naive),
        ),
        times === 1 || !Number.isFinite(median)
          ? null
          : figure("median challenger requests", median, "requests"),
      ],
    };
  });
  return {
    title: "A p95 of latency, frozen",
    method: `Streams of ${requests} requests, half and half; the p95 of ${PAST} past requests of the control, alpha 1 %.`,
    claim:
      "false alarms of two arms are at most alpha (and chance) also under drift, those of one arm where nothing drifts",
    rows,
  };
}

const RUN_LENGTH = 5000;

/** Requests until the standing guard fires, from the change on where there is one. */
function standsFor(
  { rate, healthy }: { readonly rate: number; readonly healthy: number },
  random: Draws,
): number {
  let guard = startLevelGuard({ level: 0.05, standing: true });
  for (;;) {
    const now = guard.observations < healthy ? 0.03 : rate;
    guard = addBadness(guard, random.next() < now ? 1 : 0);
    if (rejects(guard.eValue, 1 / RUN_LENGTH)) return guard.observations - healthy;
    if (guard.observations > 40 * RUN_LENGTH) return guard.observations - healthy;
  }
}

export function standingRuns({ medians, seed }: Scale): GuardTable {
  const streams = Math.ceil(medians / 2);
  const cells = [
    { cell: "5 % bad, the level itself", rate: 0.05, healthy: 0 },
    { cell: "7.5 % bad after 2,000 healthy requests", rate: 0.075, healthy: 2000 },
    { cell: "10 % bad after 2,000 healthy requests", rate: 0.1, healthy: 2000 },
    { cell: "20 % bad after 2,000 healthy requests", rate: 0.2, healthy: 2000 },
    { cell: "all bad after 2,000 healthy requests", rate: 1, healthy: 2000 },
  ];
  const rows = cells.map(({ cell, rate, healthy }, at): GuardRow => {
    const random = seededDraws(seed + 12_000 + at);
    const runs = Array.from({ length: streams }, () => standsFor({ rate, healthy }, random)).filter(
      (run) => run > 0,
    );
    const mean = figure("mean requests", runs.reduce((sum, run) => sum + run, 0) / runs.length, "requests");
    return {
      cell,
      figures: [
        rate === 0.05 ? against(mean, atLeast(RUN_LENGTH)) : mean,
        figure("median", medianOf(runs), "requests"),
      ],
    };
  });
  return {
    title: "The standing guard, requests until it fires",
    method: `${streams} streams, level 5 %, a false alarm tolerated every ${RUN_LENGTH} requests; healthy is 3 % bad.`,
    claim: `at the level itself the mean is at least ${RUN_LENGTH}`,
    rows,
  };
}
