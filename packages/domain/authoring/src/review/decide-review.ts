/** Records what a review of a text has said. */
import type { Actor, RecordDecision, RegistryState, ReviewData } from "@colophon/kernel";

export interface ReviewCommand extends Omit<ReviewData, "version"> {
  /** What was written, to be kept under its hash; null for none. */
  readonly policyDocument: object | null;
  readonly by: Actor;
}

/** The version is the one that the text is when the record is written; a text that is none is not recorded. */
export function decideReview(
  state: RegistryState,
  { policyDocument, by, ...review }: ReviewCommand,
): RecordDecision<ReviewData | null> {
  const version = state.prompts.get(review.key)?.versionByHash.get(review.hash) ?? null;
  if (version === null) return { drafts: [], result: null };
  const { id, key, hash, rules, policy, ownPolicy, judge, findings, suppressions } = review;
  const held = ownPolicy === undefined ? { policy } : { policy, ownPolicy };
  const data: ReviewData = { id, key, version, hash, rules, ...held, judge, findings, suppressions };
  return {
    drafts: [{ kind: "review", by, data }],
    documents: policyDocument === null ? [] : [policyDocument],
    result: data,
  };
}
