/** `rolloutStatus`: where a rollout stands now, by its records and the ledger, whether anybody watches or not. */
import {
  type Advanced,
  type CostOf,
  challengersOf,
  FINAL_STATES,
  type MismatchReading,
  priceExecution,
  rolloutMembers,
  type ShadowReading,
  servedShare,
} from "@colophon/delivery";
import {
  type EpochMs,
  type GuardReading,
  getEnvironment,
  getPrompt,
  HarnessError,
  type RegistryState,
  type RolloutData,
  type RolloutEntry,
} from "@colophon/kernel";
import { previewChange } from "../change-registry.ts";
import { openPrices, type PriceText } from "../costs/house-prices.ts";
import { connectedProcesses } from "../drill/connected-processes.ts";
import type { Harness } from "../harness.ts";
import { loadPlan } from "./load-plan.ts";
import { watchedUntil } from "./watch/watch-lease.ts";
import { advanceDecision, type WatchedRolloutParts, watchRollout } from "./watch/watched-rollout.ts";

export interface RolloutStatusQuery {
  /** Any prompt of the rollout. */
  readonly key: string;
  readonly environment: string;
  readonly prices?: PriceText;
}

/** A guard of a member, about one challenger. */
export interface MemberReading extends GuardReading {
  readonly key: string;
}

/** What the next look of a watcher comes to, as things stand. */
export interface RolloutNext {
  /** Whether it moves. */
  readonly moves: boolean;
  readonly state: RolloutData["state"];
  readonly step: number;
  readonly share: number;
  /** In words, what it waits for; empty when it moves. */
  readonly waits: readonly string[];
  /** ISO 8601: when time alone may let it move; null where it may not. */
  readonly until: string | null;
}

export interface RolloutStatus
  extends Pick<RolloutData, "id" | "key" | "environment" | "state" | "step" | "baseline" | "control"> {
  /** Every prompt that moves with it. */
  readonly keys: readonly string[];
  /** The challengers of `key`. */
  readonly versions: readonly number[];
  readonly arms: RolloutData["arms"];
  /** How many steps its plan has. */
  readonly steps: number;
  /** Share of units that the challengers serve together. */
  readonly share: number;
  /** ISO 8601: when the present state and step began. */
  readonly since: string;
  readonly cause: RolloutData["cause"];
  readonly reason: string;
  /** Of every member; of an ended rollout as they were when it ended. */
  readonly guards: readonly MemberReading[];
  /** Of the member that stands worst; null for an ended rollout. */
  readonly mismatch: MismatchReading | null;
  /** Null where nothing is shadowed. */
  readonly shadow: ShadowReading | null;
  /** Null for an ended rollout. */
  readonly next: RolloutNext | null;
  /** Whether a watcher acts on this store. */
  readonly watched: boolean;
  /** In words, what keeps it from being looked after. */
  readonly warnings: readonly string[];
}

/**
 * Reads every row since the rollout began, as a watcher that has just started does, so both come to the same.
 * Changes nothing.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `usage` where the prompt never had a rollout
 * there, `store-corrupt`, or `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { state, step, share, next } = await rolloutStatus(harness, {
 *   key: "support.triage",
 *   environment: "production",
 * });
 */
export async function rolloutStatus(
  harness: Harness,
  query: RolloutStatusQuery,
  { pairsOf }: Pick<WatchedRolloutParts, "pairsOf"> = {},
): Promise<RolloutStatus> {
  const state = await harness.records.state();
  const lead = lastRollout(state, query);
  const plan = await loadPlan(harness, lead.plan);
  const watched = (await watchedUntil(harness)) !== null;
  const about = { ...factsOf(lead), steps: plan.steps.length, watched };
  if (FINAL_STATES.includes(lead.state)) {
    const members = endedMembers(state, lead);
    const guards = members.flatMap(({ key, readings }) => readings.map((one) => ({ ...one, key })));
    const ended = { keys: members.map(({ key }) => key), mismatch: null, shadow: null, next: null };
    return { ...about, ...ended, guards, warnings: [] };
  }
  const { book } = await openPrices(harness, query.prices);
  const costOf: CostOf = (row) => priceExecution(row, book);
  const parts = { costOf, ...(pairsOf === undefined ? {} : { pairsOf }) };
  const rollout = await watchRollout(harness, { state, lead }, parts);
  for (const member of rollout.members) await member.lookAll();
  const decide = await advanceDecision(harness, { state, lead, isLook: true }, rollout);
  const advanced = await previewChange(harness, decide);
  const processes = (await connectedProcesses(harness, state, lead.environment)).length;
  const sights = rollout.members.map((member) => member.sight(processes, rollout.members));
  return {
    ...about,
    keys: rolloutMembers(state, lead).map(({ key }) => key),
    guards: sights.flatMap(({ key, readings }) => readings.map((one) => ({ ...one, key }))),
    mismatch: worstMismatch(sights.map(({ mismatch }) => mismatch)),
    shadow: sights.find(({ key }) => key === lead.key)?.shadow ?? null,
    next: nextOf(advanced),
    warnings: watched ? [] : [unwatched(lead)],
  };
}

function lastRollout(
  state: RegistryState,
  { key, environment }: Pick<RolloutStatusQuery, "key" | "environment">,
): RolloutEntry {
  const { rollouts } = getPrompt(state, key);
  getEnvironment(state, environment);
  const rollout = rollouts.get(environment);
  if (rollout !== undefined) return rollout;
  throw new HarnessError(
    "usage",
    `${key} never had a rollout in ${environment}: start one with \`colophon rollout start ${key}@vN --env ${environment}\`.`,
    { details: { key, environment } },
  );
}

/** Those of its set whose last rollout it was too, in the order of their keys. */
function endedMembers(state: RegistryState, lead: RolloutEntry): readonly RolloutEntry[] {
  if (lead.set === null) return [lead];
  return [...state.prompts.values()]
    .flatMap(({ rollouts }) => rollouts.get(lead.environment) ?? [])
    .filter(({ set }) => set === lead.set)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function factsOf(lead: RolloutEntry) {
  const { id, key, environment, state, step, baseline, control, arms, since, cause, reason } = lead;
  const facts = { id, key, environment, state, step, baseline, control, arms, cause, reason };
  const share = state === "completed" ? 1 : servedShare(lead);
  return { ...facts, versions: challengersOf(lead), share, since: isoOf(since) };
}

function nextOf({ moved, state, step, share, waits, until }: Advanced): RolloutNext {
  return { moves: moved, state, step, share, waits, until: until === null ? null : isoOf(until) };
}

/** A mismatch before none, more evidence of one before less. */
function worstMismatch(readings: readonly MismatchReading[]): MismatchReading | null {
  const weight = ({ evidence }: MismatchReading): number => evidence ?? -1;
  return readings.toSorted((a, b) => weight(b) - weight(a))[0] ?? null;
}

function unwatched({ key, environment }: RolloutEntry): string {
  return `Nobody watches: the rollout of ${key} in ${environment} neither goes on nor is stopped until \`colophon watch\` runs.`;
}

function isoOf(at: EpochMs): string {
  return new Date(at).toISOString();
}
