/** Subjects in SQLite: ids under pseudonyms, each with a key of its own that erasing destroys. */
import { type Pseudonym, SUBJECT_KINDS, type Subject, type SubjectKind } from "@colophon/kernel";
import { BoundedMap } from "../shared/bounded-map.ts";
import { fromHex, toHex } from "../shared/bytes.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { subjectPseudonym } from "../shared/keyed-hash.ts";
import type { SubjectEntry } from "../shared/row-subjects.ts";
import type { SqlRow } from "./node-sqlite.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const CACHE_ENTRIES = 50_000;

function subjectKindNumber(kind: SubjectKind): number {
  return SUBJECT_KINDS.indexOf(kind);
}

export function findSubject(core: SqliteCore, { kind, value }: Subject): SubjectEntry | undefined {
  const row = core
    .prepare("SELECT n, pseudonym, key FROM subject WHERE kind = ? AND value = ?")
    .get(subjectKindNumber(kind), value) as SqlRow | undefined;
  if (row === undefined) return undefined;
  return {
    n: row.n as number,
    pseudonym: toHex(row.pseudonym as Uint8Array) as Pseudonym,
    key: toHex(row.key as Uint8Array),
  };
}

/** The entry of a subject, made where it is missing; two processes that meet here agree on one. */
export function ensureSubject(core: SqliteCore, subject: Subject): SubjectEntry {
  const known = findSubject(core, subject);
  if (known !== undefined) return known;
  const { kind, value } = subject;
  const number = subjectKindNumber(kind);
  const secret = core.random.fill(new Uint8Array(32));
  const key = toHex(secret);
  const pseudonym = subjectPseudonym(fastHash, key, subject);
  const { changes, lastInsertRowid } = core
    .prepare(
      `INSERT INTO subject (kind, pseudonym, key, value) SELECT ?, ?, ?, ?
       WHERE NOT EXISTS (SELECT 1 FROM subject WHERE kind = ? AND value = ?)`,
    )
    .run(number, fromHex(pseudonym), secret, value, number, value);
  if (changes === 0) return findSubject(core, subject) as SubjectEntry;
  return { n: lastInsertRowid as number, pseudonym, key };
}

/** The plain id behind a pseudonym; undefined when it is unknown or erased. */
export function revealSubject(core: SqliteCore, pseudonym: Pseudonym): string | undefined {
  const row = core.prepare("SELECT value FROM subject WHERE pseudonym = ?").get(fromHex(pseudonym)) as
    | SqlRow
    | undefined;
  return (row?.value as string | null | undefined) ?? undefined;
}

/** A writer's cache of subjects. */
export interface SubjectCache {
  entry(kind: SubjectKind, value: string): SubjectEntry;
  /** The entry where it is at hand without asking the database. */
  peek(kind: SubjectKind, value: string): SubjectEntry | undefined;
  clear(): void;
}

export function createSubjectCache(core: SqliteCore): SubjectCache {
  const caches = {
    user: new BoundedMap<string, SubjectEntry>(CACHE_ENTRIES),
    tenant: new BoundedMap<string, SubjectEntry>(CACHE_ENTRIES),
    document: new BoundedMap<string, SubjectEntry>(CACHE_ENTRIES),
    documentType: new BoundedMap<string, SubjectEntry>(CACHE_ENTRIES),
  };
  return {
    entry(kind, value) {
      const known = caches[kind].get(value);
      if (known !== undefined) return known;
      const entry = ensureSubject(core, { kind, value });
      caches[kind].set(value, entry);
      return entry;
    },
    peek: (kind, value) => caches[kind].get(value),
    clear() {
      for (const cache of Object.values(caches)) cache.clear();
    },
  };
}
