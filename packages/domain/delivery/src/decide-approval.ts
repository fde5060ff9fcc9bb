/** Records the judgement of a reviewer about a version in an environment, whether a rollout is on or not. */
import {
  getEnvironment,
  getPrompt,
  getServable,
  type RecordDecision,
  type RegistryState,
} from "@colophon/kernel";
import { approvalDraft, isInFavour, type Judgement } from "./approval-draft.ts";
import { isProtected } from "./environment-policy.ts";
import { type GatePass, hasOneMember, lackingApprovals, waivedWords } from "./pass-gate.ts";

export interface ApprovalCommand extends Judgement, Pick<GatePass, "approvals" | "members"> {
  readonly key: string;
  readonly version: number;
}

export interface ApprovedVersion {
  readonly key: string;
  readonly version: number;
  /** What was judged: another text needs another judgement. */
  readonly hash: string;
  readonly environment: string;
  /** False for a judgement that is not in favour in all three: it takes an earlier one back. */
  readonly inFavour: boolean;
  /** In words, the approvals that the environment asks for beyond this one; empty where it has them all. */
  readonly lacks: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn`, `environment-unknown`, or `usage` where the
 * reviewer is the author.
 */
export function decideApproval(
  state: RegistryState,
  command: ApprovalCommand,
): RecordDecision<ApprovedVersion> {
  const { key, environment, by, safety, compliance, style, approvals = [] } = command;
  const prompt = getPrompt(state, key);
  const version = getServable(prompt, command.version);
  const policy = getEnvironment(state, environment);
  const draft = approvalDraft(version, command);
  const { hash } = version;
  const comment = command.comment ?? null;
  const own = { key, version: version.version, hash, environment, safety, compliance, style, comment, by };
  const count = isProtected(policy, prompt) ? policy.approvals : 0;
  const missing = lackingApprovals(version, { environment, count }, [...approvals, own]);
  const alone = hasOneMember(command);
  const result = {
    ...{ key, version: version.version, hash, environment, inFavour: isInFavour(command) },
    lacks: alone ? [] : missing,
    warnings: alone ? missing.map((lack) => `${waivedWords(lack)}.`) : [],
  };
  return { drafts: [draft], result };
}
