/** Subjects in memory: ids under pseudonyms, each with a key of its own that erasing destroys. */
import {
  type ExecutionDraft,
  type Pseudonym,
  type StoredSubjects,
  type Subject,
  type SubjectKind,
  sha256,
} from "@colophon/kernel";
import {
  contentKey,
  type HiddenContents,
  hasContents,
  hideContents,
  nothingHidden,
  sessionPseudonym,
  subjectPseudonym,
} from "../shared/keyed-hash.ts";
import { type MemoryState, randomKey, type SubjectEntry } from "./memory-state.ts";

/** A subject that was not erased. */
type KnownSubject = SubjectEntry & { readonly key: string; readonly value: string };

function nameOf({ kind, value }: Subject): string {
  return `${kind}:${value}`;
}

export function findSubject(state: MemoryState, subject: Subject): KnownSubject | undefined {
  return state.subjectsByValue.get(nameOf(subject)) as KnownSubject | undefined;
}

/** The entry of a subject, made where it is missing. */
export function ensureSubject(state: MemoryState, subject: Subject): KnownSubject {
  const known = findSubject(state, subject);
  if (known !== undefined) return known;
  const { kind, value } = subject;
  const key = randomKey(state.random);
  const entry: KnownSubject = { kind, value, key, pseudonym: subjectPseudonym(sha256, key, { kind, value }) };
  state.subjectsByValue.set(nameOf(subject), entry);
  state.subjects.set(entry.pseudonym, entry);
  return entry;
}

/** Destroys id and key; the pseudonym stays, and says nothing. */
export function forgetSubject(state: MemoryState, subject: Subject): void {
  const entry: SubjectEntry | undefined = findSubject(state, subject);
  if (entry === undefined) return;
  state.subjectsByValue.delete(nameOf(subject));
  entry.key = null;
  entry.value = null;
}

/** The plain id behind a pseudonym; undefined when it is unknown or erased. */
export function revealSubject(state: MemoryState, pseudonym: Pseudonym): string | undefined {
  return state.subjects.get(pseudonym)?.value ?? undefined;
}

/** What a row keeps instead of plain ids and contents. */
export interface HiddenParts extends HiddenContents {
  readonly subjects: StoredSubjects;
}

/** Makes subjects where they are missing. */
export function hideParts(state: MemoryState, draft: ExecutionDraft): HiddenParts {
  const call = draft.subjects;
  const entry = (kind: SubjectKind): KnownSubject | null => {
    const value = call[kind];
    return value === null ? null : ensureSubject(state, { kind, value });
  };
  const user = entry("user");
  const tenant = entry("tenant");
  const document = entry("document");
  const documentType = entry("documentType");
  const { session } = call;
  const key = contentKey(state.secret, {
    user: user?.key ?? null,
    tenant: tenant?.key ?? null,
    document: document?.key ?? null,
    documentType: documentType?.key ?? null,
  });
  return {
    subjects: {
      user: user?.pseudonym ?? null,
      tenant: tenant?.pseudonym ?? null,
      document: document?.pseudonym ?? null,
      documentType: documentType?.pseudonym ?? null,
      session: session === null ? null : sessionPseudonym(sha256, user?.key ?? state.secret, session),
    },
    ...(hasContents(draft) ? hideContents(sha256, key, draft) : nothingHidden(draft)),
  };
}
