/** The registry's log on PostgreSQL: reads records, and appends them inside a transaction that holds its lock. */
import {
  canonicalJson,
  chainStart,
  type EpochMs,
  type LogPoint,
  type RecordDraft,
  type RegistryRecord,
  type Revision,
  recordLink,
} from "@colophon/kernel";
import { fromHex, toHex } from "../shared/bytes.ts";
import { RECORD_CHAIN } from "../shared/chain-names.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { placeRecord, recordKey } from "../shared/record-rules.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import type { Connection, SqlParameter } from "./postgres-core.ts";

type Query = Pick<Connection, "query">;

export interface LogEnd {
  readonly revision: Revision;
  readonly at: EpochMs;
  readonly chain: string;
}

function readRecord(row: SqlRow): RegistryRecord {
  const { by, data } = JSON.parse(row.body as string) as RecordDraft;
  return { revision: row.revision, at: row.at, kind: row.kind, by, data } as RegistryRecord;
}

/** The last record's place; the start of the chain for an empty log. */
export async function logEnd({ query }: Query): Promise<LogEnd> {
  const [row] = await query("SELECT revision, at, chain FROM @schema.record ORDER BY revision DESC LIMIT 1");
  if (row === undefined) return { revision: 0, at: 0, chain: chainStart(RECORD_CHAIN, fastHash) };
  return { revision: row.revision as number, at: row.at as number, chain: toHex(row.chain as Uint8Array) };
}

/** Appends drafts at the end of the log; time never runs backwards along it. */
export async function appendRecords(
  connection: Query,
  more: { readonly drafts: readonly RecordDraft[]; readonly at: EpochMs },
): Promise<readonly RegistryRecord[]> {
  if (more.drafts.length === 0) return [];
  const end = await logEnd(connection);
  let { revision, chain } = end;
  const at = Math.max(more.at, end.at);
  const records: RegistryRecord[] = [];
  const rows: SqlParameter[] = [];
  for (const draft of more.drafts) {
    revision += 1;
    const record = placeRecord(draft, { revision, at });
    chain = fastHash(recordLink(chain, record));
    const body = canonicalJson({ by: record.by, data: record.data });
    records.push(record);
    rows.push(revision, at, record.kind, recordKey(record), body, fromHex(chain));
  }
  await insertRows(connection, "INSERT INTO @schema.record (revision, at, kind, key, body, chain)", {
    width: 6,
    rows,
  });
  return records;
}

/** As many values as one statement takes. */
const MOST_VALUES = 30_000;

async function insertRows(
  { query }: Query,
  insert: string,
  { width, rows }: { readonly width: number; readonly rows: readonly SqlParameter[] },
): Promise<void> {
  const most = MOST_VALUES - (MOST_VALUES % width);
  for (let from = 0; from < rows.length; from += most) {
    const values = rows.slice(from, from + most);
    const tuples = Array.from({ length: values.length / width }, (_, row) => {
      const places = Array.from({ length: width }, (_, column) => `$${row * width + column + 1}`);
      return `(${places.join(", ")})`;
    });
    await query(`${insert} VALUES ${tuples.join(", ")}`, values);
  }
}

/** Keeps texts by their hash; those that are there stay as they are. */
export async function keepTexts({ query }: Query, texts: ReadonlyMap<string, string>): Promise<void> {
  for (const [hash, body] of texts) {
    await query("INSERT INTO @schema.text (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
      fromHex(hash),
      body,
    ]);
  }
}

/** Which of these texts are kept. */
export async function keptTexts({ query }: Query, hashes: Iterable<string>): Promise<ReadonlySet<string>> {
  const rows = await query("SELECT hash FROM @schema.text WHERE hash = ANY($1::bytea[])", [
    [...hashes].map(fromHex),
  ]);
  return new Set(rows.map(({ hash }) => toHex(hash as Uint8Array)));
}

export interface RecordRange {
  readonly after?: Revision;
  readonly upTo?: Revision;
  readonly limit?: number;
  readonly key?: string;
  readonly kinds?: readonly string[];
  /** With a key: records of the environments too. */
  readonly withEnvironments?: boolean;
}

export async function readRecords({ query }: Query, range: RecordRange): Promise<readonly RegistryRecord[]> {
  const values: SqlParameter[] = [range.after ?? 0];
  const wheres = ["revision > $1"];
  const add = (condition: (place: string) => string, value: SqlParameter): void => {
    values.push(value);
    wheres.push(condition(`$${values.length}`));
  };
  if (range.upTo !== undefined) add((place) => `revision <= ${place}`, range.upTo);
  if (range.key !== undefined) {
    const others = range.withEnvironments ? " OR kind = 'environment'" : "";
    add((place) => `(key = ${place}${others})`, range.key);
  }
  if (range.kinds !== undefined) add((place) => `kind = ANY(${place}::text[])`, range.kinds);
  const limit = range.limit === undefined ? "" : `LIMIT ${Math.floor(range.limit)}`;
  const sql = `SELECT revision, at, kind, body FROM @schema.record WHERE ${wheres.join(" AND ")} ORDER BY revision ${limit}`;
  return (await query(sql, values)).map(readRecord);
}

/** The end of the log as it stood at a point. */
export async function logEndAt(
  { query }: Query,
  point: LogPoint,
): Promise<{ readonly revision: Revision; readonly at: EpochMs }> {
  // `at` never falls along the revisions, so the last record at or before a time is the end at that time.
  const [row] =
    "time" in point
      ? await query(
          "SELECT revision, at FROM @schema.record WHERE at <= $1 ORDER BY at DESC, revision DESC LIMIT 1",
          [Math.floor(point.time)],
        )
      : await query(
          "SELECT revision, at FROM @schema.record WHERE revision <= $1 ORDER BY revision DESC LIMIT 1",
          [Math.floor(point.revision)],
        );
  return { revision: (row?.revision as number | undefined) ?? 0, at: (row?.at as number | undefined) ?? 0 };
}
