/** Subjects on PostgreSQL: ids under pseudonyms, each with a key of its own that erasing destroys. */
import { type Pseudonym, SUBJECT_KINDS, type Subject, type SubjectKind } from "@colophon/kernel";
import { fromHex, toHex } from "../shared/bytes.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { subjectPseudonym } from "../shared/keyed-hash.ts";
import type { SubjectEntry } from "../shared/row-subjects.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";

type Query = Pick<Connection, "query">;

function subjectKindNumber(kind: SubjectKind): number {
  return SUBJECT_KINDS.indexOf(kind);
}

/** A subject's name for maps, and what its digest is taken of: its id as JSON can be kept as text, whatever it is. */
export function subjectName({ kind, value }: Subject): string {
  return `${subjectKindNumber(kind)}:${JSON.stringify(value)}`;
}

/** By this a subject is looked up. */
export function digestOf(subject: Subject): Buffer {
  return fromHex(fastHash(subjectName(subject)));
}

function entryOf(row: SqlRow): SubjectEntry {
  return {
    n: row.n as number,
    pseudonym: toHex(row.pseudonym as Uint8Array) as Pseudonym,
    key: toHex(row.key as Uint8Array),
  };
}

/** The entries of subjects that are known, by name. */
export async function findSubjects(
  { query }: Query,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, SubjectEntry>> {
  if (subjects.length === 0) return new Map();
  const names = new Map(subjects.map((subject) => [fastHash(subjectName(subject)), subjectName(subject)]));
  const rows = await query(
    `SELECT subject.n, subject.pseudonym, subject.key, subject.digest FROM colophon.subject
     JOIN unnest($1::smallint[], $2::bytea[]) AS asked (kind, digest)
       ON subject.kind = asked.kind AND subject.digest = asked.digest`,
    [subjects.map(({ kind }) => subjectKindNumber(kind)), subjects.map(digestOf)],
  );
  return new Map(rows.map((row) => [names.get(toHex(row.digest as Uint8Array)) as string, entryOf(row)]));
}

/** The entries of subjects, made where they are missing; processes that meet here agree on one. */
export async function ensureSubjects(
  core: Pick<PostgresCore, "query" | "random">,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, SubjectEntry>> {
  const known = await findSubjects(core, subjects);
  const missing = subjects.filter((subject) => !known.has(subjectName(subject)));
  if (missing.length === 0) return known;
  const made = missing
    .map((subject) => {
      const key = core.random.fill(new Uint8Array(32));
      return {
        subject,
        key,
        digest: digestOf(subject),
        pseudonym: subjectPseudonym(fastHash, toHex(key), subject),
      };
    })
    // Two processes that make the same ones in another order would wait for each other.
    .sort((a, b) => Buffer.compare(a.digest, b.digest));
  await core.query(
    `INSERT INTO colophon.subject (kind, pseudonym, key, value, digest)
     SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[]) ON CONFLICT DO NOTHING`,
    [
      made.map(({ subject }) => subjectKindNumber(subject.kind)),
      made.map(({ pseudonym }) => fromHex(pseudonym)),
      made.map(({ key }) => Buffer.from(key)),
      made.map(({ subject }) => JSON.stringify(subject.value)),
      made.map(({ digest }) => digest),
    ],
  );
  return new Map([...known, ...(await findSubjects(core, missing))]);
}

export async function findPseudonym(
  core: PostgresCore,
  subject: Subject,
  create: boolean,
): Promise<Pseudonym | undefined> {
  const found = create ? await ensureSubjects(core, [subject]) : await findSubjects(core, [subject]);
  return found.get(subjectName(subject))?.pseudonym;
}

/** The plain ids behind pseudonyms; unknown and erased ones are absent. */
export async function revealSubjects(
  { query }: Query,
  pseudonyms: Iterable<Pseudonym>,
): Promise<ReadonlyMap<Pseudonym, string>> {
  const rows = await query(
    "SELECT pseudonym, value FROM colophon.subject WHERE pseudonym = ANY($1::bytea[]) AND value IS NOT NULL",
    [[...new Set(pseudonyms)].map(fromHex)],
  );
  return new Map(
    rows.map((row) => [
      toHex(row.pseudonym as Uint8Array) as Pseudonym,
      JSON.parse(row.value as string) as string,
    ]),
  );
}
