/** Turns the plain ids of a call into what its row keeps: numbers, pseudonyms, and hashes under the subjects' keys. */
import type { CallSubjects, ExecutionDraft, Pseudonym, StoredSubjects } from "@colophon/kernel";
import { BoundedMap } from "../shared/bounded-map.ts";
import {
  contentKey,
  type HiddenContents,
  hasContents,
  hideContents,
  nothingHidden,
  sessionPseudonym,
} from "../shared/keyed-hash.ts";
import type { SubjectNumbers } from "./execution-insert.ts";
import { fastHash } from "./fast-hash.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { createSubjectCache, type SubjectEntry } from "./subject-table.ts";

const SESSIONS_CACHED = 10_000;
/** How long a writer may still write under a subject that another process has erased. */
const ERASURE_CHECK_MS = 500;

/** What a row's subjects came to. */
export interface RowSubjects {
  readonly user: SubjectEntry | null;
  readonly tenant: SubjectEntry | null;
  readonly document: SubjectEntry | null;
  readonly documentType: SubjectEntry | null;
  readonly session: Pseudonym | null;
}

export interface RowSubjectsSource {
  /** The subjects where all are at hand without asking the database. */
  peek(call: CallSubjects): RowSubjects | undefined;
  /** The subjects, made where they are missing. */
  know(call: CallSubjects): RowSubjects;
  /** Drops what an erasure of another process made stale; at most twice a second unless at once. */
  noticeErasures(atOnce: boolean): void;
  clear(): void;
}

export function createRowSubjects(core: SqliteCore): RowSubjectsSource {
  const subjects = createSubjectCache(core);
  const sessions = new BoundedMap<string, { readonly key: string; readonly pseudonym: Pseudonym }>(
    SESSIONS_CACHED,
  );
  let erasures = readErasures(core);
  let readAt = core.clock.elapsed();

  const sessionOf = (session: string | null, user: SubjectEntry | null): Pseudonym | null => {
    if (session === null) return null;
    const key = user === null ? core.secret : user.key;
    const known = sessions.get(session);
    if (known !== undefined && known.key === key) return known.pseudonym;
    const pseudonym = sessionPseudonym(fastHash, key, session);
    sessions.set(session, { key, pseudonym });
    return pseudonym;
  };

  const clear = (): void => {
    subjects.clear();
    sessions.clear();
  };

  return {
    peek(call) {
      const user = call.user === null ? null : subjects.peek("user", call.user);
      const tenant = call.tenant === null ? null : subjects.peek("tenant", call.tenant);
      const document = call.document === null ? null : subjects.peek("document", call.document);
      const documentType =
        call.documentType === null ? null : subjects.peek("documentType", call.documentType);
      if (user === undefined || tenant === undefined || document === undefined || documentType === undefined)
        return undefined;
      return { user, tenant, document, documentType, session: sessionOf(call.session, user) };
    },
    know(call) {
      const user = call.user === null ? null : subjects.entry("user", call.user);
      return {
        user,
        tenant: call.tenant === null ? null : subjects.entry("tenant", call.tenant),
        document: call.document === null ? null : subjects.entry("document", call.document),
        documentType: call.documentType === null ? null : subjects.entry("documentType", call.documentType),
        session: sessionOf(call.session, user),
      };
    },
    noticeErasures(atOnce) {
      const now = core.clock.elapsed();
      if (!atOnce && now - readAt < ERASURE_CHECK_MS) return;
      readAt = now;
      const current = readErasures(core);
      if (current === erasures) return;
      erasures = current;
      clear();
    },
    clear,
  };
}

function readErasures(core: SqliteCore): number {
  return (core.prepare("SELECT erasures FROM watch").get() as { erasures: number }).erasures;
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
