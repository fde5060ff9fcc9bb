/** Reads a row of the ledger as what allocation learns from: which arm it was, by what chance, and how it went. */
import type { CustomMetric, Execution, Outcome, Revision, RolloutData } from "@colophon/kernel";
import type { ArmObservation, MetricReading } from "../allocation/arm-observation.ts";
import { type CostOf, outcomeValue, rowValue } from "../guards/metric-values.ts";

/** A rollout's record, as far as it says who was drawn how. */
export type DrawnShares = Pick<RolloutData, "salt" | "arms" | "baseline" | "draws"> & {
  readonly revision: Revision;
};

export interface ArmQuestion {
  /** Metrics to be read. */
  readonly metrics: readonly string[];
  /** Records of the prompt's rollouts in the environment, oldest first. */
  readonly shares: readonly DrawnShares[];
  readonly costOf: CostOf;
  readonly custom?: CustomMetric;
}

/**
 * Null for a call of the text in the code, which is no arm. The probability is that of the version, not of
 * the lane: the live version is drawn in the lanes `live` and `control` alike. It is read from the record
 * that was in force in the row's snapshot, and null where no draw chose, or chose another version.
 */
export function observeArm(
  execution: Execution,
  outcomes: readonly Outcome[],
  { metrics, shares, costOf, custom }: ArmQuestion,
): ArmObservation | null {
  const { id, version, assignment, revision, at } = execution;
  if (version === null) return null;
  const drawn =
    assignment === null || revision === null
      ? undefined
      : shares.findLast((one) => one.salt === assignment.salt && one.revision <= revision);
  const readings: MetricReading[] = [];
  for (const metric of metrics) {
    const own = rowValue(metric, execution, costOf);
    if (own !== null) readings.push({ metric, value: own, at });
    for (const outcome of outcomes) {
      const value = outcomeValue(metric, { outcome, execution }, custom);
      if (value !== null) readings.push({ metric, value, at: outcome.at });
    }
  }
  return {
    execution: id,
    version,
    probability: drawn === undefined ? null : probabilityOf(version, drawn),
    unit: drawn?.draws === "unit" && assignment !== null ? `${assignment.salt}:${assignment.draw}` : null,
    at,
    readings,
  };
}

function probabilityOf(version: number, { arms, baseline }: DrawnShares): number | null {
  const held = Math.max(
    1,
    arms.reduce((sum, { share }) => sum + share, 0),
  );
  if (version !== baseline) {
    const share = arms.find((arm) => arm.version === version)?.share ?? 0;
    return share > 0 ? share / held : null;
  }
  const others = arms.reduce((sum, arm) => (arm.version === baseline ? sum : sum + arm.share), 0);
  const rest = 1 - others / held;
  return rest > 0 ? rest : null;
}
