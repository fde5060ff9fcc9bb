/** Estimates from logged draws what other shares of the arms would have earned. */
import { type Arm, type Estimate, HarnessError, type Objective } from "@colophon/kernel";
import { estimateOffPolicy, type LoggedReward, type OffPolicyOptions } from "@colophon/methods";
import { type ArmObservation, mergeObservations } from "./arm-observation.ts";
import { checkObjectives, scoreObjective } from "./score-objective.ts";

export interface PolicyQuestion extends OffPolicyOptions {
  /** Shares of versions that add up to 1. */
  readonly policy: readonly Arm[];
  readonly objective: Objective;
}

export interface PolicyValue {
  readonly objective: string;
  /** `insufficient` has a reason in place of estimates, and is neither a gain nor a loss. */
  readonly status: "estimated" | "insufficient";
  readonly reason: string | null;
  /** Mean score of a call under the policy, 1 being best; may lie outside [0, 1]. */
  readonly ips: Estimate | null;
  /** The same, normalised by its own weights. */
  readonly snips: Estimate | null;
  /** Independent draws from the policy itself that would say as much. */
  readonly effectiveSize: number;
  /** Draws whose weight was cut to `clip`. */
  readonly clipped: number;
  readonly clip: number | null;
  /** Executions that no draw chose, and those without a score so far: they are in no estimate. */
  readonly undrawn: number;
  readonly unscored: number;
}

/**
 * IPS and SNIPS over the executions that were drawn and have a score. Where scores go missing on some arms
 * more than on others, both are off: `unscored` says how many are.
 *
 * Insufficient where the policy serves a version that was never drawn, which no weight can make up for, and
 * where the weights leave too few draws.
 *
 * @throws HarnessError `usage` for shares that do not add up to 1, for a draw recorded with probability 0,
 * and for an objective that cannot judge its metric.
 */
export function evaluatePolicy(
  observations: readonly ArmObservation[],
  { policy, objective, ...options }: PolicyQuestion,
): PolicyValue {
  checkObjectives([objective]);
  const shares = sharesOf(policy);
  const rewards: LoggedReward[] = [];
  const drawn = new Set<number>();
  let [undrawn, unscored] = [0, 0];
  for (const { version, probability, unit, readings } of mergeObservations(observations)) {
    if (probability === null) {
      undrawn += 1;
      continue;
    }
    const reading = readings.get(objective.metric);
    const reward = reading === undefined ? null : scoreObjective(objective, reading.value);
    if (reward === null) {
      unscored += 1;
      continue;
    }
    drawn.add(version);
    rewards.push({ reward, logged: probability, target: shares.get(version) ?? 0, cluster: unit });
  }
  const estimate = estimateOffPolicy(rewards, options);
  const { effectiveSize, clipped, samples } = estimate;
  const facts = { effectiveSize, clipped, clip: options.clip ?? null, undrawn, unscored };
  const absent = [...shares].filter(([version, share]) => share > 0 && !drawn.has(version));
  if (absent.length > 0 || estimate.status === "insufficient") {
    const missing = absent.map(([version]) => `v${version}`).join(", ");
    const reason =
      absent.length > 0
        ? `No scored draw served ${missing}, which the policy serves.`
        : `${samples} scored draws say as much as ${effectiveSize.toFixed(1)} of the policy itself, which are too few.`;
    return { objective: objective.name, status: "insufficient", reason, ips: null, snips: null, ...facts };
  }
  const { ips, snips } = estimate;
  return {
    objective: objective.name,
    status: "estimated",
    reason: null,
    ips: { ...ips, samples },
    snips: { ...snips, samples },
    ...facts,
  };
}

function sharesOf(policy: readonly Arm[]): ReadonlyMap<number, number> {
  const sum = policy.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6 || policy.some(({ share }) => !(share >= 0))) {
    throw new HarnessError(
      "usage",
      `The policy's shares add up to ${sum}; give shares from 0 up that add up to 1, the live version's among them.`,
    );
  }
  return new Map(policy.map(({ version, share }) => [version, Math.min(1, share)]));
}
