/** Turns the subjects of a call into what its row keeps: numbers, pseudonyms, and hashes under the subjects' keys. */
import type { ExecutionDraft, Pseudonym, StoredSubjects } from "@colophon/kernel";
import { fastHash } from "./fast-hash.ts";
import { contentKey, type HiddenContents, hasContents, hideContents, nothingHidden } from "./keyed-hash.ts";

/** A subject as a database keeps it. */
export interface SubjectEntry {
  readonly n: number;
  readonly pseudonym: Pseudonym;
  /** 64 hex digits. */
  readonly key: string;
}

/** What a row's subjects came to. */
export interface RowSubjects {
  readonly user: SubjectEntry | null;
  readonly tenant: SubjectEntry | null;
  readonly document: SubjectEntry | null;
  readonly documentType: SubjectEntry | null;
  readonly session: Pseudonym | null;
}

/** A row's storage numbers of its subjects; null where it names none. */
export interface SubjectNumbers {
  readonly user: number | null;
  readonly tenant: number | null;
  readonly document: number | null;
  readonly documentType: number | null;
}

export function pseudonymsOf(known: RowSubjects): StoredSubjects {
  const { user, tenant, document, documentType, session } = known;
  return {
    user: user === null ? null : user.pseudonym,
    tenant: tenant === null ? null : tenant.pseudonym,
    document: document === null ? null : document.pseudonym,
    documentType: documentType === null ? null : documentType.pseudonym,
    session,
  };
}

export function numbersOf({ user, tenant, document, documentType }: RowSubjects): SubjectNumbers {
  return {
    user: user === null ? null : user.n,
    tenant: tenant === null ? null : tenant.n,
    document: document === null ? null : document.n,
    documentType: documentType === null ? null : documentType.n,
  };
}

/** The row's contents, hidden under the store's secret and the keys of all of the row's subjects. */
export function hiddenContents(secret: string, draft: ExecutionDraft, known: RowSubjects): HiddenContents {
  if (!hasContents(draft)) return nothingHidden(draft);
  const { user, tenant, document, documentType } = known;
  const key = contentKey(secret, {
    user: user === null ? null : user.key,
    tenant: tenant === null ? null : tenant.key,
    document: document === null ? null : document.key,
    documentType: documentType === null ? null : documentType.key,
  });
  return hideContents(fastHash, key, draft);
}
