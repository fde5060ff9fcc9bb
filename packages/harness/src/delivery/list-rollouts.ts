/** Lists rollouts, open and ended. */
import { challengersOf, FINAL_STATES, servedShare } from "@colophon/delivery";
import {
  type EpochMs,
  getEnvironment,
  getPrompt,
  type RegistryRecord,
  type RolloutData,
} from "@colophon/kernel";
import type { Harness } from "../harness.ts";

export interface RolloutsQuery {
  readonly key?: string;
  readonly environment?: string;
  /** Leaves out those that have ended. */
  readonly open?: boolean;
}

export interface RolloutRow
  extends Pick<RolloutData, "id" | "key" | "environment" | "state" | "step" | "set" | "baseline" | "cause"> {
  readonly versions: readonly number[];
  readonly share: number;
  /** Why it is in this state. */
  readonly reason: string;
  /** Who started it. */
  readonly by: string;
  /** ISO 8601: when it was started, and when the present state and step began. */
  readonly started: string;
  readonly since: string;
}

type RolloutRecord = Extract<RegistryRecord, { readonly kind: "rollout" }>;

/**
 * The newest first.
 *
 * @throws HarnessError `key-unknown` or `environment-unknown`.
 * @example
 * const open = await listRollouts(harness, { environment: "production", open: true });
 */
export async function listRollouts(
  harness: Harness,
  { key, environment, open = false }: RolloutsQuery = {},
): Promise<readonly RolloutRow[]> {
  const state = await harness.records.state();
  if (key !== undefined) getPrompt(state, key);
  if (environment !== undefined) getEnvironment(state, environment);
  const filter = { kinds: ["rollout"], ...(key === undefined ? {} : { key }) } as const;
  const records = await harness.records.listRecords(filter);
  const histories = new Map<string, { readonly first: RolloutRecord; last: RolloutRecord }>();
  for (const record of records) {
    if (record.kind !== "rollout") continue;
    if (environment !== undefined && record.data.environment !== environment) continue;
    const known = histories.get(record.data.id);
    if (known === undefined) histories.set(record.data.id, { first: record, last: record });
    else known.last = record;
  }
  return [...histories.values()]
    .filter(({ last }) => !open || !FINAL_STATES.includes(last.data.state))
    .map(({ first, last }) => rowOf(first, last))
    .reverse();
}

function rowOf(first: RolloutRecord, { data }: RolloutRecord): RolloutRow {
  const { id, key, environment, state, step, set, baseline, cause, reason, since } = data;
  const versions = challengersOf(data);
  const share = state === "completed" ? 1 : servedShare(data);
  const facts = { id, key, environment, state, step, set, baseline, cause, versions, share, reason };
  return { ...facts, by: first.by.id, started: isoOf(first.at), since: isoOf(since) };
}

function isoOf(at: EpochMs): string {
  return new Date(at).toISOString();
}
