/** Estimates what other shares of a rollout's versions would have earned, from the draws that were made. */
import {
  type ArmObservation,
  evaluatePolicy,
  observeArm,
  type PolicyValue,
  priceExecution,
} from "@colophon/delivery";
import { type Arm, type EpochMs, getEnvironment, getPrompt, type Objective } from "@colophon/kernel";
import { openPrices } from "../costs/house-prices.ts";
import type { Harness } from "../harness.ts";
import { metricWindow } from "./metric-window.ts";
import { newestRows } from "./newest-rows.ts";

export interface PoliciesQuery {
  readonly key: string;
  readonly environment: string;
  /** A week before `until` unless given. Both are moved outwards to whole hours. */
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  /** Shares of versions that add up to 1; each version that was drawn by itself unless given. */
  readonly policy?: readonly Arm[];
  /** A metric of the standard table or an outcome's name; `quality` unless given. */
  readonly metric?: string;
  /** How an amount is judged; events and scores need none. */
  readonly scale?: Objective["scale"];
}

export interface PolicyRow extends Omit<PolicyValue, "objective"> {
  readonly policy: readonly Arm[];
  readonly metric: string;
}

export interface PolicyReport {
  readonly key: string;
  readonly environment: string;
  /** ISO 8601; `until` is exclusive. */
  readonly since: string;
  readonly until: string;
  readonly metric: string;
  /** Calls that were read, the newest of the window. */
  readonly calls: number;
  readonly rows: readonly PolicyRow[];
}

/** Each is read with its outcomes, so there is an end to it. */
const MOST_CALLS = 50_000;

/**
 * By inverse propensity scores over the calls that a rollout drew; of others it says how many there are.
 * Values are scores, 1 being best, whichever way is worse for the metric.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `usage` for shares that do not add up to 1, and
 * for an amount without a scale.
 * @example
 * const { rows } = await estimatePolicies(harness, { key: "support.triage", environment: "production" });
 */
export async function estimatePolicies(harness: Harness, query: PoliciesQuery): Promise<PolicyReport> {
  const { key, environment, metric = "quality", scale = null } = query;
  const state = await harness.records.state();
  getPrompt(state, key);
  getEnvironment(state, environment);
  const window = metricWindow(harness, query);
  const observations = await drawnCalls(harness, { key, environment, metric, ...window });
  const objective = { name: metric, metric, scale };
  const policies = query.policy === undefined ? eachAlone(observations) : [query.policy];
  const rows = policies.map((policy) => {
    const { objective: _name, ...value } = evaluatePolicy(observations, { policy, objective });
    return { policy, metric, ...value };
  });
  const [since, until] = [new Date(window.since).toISOString(), new Date(window.until).toISOString()];
  return { key, environment, since, until, metric, calls: observations.length, rows };
}

interface DrawnQuery {
  readonly key: string;
  readonly environment: string;
  readonly metric: string;
  readonly since: EpochMs;
  readonly until: EpochMs;
}

async function drawnCalls(
  harness: Harness,
  { key, environment, metric, since, until }: DrawnQuery,
): Promise<readonly ArmObservation[]> {
  const records = await harness.records.listRecords({ key, kinds: ["rollout"] });
  const shares = records.flatMap((record) =>
    record.kind === "rollout" ? [{ ...record.data, revision: record.revision }] : [],
  );
  const { book } = await openPrices(harness);
  const filter = { prompt: key, environment, purpose: "serve", since, until, limit: MOST_CALLS } as const;
  const rows = await newestRows(harness, filter, book);
  const question = {
    metrics: [metric],
    shares,
    costOf: (row) => priceExecution(row, book),
  } as const satisfies Parameters<typeof observeArm>[2];
  return rows.flatMap(({ row, outcomes }) => observeArm(row, outcomes, question) ?? []);
}

function eachAlone(observations: readonly ArmObservation[]): readonly (readonly Arm[])[] {
  const drawn = observations.flatMap(({ version, probability }) => (probability === null ? [] : [version]));
  return [...new Set(drawn)].sort((a, b) => a - b).map((version) => [{ version, share: 1 }]);
}
