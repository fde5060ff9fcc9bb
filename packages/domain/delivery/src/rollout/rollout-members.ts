/** The rollouts of a registry: which are open, who moves together, and their next records. */
import {
  type Actor,
  getEnvironment,
  getPrompt,
  HarnessError,
  type PromptState,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  type RolloutData,
  type RolloutEntry,
  type RolloutState,
} from "@colophon/kernel";

/** States that nothing follows. */
export const FINAL_STATES: readonly RolloutState[] = ["completed", "stopped", "rolled-back"];

/** The rollout of a prompt in an environment that has not ended. */
export function openRollout(prompt: PromptState | undefined, environment: string): RolloutEntry | undefined {
  const rollout = prompt?.rollouts.get(environment);
  return rollout === undefined || FINAL_STATES.includes(rollout.state) ? undefined : rollout;
}

/** @throws HarnessError `key-unknown`, `environment-unknown`, or `usage` where no rollout is open. */
export function getOpenRollout(state: RegistryState, key: string, environment: string): RolloutEntry {
  const prompt = getPrompt(state, key);
  getEnvironment(state, environment);
  const rollout = openRollout(prompt, environment);
  if (rollout !== undefined) return rollout;
  const last = prompt.rollouts.get(environment);
  const ended = last === undefined ? "" : `, the last one is ${last.state}`;
  throw new HarnessError(
    "usage",
    `${key} has no open rollout in ${environment}${ended}: start one with \`colophon rollout start ${key}@vN --env ${environment}\`.`,
    { details: { key, environment } },
  );
}

/** The rollout and those that move together with it, in the order of their keys. */
export function rolloutMembers(state: RegistryState, rollout: RolloutEntry): readonly RolloutEntry[] {
  if (rollout.set === null) return [rollout];
  return [...state.prompts.values()]
    .flatMap((prompt) => openRollout(prompt, rollout.environment) ?? [])
    .filter((other) => other.set === rollout.set)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The records of one rollout, oldest first, out of a list of records. */
export function rolloutHistory(records: Iterable<RegistryRecord>, id: string): readonly RolloutEntry[] {
  const history: RolloutEntry[] = [];
  for (const record of records) {
    if (record.kind !== "rollout" || record.data.id !== id) continue;
    history.push({ ...record.data, revision: record.revision, at: record.at, by: record.by });
  }
  return history;
}

/** The versions that a rollout tries. */
export function challengersOf({ arms, baseline }: Pick<RolloutData, "arms" | "baseline">): readonly number[] {
  return arms.map((arm) => arm.version).filter((version) => version !== baseline);
}

/** Share of units that the challengers serve together. */
export function servedShare({ arms, baseline }: Pick<RolloutData, "arms" | "baseline">): number {
  return arms.reduce((sum, arm) => (arm.version === baseline ? sum : sum + arm.share), 0);
}

/** The next record of a rollout. */
export function nextRecord(entry: RolloutEntry, change: Partial<RolloutData>, by: Actor): RecordDraft {
  const { revision: _revision, at: _at, by: _by, ...data } = entry;
  return { kind: "rollout", by, data: { ...data, heldFrom: null, readings: [], ...change } };
}

/** The share of the concurrent control beside challengers of this share: as much as they, while there is as much. */
export function controlShare(share: number): number {
  return Math.max(0, Math.min(share, 1 - share));
}
