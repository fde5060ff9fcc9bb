/** Records the judgement of a reviewer about what a rollout is to serve everybody with. */
import {
  type Actor,
  getPrompt,
  getVersion,
  HarnessError,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type RolloutEntry,
  type RolloutState,
} from "@colophon/kernel";
import { challengersOf, getOpenRollout, rolloutMembers } from "./rollout-members.ts";

export interface ApproveCommand {
  /** Any member of the rollout: what is approved is all of it. */
  readonly key: string;
  readonly environment: string;
  /** Which of several arms; null where there is one. */
  readonly version?: number | null;
  readonly safety: boolean;
  readonly compliance: boolean;
  readonly style: boolean;
  readonly comment?: string | null;
  readonly by: Actor;
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
 * is open, none of several arms is named, or the reviewer is the author.
 */
export function decideApprove(state: RegistryState, command: ApproveCommand): RecordDecision<Approved> {
  const { key, environment, safety, compliance, style, comment = null, by } = command;
  const entry = getOpenRollout(state, key, environment);
  const members = rolloutMembers(state, entry);
  const versions = members.map((member) => ({ key: member.key, version: judged(member, command) }));
  const drafts = versions.map((one): RecordDraft => {
    const version = getVersion(getPrompt(state, one.key), one.version);
    if (by.id === version.author || by.id === version.by.id) throw ownVersion(one, by);
    const data = { ...one, hash: version.hash, environment, safety, compliance, style, comment };
    return { kind: "approval", by, data };
  });
  const inFavour = safety && compliance && style;
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

function ownVersion(one: { readonly key: string; readonly version: number }, by: Actor): HarnessError {
  return new HarnessError(
    "usage",
    `${by.id} made ${one.key}@v${one.version} and cannot approve it: ask somebody else.`,
    { details: { ...one } },
  );
}
