/** Moves what lies beside the rows of a ledger: texts, subjects, records, writers, starts, gaps and seals. */
import { SUBJECT_KINDS, type SubjectKind } from "@colophon/kernel";
import { lockStore } from "../postgres/locks.ts";
import { createPartitions } from "../postgres/partitions.ts";
import type { SqlParameter } from "../postgres/postgres-core.ts";
import { digestOf } from "../postgres/subject-table.ts";
import { idOf, toHex } from "../shared/bytes.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import type { SqliteCore } from "../sqlite/sqlite-core.ts";
import type { MoveParts } from "./move-store.ts";

const ROWS_AT_ONCE = 1000;

/** The rows of a query in groups; its last value is the place that the group begins behind. */
function* pages(
  from: SqliteCore,
  sql: string,
  { after, by }: { readonly after: number; readonly by: string },
) {
  for (let last = after; ; ) {
    const rows = from.prepare(`${sql} LIMIT ${ROWS_AT_ONCE}`).all(last) as SqlRow[];
    if (rows.length === 0) return;
    yield rows;
    last = rows.at(-1)?.[by] as number;
  }
}

function column(rows: readonly SqlRow[], name: string): (string | number | null | Uint8Array)[] {
  return rows.map((row) => {
    const value = row[name] ?? null;
    return value instanceof Uint8Array ? Buffer.from(value) : value;
  });
}

export async function moveTexts({ from, to, moved }: MoveParts): Promise<void> {
  const sql = "SELECT rowid AS place, hash, body FROM text WHERE rowid > ? ORDER BY rowid";
  for (const rows of pages(from, sql, { after: 0, by: "place" })) {
    const kept = await to.query(
      `INSERT INTO @schema.text (hash, body) SELECT * FROM unnest($1::bytea[], $2::text[])
       ON CONFLICT DO NOTHING RETURNING 1`,
      [column(rows, "hash"), column(rows, "body")],
    );
    moved("texts", kept.length);
  }
}

/** Also those that were erased, and erases here whom an earlier move still knew. */
export async function moveSubjects({ from, to, moved }: MoveParts): Promise<void> {
  const sql = "SELECT n, kind, pseudonym, key, value FROM subject WHERE n > ? ORDER BY n";
  for (const rows of pages(from, sql, { after: 0, by: "n" })) {
    const kept = await to.query(
      `INSERT INTO @schema.subject (kind, pseudonym, key, value, digest)
       SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[])
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        ...[column(rows, "kind"), column(rows, "pseudonym"), column(rows, "key")],
        rows.map(({ value }) => (value === null ? null : JSON.stringify(value))),
        rows.map(subjectDigest),
      ],
    );
    await to.query(
      `UPDATE @schema.subject SET key = NULL, value = NULL, digest = NULL
       WHERE pseudonym = ANY($1::bytea[]) AND key IS NOT NULL`,
      [
        column(
          rows.filter(({ key }) => key === null),
          "pseudonym",
        ),
      ],
    );
    moved("subjects", kept.length);
  }
}

function subjectDigest({ kind, value }: SqlRow): Buffer | null {
  const name = SUBJECT_KINDS[kind as number] as SubjectKind;
  return value === null ? null : digestOf({ kind: name, value: value as string });
}

export async function moveRecords({ from, to, moved }: MoveParts): Promise<void> {
  const [end] = await to.query("SELECT coalesce(max(revision), 0) AS revision FROM @schema.record");
  const sql = "SELECT * FROM record WHERE revision > ? ORDER BY revision";
  for (const rows of pages(from, sql, { after: end?.revision as number, by: "revision" })) {
    await to.transaction(async (connection) => {
      await lockStore(connection, "records");
      await connection.query(
        `INSERT INTO @schema.record (revision, at, kind, key, body, chain)
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])`,
        ["revision", "at", "kind", "key", "body", "chain"].map((name) => column(rows, name)),
      );
    });
    moved("records", rows.length);
  }
}

/** The writers' numbers there, by those here. */
export async function moveWriters({ from, to }: MoveParts): Promise<ReadonlyMap<number, number>> {
  const rows = from.prepare("SELECT n, id, started FROM writer ORDER BY n").all() as SqlRow[];
  await to.query(
    `INSERT INTO @schema.writer (id, started) SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING`,
    [column(rows, "id"), column(rows, "started")],
  );
  const there = await to.query("SELECT n, id FROM @schema.writer");
  const numbers = new Map(there.map(({ n, id }) => [id as string, n as number]));
  return new Map(rows.map(({ n, id }) => [n as number, numbers.get(id as string) as number]));
}

export async function moveStarts({ from, to, clock, moved }: MoveParts): Promise<void> {
  const partitions = createPartitions({ transaction: to.transaction, clock });
  const sql = "SELECT n, at, rest, body FROM start WHERE n > ? ORDER BY n";
  for (const rows of pages(from, sql, { after: 0, by: "n" })) {
    const ids = rows.map(({ at, rest }) => idOf(at as number, rest as Uint8Array));
    await partitions.ensure(ids);
    const kept = await to.query(
      `INSERT INTO @schema.start (id, body) SELECT * FROM unnest($1::uuid[], $2::text[])
       ON CONFLICT DO NOTHING RETURNING 1`,
      [ids, column(rows, "body")],
    );
    moved("starts", kept.length);
  }
}

/** Gaps have no id: those that are there are the first ones. */
export async function moveGaps(
  { from, to, moved }: MoveParts,
  writers: ReadonlyMap<number, number>,
): Promise<void> {
  const [there] = await to.query("SELECT count(*) AS gaps FROM @schema.gap");
  const rows = from
    .prepare("SELECT at, writer, body FROM gap ORDER BY n LIMIT -1 OFFSET ?")
    .all(there?.gaps as number) as SqlRow[];
  await to.query(
    `INSERT INTO @schema.gap (at, writer, body)
     SELECT at, writer, body FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS said (at, writer, body, place)
     ORDER BY place`,
    [
      column(rows, "at"),
      rows.map(({ writer }) => writers.get(writer as number) as number),
      column(rows, "body"),
    ],
  );
  moved("gaps", rows.length);
}

const SEAL = [
  "seq",
  "at",
  "revision",
  "record_chain",
  "heads",
  "chain",
  "last_execution",
  "last_outcome",
] as const;

export async function moveSeals({ from, to, moved }: MoveParts): Promise<void> {
  const [end] = await to.query("SELECT coalesce(max(seq), 0) AS seq FROM @schema.seal");
  const sql = "SELECT * FROM seal WHERE seq > ? ORDER BY seq";
  for (const rows of pages(from, sql, { after: end?.seq as number, by: "seq" })) {
    const values: readonly SqlParameter[] = SEAL.map((name) => column(rows, name));
    await to.query(
      `INSERT INTO @schema.seal (${SEAL.join(", ")}) SELECT * FROM
       unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::bytea[], $7::bigint[], $8::bigint[])`,
      values,
    );
    moved("seals", rows.length);
  }
}

/** The numbers of subjects there, by their pseudonyms. */
export async function subjectNumbers(
  { to }: Pick<MoveParts, "to">,
  pseudonyms: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const rows = await to.query("SELECT n, pseudonym FROM @schema.subject WHERE pseudonym = ANY($1::bytea[])", [
    [...pseudonyms].map((pseudonym) => Buffer.from(pseudonym, "hex")),
  ]);
  return new Map(rows.map(({ n, pseudonym }) => [toHex(pseudonym as Uint8Array), n as number]));
}
