/** The registry's log in SQLite: reads records, and appends them inside an open write transaction. */
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
import type { DatabaseSync, SqlRow, SqlValue } from "./node-sqlite.ts";

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
export function logEnd(db: DatabaseSync): LogEnd {
  const row = db.prepare("SELECT revision, at, chain FROM record ORDER BY revision DESC LIMIT 1").get() as
    | SqlRow
    | undefined;
  if (row === undefined) return { revision: 0, at: 0, chain: chainStart(RECORD_CHAIN, fastHash) };
  return { revision: row.revision as number, at: row.at as number, chain: toHex(row.chain as Uint8Array) };
}

/** Appends drafts at the end of the log; time never runs backwards along it. */
export function appendRecords(
  db: DatabaseSync,
  more: { readonly drafts: readonly RecordDraft[]; readonly at: EpochMs },
): readonly RegistryRecord[] {
  const end = logEnd(db);
  const insert = db.prepare(
    "INSERT INTO record (revision, at, kind, key, body, chain) VALUES (?, ?, ?, ?, ?, ?)",
  );
  let { revision, chain } = end;
  const at = Math.max(more.at, end.at);
  return more.drafts.map((draft) => {
    revision += 1;
    const record = placeRecord(draft, { revision, at });
    chain = fastHash(recordLink(chain, record));
    const body = canonicalJson({ by: record.by, data: record.data });
    insert.run(revision, at, record.kind, recordKey(record), body, fromHex(chain));
    return record;
  });
}

/** Keeps texts by their hash; those that are there stay as they are. */
export function keepTexts(db: DatabaseSync, texts: ReadonlyMap<string, string>): void {
  for (const [hash, body] of texts) {
    if (!hasText(db, hash))
      db.prepare("INSERT INTO text (hash, body) VALUES (?, ?)").run(fromHex(hash), body);
  }
}

export function hasText(db: DatabaseSync, hash: string): boolean {
  return db.prepare("SELECT 1 FROM text WHERE hash = ?").get(fromHex(hash)) !== undefined;
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

export function readRecords(db: DatabaseSync, range: RecordRange): readonly RegistryRecord[] {
  const wheres = ["revision > ?"];
  const values: SqlValue[] = [range.after ?? 0];
  if (range.upTo !== undefined) {
    wheres.push("revision <= ?");
    values.push(range.upTo);
  }
  if (range.key !== undefined) {
    wheres.push(range.withEnvironments ? "(key = ? OR kind = 'environment')" : "key = ?");
    values.push(range.key);
  }
  if (range.kinds !== undefined) {
    wheres.push(`kind IN (${range.kinds.map(() => "?").join(", ")})`);
    values.push(...range.kinds);
  }
  const limit = range.limit === undefined ? "" : `LIMIT ${Math.floor(range.limit)}`;
  const sql = `SELECT revision, at, kind, body FROM record WHERE ${wheres.join(" AND ")} ORDER BY revision ${limit}`;
  return (db.prepare(sql).all(...values) as SqlRow[]).map(readRecord);
}

/** The end of the log as it stood at a point. */
export function logEndAt(
  db: DatabaseSync,
  point: LogPoint,
): { readonly revision: Revision; readonly at: EpochMs } {
  // `at` never falls along the revisions, so the last record at or before a time is the end at that time.
  const row = (
    "time" in point
      ? db
          .prepare("SELECT revision, at FROM record WHERE at <= ? ORDER BY at DESC, revision DESC LIMIT 1")
          .get(point.time)
      : db
          .prepare("SELECT revision, at FROM record WHERE revision <= ? ORDER BY revision DESC LIMIT 1")
          .get(point.revision)
  ) as SqlRow | undefined;
  return { revision: (row?.revision as number | undefined) ?? 0, at: (row?.at as number | undefined) ?? 0 };
}
