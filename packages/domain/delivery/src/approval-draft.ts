/** The record of a reviewer's three judgements about a version, which nobody gives about a version of their own. */
import {
  type Actor,
  type ApprovalData,
  HarnessError,
  type RecordDraft,
  type VersionEntry,
} from "@colophon/kernel";

/** What a reviewer judges; a judgement that is not in favour in all three takes an earlier one back. */
export interface Judgement extends Pick<ApprovalData, "environment" | "safety" | "compliance" | "style"> {
  readonly comment?: string | null;
  readonly by: Actor;
}

export function isInFavour({ safety, compliance, style }: Omit<Judgement, "by">): boolean {
  return safety && compliance && style;
}

/** Who made a version: its author and those who wrote with them, whoever registered it, and the person whose key did. */
export function makersOf({ author, coAuthors = [], by }: VersionEntry): readonly string[] {
  return [author, ...coAuthors, by.id, ...(by.owner === undefined ? [] : [by.owner])];
}

/** `ownAllowed` where it chooses between versions and nobody else could. @throws HarnessError `usage` for an own version. */
export function approvalDraft(
  entry: VersionEntry,
  judgement: Judgement,
  { ownAllowed = false }: { readonly ownAllowed?: boolean } = {},
): RecordDraft {
  const { key, version, hash } = entry;
  const { environment, safety, compliance, style, comment = null, by } = judgement;
  if (!ownAllowed && makersOf(entry).includes(by.owner ?? by.id)) {
    throw new HarnessError(
      "usage",
      `${by.id} made ${key}@v${version} and cannot approve it: ask somebody else.`,
      { details: { key, version } },
    );
  }
  return {
    kind: "approval",
    by,
    data: { key, version, hash, environment, safety, compliance, style, comment },
  };
}
