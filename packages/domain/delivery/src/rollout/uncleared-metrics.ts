/** Which comparisons keep a challenger from serving everybody. */
import type { GuardReading, RolloutEntry, RolloutPlan } from "@colophon/kernel";
import { metricKind } from "../guards/metric-values.ts";
import { readingWords } from "./metric-words.ts";
import type { RolloutSight } from "./rollout-sight.ts";

type Member = RolloutEntry & { readonly sight: RolloutSight };

/**
 * What the plan wants cleared, whether anything is known of it or not, and every amount that people would
 * have to weigh (a guard of it holds) as soon as anything is known of it: else a challenger that is twice as
 * dear would be everybody's before there were calls enough to say so. Without what was accepted.
 */
export function unclearedMetrics(member: Member, version: number, plan: RolloutPlan): readonly string[] {
  const readings = comparisonsOf(member, version);
  const weighed = readings
    .filter((one) => one.action === "hold" && isAmount(one.metric, plan) && isKnown(one))
    .map(({ metric }) => metric);
  return [...new Set([...plan.clearing, ...weighed])].filter(
    (metric) =>
      !member.accepted.includes(metric) &&
      !readings.some((one) => one.metric === metric && one.state === "cleared"),
  );
}

/** Amounts that a guard would hold for, and of which nothing is known, of either arm: neither a pass nor a breach. */
export function unknownAmounts(member: Member, version: number, plan: RolloutPlan): readonly string[] {
  return comparisonsOf(member, version)
    .filter((one) => one.action === "hold" && isAmount(one.metric, plan) && !isKnown(one))
    .map(({ metric }) => metric);
}

/** For a metric that no challenger has cleared: in words, where it stands. */
export function unclearedWords(member: Member, metric: string): string {
  const readings = member.sight.readings.filter((one) => one.kind === "comparison" && one.metric === metric);
  const known = readings.find(isKnown);
  const why = known === undefined ? "nothing is known of it" : readingWords(known, member.baseline);
  return `${member.key}: ${metric} is not cleared, ${why}`;
}

function comparisonsOf({ sight }: Member, version: number): readonly GuardReading[] {
  return sight.readings.filter((one) => one.kind === "comparison" && one.version === version);
}

function isKnown({ challenger, control }: GuardReading): boolean {
  return challenger !== null || control !== null;
}

function isAmount(metric: string, { guards }: RolloutPlan): boolean {
  const guard = guards.find((one) => one.metric === metric && one.custom !== undefined);
  return metricKind(metric, guard?.custom)?.kind === "amount";
}
