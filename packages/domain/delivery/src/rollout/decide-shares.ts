/** Publishes new shares of a rollout's arms, as an allocation found them. */
import {
  type Actor,
  type Arm,
  HarnessError,
  type RecordDecision,
  type RegistryState,
  type Revision,
  type RolloutEntry,
  type RolloutPlan,
} from "@colophon/kernel";
import { refuseOtherPlan } from "./decide-advance.ts";
import { stepShare } from "./make-move.ts";
import {
  challengersOf,
  controlShare,
  getOpenRollout,
  nextRecord,
  rolloutMembers,
} from "./rollout-members.ts";

export interface SharesCommand {
  readonly key: string;
  readonly environment: string;
  readonly plan: RolloutPlan;
  /** Revision of the rollout record that was looked at. */
  readonly seen: Revision;
  /** Every challenger with its share of units; the live version has the rest. */
  readonly arms: readonly Arm[];
  readonly reason: string;
  readonly by: Actor;
}

export interface SharesDecided {
  readonly key: string;
  readonly environment: string;
  readonly id: string;
  /** True when another record came since, or the rollout no longer ramps: nothing was recorded. */
  readonly outdated: boolean;
  readonly arms: readonly Arm[];
}

/** Rounding of shares that were scaled. */
const SLACK = 1e-9;

/**
 * @throws HarnessError `key-unknown`, `environment-unknown`, `input-malformed` for another plan than the
 * rollout's, or `usage` where no rollout is open, its shares are fixed, arms are missing, or they exceed
 * what the step and the policy let challengers have.
 */
export function decideShares(state: RegistryState, command: SharesCommand): RecordDecision<SharesDecided> {
  const { key, environment, plan, seen, by, reason } = command;
  const entry = getOpenRollout(state, key, environment);
  refuseOtherPlan(rolloutMembers(state, entry), plan);
  const arms = [...command.arms].sort((a, b) => a.version - b.version);
  const result = { key, environment, id: entry.id, arms };
  if (entry.revision !== seen || entry.state !== "ramping") {
    return { drafts: [], result: { ...result, outdated: true, arms: entry.arms } };
  }
  const problem = problemOf(arms, entry, plan);
  if (problem !== undefined) {
    throw new HarnessError("usage", `These are no shares for the rollout of ${key}: ${problem}.`, {
      details: { key, arms },
    });
  }
  const together = arms.reduce((sum, { share }) => sum + share, 0);
  const change = { arms, control: controlShare(together), cause: "shares", reason } as const;
  return { drafts: [nextRecord(entry, change, by)], result: { ...result, outdated: false } };
}

function problemOf(arms: readonly Arm[], entry: RolloutEntry, plan: RolloutPlan): string | undefined {
  const challengers = challengersOf(entry);
  if (plan.policy.kind === "fixed") return "its policy is fixed";
  const named = arms.map(({ version }) => version);
  if (named.join() !== [...challengers].sort((a, b) => a - b).join()) {
    return `give one for each of v${challengers.join(", v")}`;
  }
  const odd = arms.find(({ share }) => !(share >= 0 && share <= 1));
  if (odd !== undefined) return `v${odd.version} has ${odd.share}; give a share from 0 to 1`;
  const most = stepShare(plan, entry.step);
  const together = arms.reduce((sum, { share }) => sum + share, 0);
  if (together > most + SLACK) return `they are ${together} together, and this step lets them have ${most}`;
  return undefined;
}
