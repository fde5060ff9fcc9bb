/** The release that a rollback is. */
import type { Actor, RecordDraft, ReleaseEntry } from "@colophon/kernel";

export interface RollbackMove {
  readonly environment: string;
  /** The version that is left; null where nothing was live. */
  readonly from: number | null;
  readonly reason: string;
  readonly by: Actor;
}

/** With the model that the version was live with. */
export function rollbackDraft(
  { key, version, model, fingerprint }: Pick<ReleaseEntry, "key" | "version" | "model" | "fingerprint">,
  { environment, from, reason, by }: RollbackMove,
): RecordDraft {
  const none = { evidence: [], breakGlass: null, set: null };
  const data = { key, environment, lane: "live", version, model, fingerprint, reason, ...none } as const;
  return { kind: "release", by, data: { ...data, rollbackFrom: from } };
}
