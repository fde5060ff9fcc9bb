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
  // One look into the index for each; a join would read the whole table as long as that seems to be less.
  const rows = await query(
    `SELECT known.* FROM unnest($1::smallint[], $2::bytea[]) AS asked (kind, digest)
     CROSS JOIN LATERAL (SELECT n, pseudonym, key, digest FROM @schema.subject
       WHERE kind = asked.kind AND digest = asked.digest LIMIT 1) AS known`,
    [subjects.map(({ kind }) => subjectKindNumber(kind)), subjects.map(digestOf)],
  );
  return entriesByName(rows, names);
}

/** By the subjects' names, which are given by their digests. */
function entriesByName(
  rows: readonly SqlRow[],
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, SubjectEntry> {
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
        name: subjectName(subject),
        digest: digestOf(subject),
        pseudonym: subjectPseudonym(fastHash, toHex(key), subject),
      };
    })
    // Two processes that make the same ones in another order would wait for each other.
    .sort((a, b) => Buffer.compare(a.digest, b.digest));
  const rows = await core.query(
    `INSERT INTO @schema.subject (kind, pseudonym, key, value, digest)
     SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[]) ON CONFLICT DO NOTHING
     RETURNING n, pseudonym, key, digest`,
    [
      made.map(({ subject }) => subjectKindNumber(subject.kind)),
      made.map(({ pseudonym }) => fromHex(pseudonym)),
      made.map(({ key }) => Buffer.from(key)),
      made.map(({ subject }) => JSON.stringify(subject.value)),
      made.map(({ digest }) => digest),
    ],
  );
  const names = new Map(made.map(({ digest, name }) => [digest.toString("hex"), name]));
  const inserted = entriesByName(rows, names);
  const others = made.filter(({ name }) => !inserted.has(name)).map(({ subject }) => subject);
  return new Map([...known, ...inserted, ...(await findSubjects(core, others))]);
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
    "SELECT pseudonym, value FROM @schema.subject WHERE pseudonym = ANY($1::bytea[]) AND value IS NOT NULL",
    [[...new Set(pseudonyms)].map(fromHex)],
  );
  return new Map(
    rows.map((row) => [
      toHex(row.pseudonym as Uint8Array) as Pseudonym,
      JSON.parse(row.value as string) as string,
    ]),
  );
}
