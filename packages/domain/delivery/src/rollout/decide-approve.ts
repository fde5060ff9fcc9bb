/** Records the judgement of a reviewer about what a rollout is to serve everybody with. */
import {
  getPrompt,
  getVersion,
  HarnessError,
  type RecordDecision,
  type RegistryState,
  type RolloutEntry,
  type RolloutState,
} from "@colophon/kernel";
import { approvalDraft, isInFavour, type Judgement } from "../approval-draft.ts";
import { type GatePass, hasOneMember } from "../pass-gate.ts";
import { challengersOf, getOpenRollout, rolloutMembers } from "./rollout-members.ts";

export interface ApproveCommand extends Judgement, Pick<GatePass, "members"> {
  /** Any member of the rollout: what is approved is all of it. */
  readonly key: string;
  /** Which of several arms; null where there is one. */
  readonly version?: number | null;
}

export interface Approved {
  readonly key: string;
  readonly environment: string;
  readonly id: string;
  readonly state: RolloutState;
  /** What was judged, by prompt. */
  readonly versions: readonly { readonly key: string; readonly version: number }[];
  /** False for a judgement that is not in favour in all three: it takes an earlier one back. */
  readonly inFavour: boolean;
}

/**
 * Counts at the next look of a scheduler, also when it is given before it is asked for.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `version-unknown`, or `usage` where no rollout
 * is open, none of several arms is named, or the reviewer is the author: which of several arms is to stay is for
 * the one member of a project to say all the same.
 */
export function decideApprove(state: RegistryState, command: ApproveCommand): RecordDecision<Approved> {
  const { key, environment } = command;
  const entry = getOpenRollout(state, key, environment);
  const members = rolloutMembers(state, entry);
  const versions = members.map((member) => ({ key: member.key, version: judged(member, command) }));
  const ownAllowed = hasOneMember(command) && challengersOf(entry).length > 1;
  const drafts = versions.map((one) =>
    approvalDraft(getVersion(getPrompt(state, one.key), one.version), command, { ownAllowed }),
  );
  const inFavour = isInFavour(command);
  return { drafts, result: { key, environment, id: entry.id, state: entry.state, versions, inFavour } };
}

function judged(member: RolloutEntry, { key, version = null }: ApproveCommand): number {
  const arms = challengersOf(member);
  const [only] = arms;
  if (version === null && arms.length === 1 && only !== undefined) return only;
  if (member.key !== key && only !== undefined) return only;
  if (version !== null && arms.includes(version)) return version;
  throw new HarnessError(
    "usage",
    `The rollout of ${member.key} tries v${arms.join(", v")}: name one of them as ${member.key}@vN.`,
    { details: { key: member.key, arms } },
  );
}
