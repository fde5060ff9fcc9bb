/** Stops a version at every tier. */

import type { Actor, EpochMs, RecordDecision, RegistryState } from "@colophon/kernel";
import { getPrompt, getVersion } from "@colophon/kernel";
import { listEnvironments } from "./environment-policy.ts";
import { liveOf } from "./live.ts";
import { listOverrides, type OverrideView } from "./override-entries.ts";
import { type EndedRollout, interruptRollouts } from "./rollout/interrupt-rollouts.ts";
import { challengersOf } from "./rollout/rollout-members.ts";
import { writtenReason } from "./written-reason.ts";

export interface WithdrawCommand {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
}

export interface Withdrawn {
  readonly key: string;
  readonly version: number;
  /** True when it was withdrawn before: nothing was recorded. */
  readonly unchanged: boolean;
  /** Environments in which it is the live one: there the code's own default is served from now on. */
  readonly live: readonly { readonly environment: string; readonly inherited: string | null }[];
  /** Overrides that named it and decide nothing from now on. */
  readonly overrides: readonly OverrideView[];
  /** Rollouts that tried it and ended with it. */
  readonly ended: readonly EndedRollout[];
}

/** @throws HarnessError `reason-missing`, `key-unknown`, `version-unknown`. */
export function decideWithdraw(state: RegistryState, command: WithdrawCommand): RecordDecision<Withdrawn> {
  const { key, version, by, now } = command;
  const reason = writtenReason(command.reason, `A withdrawal of ${key}@v${version}`);
  const prompt = getPrompt(state, key);
  const entry = getVersion(prompt, version);
  const live = listEnvironments(state).flatMap(({ name }) => {
    const found = liveOf(state, key, name);
    return found?.version === version ? [{ environment: name, inherited: found.inherited }] : [];
  });
  const unchanged = entry.withdrawn !== null;
  const overrides = listOverrides(state, { key, version, status: unchanged ? "withdrawn" : "active", now });
  const result = { key, version, unchanged, live, overrides };
  if (unchanged) return { drafts: [], result: { ...result, ended: [] } };
  const { drafts, ended } = interruptRollouts(
    state,
    { prompt, wanted: (rollout) => challengersOf(rollout).includes(version) },
    { cause: "withdrawn", reason: `v${version} was withdrawn: ${reason}`, by, now },
  );
  const withdrawal = { kind: "withdrawal", by, data: { key, version, reason } } as const;
  return { drafts: [withdrawal, ...drafts], result: { ...result, ended } };
}
