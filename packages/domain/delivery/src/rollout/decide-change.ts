/** What people say to an open rollout: hold it, go on, end it. */
import {
  type Actor,
  type EpochMs,
  type GuardReading,
  HarnessError,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type RolloutData,
  type RolloutEntry,
  type RolloutPlan,
  type RolloutState,
} from "@colophon/kernel";
import { writtenReason } from "../written-reason.ts";
import { refuseOtherPlan } from "./decide-advance.ts";
import { withoutShares } from "./make-move.ts";
import { challengersOf, getOpenRollout, nextRecord, rolloutMembers, servedShare } from "./rollout-members.ts";
import { shadowShare } from "./shadow-share.ts";

interface ChangeCommand {
  /** Any member of the rollout: all of them move. */
  readonly key: string;
  readonly environment: string;
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
}

export type PauseCommand = ChangeCommand;

export interface ResumeCommand extends ChangeCommand {
  readonly plan: RolloutPlan;
  /** What is gone on in spite of: metrics of guards that hold or are not cleared, `mismatch`, or too few `units`. */
  readonly accept?: readonly string[];
}

export interface AbortCommand extends ChangeCommand {
  /** Whether a challenger has served anybody, where it is known; else every canary counts as having done so. */
  readonly served?: boolean | null;
}

export interface RolloutChanged {
  readonly key: string;
  readonly environment: string;
  readonly id: string;
  /** Every prompt that moved. */
  readonly keys: readonly string[];
  /** True when it was so before: nothing was recorded. */
  readonly unchanged: boolean;
  readonly state: RolloutState;
  readonly step: number;
  readonly share: number;
}

/**
 * Holds a rollout: it goes on serving its share, its guards go on watching, nothing is shadowed.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `environment-unknown`, or `usage` where no rollout
 * is open or it serves nothing yet.
 */
export function decidePause(state: RegistryState, command: PauseCommand): RecordDecision<RolloutChanged> {
  const { key, environment, now } = command;
  const entry = getOpenRollout(state, key, environment);
  const reason = writtenReason(command.reason, `A pause of the rollout of ${key}`);
  if (entry.state === "holding") return { drafts: [], result: resultOf(state, entry, true) };
  if (entry.state === "pending") {
    throw new HarnessError(
      "usage",
      `The rollout of ${key} in ${environment} serves nothing yet: abort it if it is not to begin.`,
      { details: { key, environment } },
    );
  }
  const heldFrom = entry.state as Exclude<RolloutData["heldFrom"], null>;
  return change(state, { entry, by: command.by }, () => ({
    state: "holding",
    cause: "paused",
    heldFrom,
    shadow: null,
    since: now,
    reason,
  }));
}

/**
 * Goes on with a held rollout where it was held; its step begins anew. What it was held for by a guard or an
 * uncleared comparison has to be accepted by name, or it would be held again.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `environment-unknown`, `input-malformed` for another
 * plan than the rollout's, or `usage` where it is not held, a guard still fires that was not accepted, or
 * what is accepted is nothing that could be.
 */
export function decideResume(state: RegistryState, command: ResumeCommand): RecordDecision<RolloutChanged> {
  const { key, environment, plan, now, accept = [] } = command;
  const entry = getOpenRollout(state, key, environment);
  const reason = writtenReason(command.reason, `A resumption of the rollout of ${key}`);
  const members = rolloutMembers(state, entry);
  refuseOtherPlan(members, plan);
  if (entry.state !== "holding" || entry.heldFrom === null) {
    throw new HarnessError(
      "usage",
      `The rollout of ${key} in ${environment} is ${entry.state}, not held: there is nothing to resume.`,
      { details: { key, environment, state: entry.state } },
    );
  }
  const accepted = checkAccepted(members, plan, accept);
  const resumed = entry.heldFrom;
  return change(state, { entry, by: command.by }, (member) => ({
    state: resumed,
    cause: "resumed",
    accepted: [...new Set([...member.accepted, ...accepted])],
    shadow: resumed === "shadowing" ? shadowShare(plan, challengersOf(member)) : null,
    since: now,
    reason,
  }));
}

function checkAccepted(
  members: readonly RolloutEntry[],
  plan: RolloutPlan,
  accept: readonly string[],
): readonly string[] {
  // What rolls back is no person's to wave through: the way around a guard is a plan without it.
  const may = [
    "mismatch",
    "units",
    ...plan.clearing,
    ...plan.guards.filter(holds).map(({ metric }) => metric),
  ];
  const odd = accept.find((name) => !may.includes(name));
  if (odd !== undefined) {
    throw new HarnessError(
      "usage",
      `${odd} cannot be accepted: ${[...new Set(may)].join(", ")} can, as what holds a rollout or is to be cleared.`,
    );
  }
  const fired = members.flatMap(({ cause, readings, accepted }) =>
    cause === "guard"
      ? readings.filter((one) => one.state === "fired" && holds(one) && !accepted.includes(one.metric))
      : [],
  );
  const open = fired.find(({ metric }) => !accept.includes(metric));
  if (open === undefined) return accept;
  throw new HarnessError(
    "usage",
    `The guard of ${open.metric} fired and would hold it again: accept it with --accept ${open.metric}, or abort the rollout.`,
    { details: { metric: open.metric } },
  );
}

function holds({ action }: Pick<GuardReading, "action">): boolean {
  return action === "hold";
}

/**
 * Ends a rollout, whatever its state: from now on the live version serves everybody.
 *
 * @throws HarnessError `reason-missing`, `key-unknown`, `environment-unknown`, or `usage` where no rollout
 * is open.
 */
export function decideAbort(state: RegistryState, command: AbortCommand): RecordDecision<RolloutChanged> {
  const { key, environment, now, by, served = null } = command;
  const entry = getOpenRollout(state, key, environment);
  const reason = writtenReason(command.reason, `An abort of the rollout of ${key}`);
  const drafts = endDrafts(rolloutMembers(state, entry), { cause: "aborted", reason, by, now, served });
  const ended = drafts[0]?.data as RolloutData;
  const result = { ...resultOf(state, entry, false), state: ended.state, share: 0 };
  return { drafts, result };
}

export interface RolloutEnd {
  readonly cause: RolloutData["cause"];
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
  /** Null where it is not known whether a challenger has served anybody: then every canary has. */
  readonly served?: boolean | null;
}

/** The last records of rollouts that end together. */
export function endDrafts(members: readonly RolloutEntry[], end: RolloutEnd): readonly RecordDraft[] {
  const { cause, reason, by, now } = end;
  const served = end.served ?? members.some(({ step }) => step >= 0);
  const state = served ? "rolled-back" : "stopped";
  return members.map((member) =>
    nextRecord(
      member,
      { state, cause, reason, since: now, arms: withoutShares(member), control: 0, shadow: null },
      by,
    ),
  );
}

function change(
  state: RegistryState,
  { entry, by }: { readonly entry: RolloutEntry; readonly by: Actor },
  to: (member: RolloutEntry) => Partial<RolloutData>,
): RecordDecision<RolloutChanged> {
  const drafts = rolloutMembers(state, entry).map((member) => nextRecord(member, to(member), by));
  const next = to(entry).state ?? entry.state;
  return { drafts, result: { ...resultOf(state, entry, false), state: next } };
}

function resultOf(state: RegistryState, entry: RolloutEntry, unchanged: boolean): RolloutChanged {
  const { key, environment, id, step } = entry;
  const keys = rolloutMembers(state, entry).map((member) => member.key);
  return { key, environment, id, keys, unchanged, state: entry.state, step, share: servedShare(entry) };
}
