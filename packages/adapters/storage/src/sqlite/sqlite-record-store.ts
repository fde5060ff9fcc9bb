/** The registry's log on SQLite behind its port: asynchronous only in waiting for a busy store. */
import {
  applyRecord,
  emptyRegistryState,
  type LogPoint,
  type Pseudonym,
  type RecordDecision,
  type RecordStore,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { fromHex } from "../shared/bytes.ts";
import { checkPromisedTexts, stateOf, textsByHash } from "../shared/record-rules.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { appendRecords, hasText, keepTexts, logEndAt, readRecords } from "./registry-log.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";
import { ensureSubject, findSubject, revealSubject } from "./subject-table.ts";

export interface SqliteRecordStoreOptions {
  /** Milliseconds that a write may wait for other processes in all. */
  readonly busyTotal?: number;
  /** Close the core with this store. */
  readonly owned?: boolean;
}

export function createSqliteRecordStore(
  core: SqliteCore,
  options: SqliteRecordStoreOptions = {},
): RecordStore {
  let state = emptyRegistryState();

  /** Brings the state in memory to the end of the log. */
  const refresh = (): RegistryState => {
    const { revision } = core.prepare("SELECT revision FROM watch").get() as { revision: number };
    if (revision < state.revision) state = emptyRegistryState();
    if (revision > state.revision) {
      for (const record of readRecords(core.db, { after: state.revision })) applyRecord(state, record);
    }
    return state;
  };

  const appendNow = <T>(decide: (state: RegistryState) => RecordDecision<T>) => {
    const appended = core.transaction(() => {
      const decision = decide(refresh());
      const { drafts, result } = decision;
      const given = textsByHash(decision);
      checkPromisedTexts(drafts, given, (hash) => hasText(core.db, hash));
      keepTexts(core.db, given);
      const records = appendRecords(core.db, { drafts, at: core.clock.now() });
      return { records, result };
    });
    for (const record of appended.records) applyRecord(state, record);
    return appended;
  };

  const read = async <T>(task: () => T): Promise<T> => withStoreErrors(core.file, task);
  const write = <T>(task: () => T): Promise<T> =>
    retryBusy(() => withStoreErrors(core.file, task), options.busyTotal);

  return {
    append: (decide) => write(() => appendNow(decide)),
    revision: () =>
      read(() => (core.prepare("SELECT revision FROM watch").get() as { revision: number }).revision),
    state: () => read(refresh),
    stateAt: (point, key) => read(() => stateAtPoint(core, point, key)),
    listRecords: (filter) => read(() => readRecords(core.db, filter)),
    listTexts: (hashes) => read(() => readTexts(core, hashes)),
    listDocuments: (hashes) => read(() => readDocuments(core, hashes)),
    findPseudonym(subject, more) {
      if (more?.create !== true) return read(() => findSubject(core, subject)?.pseudonym);
      return write(() => ensureSubject(core, subject).pseudonym);
    },
    listSubjects: (pseudonyms) => read(() => revealAll(core, pseudonyms)),
    async close() {
      if (options.owned) core.close();
    },
  };
}

function stateAtPoint(core: SqliteCore, point: LogPoint, key: string | undefined): RegistryState {
  const end = logEndAt(core.db, point);
  const range = { upTo: end.revision, ...(key === undefined ? undefined : { key, withEnvironments: true }) };
  return stateOf(readRecords(core.db, range), end);
}

/** Texts by hash, as they are kept; unknown hashes are absent. */
export function readTexts(core: SqliteCore, hashes: Iterable<string>): ReadonlyMap<string, VersionText> {
  return readDocuments(core, hashes) as ReadonlyMap<string, VersionText>;
}

function readDocuments(core: SqliteCore, hashes: Iterable<string>): ReadonlyMap<string, unknown> {
  const documents = new Map<string, unknown>();
  for (const hash of hashes) {
    const row = core.prepare("SELECT body FROM text WHERE hash = ?").get(fromHex(hash)) as SqlRow | undefined;
    if (row !== undefined) documents.set(hash, JSON.parse(row.body as string));
  }
  return documents;
}

function revealAll(core: SqliteCore, pseudonyms: Iterable<Pseudonym>): ReadonlyMap<Pseudonym, string> {
  const subjects = new Map<Pseudonym, string>();
  for (const pseudonym of pseudonyms) {
    const value = revealSubject(core, pseudonym);
    if (value !== undefined) subjects.set(pseudonym, value);
  }
  return subjects;
}
