/** Projects observations to what is known of each arm in each objective. */
import { type EpochMs, HarnessError, type LimitGuard, type Objective } from "@colophon/kernel";
import { addValue, type BetaCounts, NO_COUNTS } from "@colophon/methods";
import { type ArmObservation, type MergedObservation, mergeObservations } from "./arm-observation.ts";
import { checkObjectives, meaningOf, scoreObjective } from "./score-objective.ts";

export interface ProjectionPolicy {
  /** The arms, the live version among them; observations of other versions are left out. */
  readonly versions: readonly number[];
  readonly objectives: readonly Objective[];
  /** Limits of events and scores; those of amounts are left to the rollout's own guards. */
  readonly guards: readonly LimitGuard[];
  /** Milliseconds after which an observation counts half; null never forgets. */
  readonly halfLife: number | null;
  readonly now: EpochMs;
}

/** What is known of one metric of an arm. */
export interface MetricPosterior {
  /** Discounted sums of what arrived. */
  readonly counts: BetaCounts;
  /** Executions whose value arrived. */
  readonly arrived: number;
  /** Executions whose value has not arrived; they are in no sum. */
  readonly waiting: number;
  /** Executions whose value could not be judged; they are in no sum. */
  readonly unusable: number;
}

export interface ObjectivePosterior extends MetricPosterior {
  readonly objective: string;
}

/** `counts` has the share itself, whichever way is worse. */
export interface GuardPosterior extends MetricPosterior {
  readonly guard: LimitGuard;
}

export interface ArmPosterior {
  readonly version: number;
  readonly executions: number;
  /** In the order of the policy. */
  readonly objectives: readonly ObjectivePosterior[];
  readonly guards: readonly GuardPosterior[];
}

export interface Posteriors {
  readonly at: EpochMs;
  /** In the order of their versions. */
  readonly arms: readonly ArmPosterior[];
}

/**
 * Counts each execution once, with the last reading of each metric, weighed by 2^(−age/halfLife).
 *
 * Age is that of the call, not of the feedback, and time is that of the clock, not the number of calls
 * since: so the sums depend on what is recorded alone, and rebuilt from the records in any order they come
 * out the same to the last bit. At a steady n calls per half-life it is a discount of γ = 2^(−1/n) for
 * each call.
 *
 * @throws HarnessError `usage` for objectives that cannot judge their metric, and for a half-life that is
 * not above 0.
 */
export function projectPosteriors(
  observations: readonly ArmObservation[],
  policy: ProjectionPolicy,
): Posteriors {
  checkObjectives(policy.objectives);
  if (policy.halfLife !== null && !(policy.halfLife > 0)) {
    throw new HarnessError(
      "usage",
      `A half-life of ${policy.halfLife} ms forgets everything; give more than 0, or null to forget nothing.`,
    );
  }
  const merged = mergeObservations(observations);
  const versions = [...new Set(policy.versions)].sort((a, b) => a - b);
  const byVersion = new Map(versions.map((version) => [version, [] as MergedObservation[]]));
  for (const observation of merged) byVersion.get(observation.version)?.push(observation);
  return {
    at: policy.now,
    arms: [...byVersion].map(([version, own]) => armPosterior(version, own, policy)),
  };
}

function armPosterior(
  version: number,
  own: readonly MergedObservation[],
  policy: ProjectionPolicy,
): ArmPosterior {
  const { objectives, guards, halfLife, now } = policy;
  const weights = own.map(({ at }) => (halfLife === null ? 1 : 2 ** (-Math.max(0, now - at) / halfLife)));
  const count = (metric: string, score: (value: number) => number | null): MetricPosterior => {
    let counts = NO_COUNTS;
    let [arrived, waiting, unusable] = [0, 0, 0];
    own.forEach(({ readings }, at) => {
      const reading = readings.get(metric);
      const value = reading === undefined ? undefined : score(reading.value);
      if (value === undefined) waiting += 1;
      else if (value === null) unusable += 1;
      else {
        arrived += 1;
        counts = addValue(counts, value, weights[at]);
      }
    });
    return { counts, arrived, waiting, unusable };
  };
  return {
    version,
    executions: own.length,
    objectives: objectives.map((objective) => ({
      objective: objective.name,
      ...count(objective.metric, (value) => scoreObjective(objective, value)),
    })),
    guards: guards
      .filter(({ metric }) => meaningOf(metric)?.kind !== "amount")
      .map((guard) => ({ guard, ...count(guard.metric, asShare) })),
  };
}

function asShare(value: number): number | null {
  return value >= 0 && value <= 1 ? value : null;
}
