/** What a completed rollout leaves behind: its version is live, or overrides its scope. */
import {
  type Actor,
  type EpochMs,
  HarnessError,
  type Pseudonym,
  type RecordDraft,
  type RolloutEntry,
} from "@colophon/kernel";

export interface Completion {
  readonly version: number;
  readonly reason: string;
  readonly by: Actor;
  readonly evidence: ReadonlyMap<string, readonly string[]>;
  readonly documentType: Pseudonym | null;
}

/**
 * A rollout of all traffic ends in a release. One that was scoped has shown nothing of the rest, so it ends
 * in an override of just that scope: of the tenant, or of the document type, and of both together in an
 * override of the document type within the tenant.
 *
 * @throws HarnessError `usage` where the pseudonym of the document type is missing.
 */
export function completionDraft(member: RolloutEntry, completion: Completion): RecordDraft {
  const { key, environment, where, set, breakGlass } = member;
  const { version, by } = completion;
  const evidence = [...new Set([...member.evidence, ...(completion.evidence.get(key) ?? [])])];
  const reason = `Its rollout is complete: ${completion.reason}.`;
  const { documentType, tenant } = where ?? {};
  if (documentType === undefined && tenant === undefined) {
    const none = { model: null, fingerprint: null, rollbackFrom: null };
    const data = {
      key,
      environment,
      lane: "live",
      version,
      reason,
      evidence,
      breakGlass,
      set,
      ...none,
    } as const;
    return { kind: "release", by, data };
  }
  const subject = documentType === undefined ? tenant : completion.documentType;
  if (subject === undefined || subject === null) {
    throw new HarnessError(
      "usage",
      `The rollout of ${key} ends in an override of the document type ${documentType}, whose pseudonym was not given: pass it as documentType.`,
    );
  }
  const within = documentType !== undefined && tenant !== undefined ? { tenant } : {};
  const kind = documentType === undefined ? "tenant" : "documentType";
  const common = { key, version, environment, expires: null as EpochMs | null, reason, evidence, breakGlass };
  return { kind: "override", by, data: { ...common, kind, subject, ...within } };
}
