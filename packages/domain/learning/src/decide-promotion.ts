/** Records that a candidate became a version. */
import {
  type Actor,
  getCandidate,
  getPrompt,
  HarnessError,
  type RecordDecision,
  type RegistryState,
} from "@colophon/kernel";

export interface PromotionCommand {
  readonly key: string;
  readonly candidate: number;
  /** The number that its text has in the same decision, or had before. */
  readonly version: number;
  readonly reason: string;
  readonly by: Actor;
}

export interface Promoted {
  readonly key: string;
  readonly candidate: number;
  readonly version: number;
  readonly hash: string;
  /** True when it was promoted before: nothing was recorded. */
  readonly unchanged: boolean;
}

/**
 * A version is not released by it.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` or `reason-missing`.
 */
export function decidePromotion(state: RegistryState, command: PromotionCommand): RecordDecision<Promoted> {
  const { key, candidate, version, by } = command;
  const { hash, decision } = getCandidate(getPrompt(state, key), candidate);
  const unchanged = decision?.decision === "promote" && decision.version === version;
  const result = { key, candidate, version, hash, unchanged };
  if (unchanged) return { drafts: [], result };
  const reason = command.reason.trim();
  if (reason === "") {
    throw new HarnessError(
      "reason-missing",
      `A promotion of ${key}@c${candidate} needs a written reason: add --message TEXT.`,
    );
  }
  return {
    drafts: [{ kind: "decision", by, data: { key, candidate, decision: "promote", reason, version } }],
    result,
  };
}
