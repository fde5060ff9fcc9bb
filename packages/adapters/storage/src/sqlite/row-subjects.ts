/** Finds the subjects of a call, from memory where they are known, and notices erasures of other processes. */
import type { CallSubjects, Pseudonym } from "@colophon/kernel";
import { BoundedMap } from "../shared/bounded-map.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { sessionPseudonym } from "../shared/keyed-hash.ts";
import type { RowSubjects, SubjectEntry } from "../shared/row-subjects.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { createSubjectCache } from "./subject-table.ts";

const SESSIONS_CACHED = 10_000;
/** How long a writer may still write under a subject that another process has erased. */
const ERASURE_CHECK_MS = 500;

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
