/** The registry's log on PostgreSQL behind its port. */
import {
  applyRecord,
  emptyRegistryState,
  type LogPoint,
  type RecordDecision,
  type RecordStore,
  type RegistryRecord,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { fromHex, toHex } from "../shared/bytes.ts";
import { checkPromisedTexts, promisedText, stateOf, textsByHash } from "../shared/record-rules.ts";
import { lockStore } from "./locks.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";
import { appendRecords, keepTexts, keptTexts, logEndAt, readRecords } from "./registry-log.ts";
import { findPseudonym, revealSubjects } from "./subject-table.ts";

export function createPostgresRecordStore(core: PostgresCore): RecordStore {
  const log = new LogState();
  return {
    async append(decide) {
      const appended = await core.transaction((connection) => appendIn(connection, { core, log }, decide));
      log.apply(appended.records);
      return appended;
    },
    async revision() {
      const [row] = await core.query("SELECT coalesce(max(revision), 0) AS revision FROM @schema.record");
      return row?.revision as number;
    },
    state: () => log.refresh(core),
    stateAt: (point, key) => core.reading((connection) => stateAtPoint(connection, point, key)),
    listRecords: (filter) => readRecords(core, filter),
    listTexts: async (hashes) => (await readDocuments(core, hashes)) as ReadonlyMap<string, VersionText>,
    listDocuments: (hashes) => readDocuments(core, hashes),
    findPseudonym: (subject, more) => findPseudonym(core, subject, more?.create === true),
    listSubjects: (pseudonyms) => revealSubjects(core, pseudonyms),
    close: async () => undefined,
  };
}

/** The state in memory at the end of the log, brought forward by whoever asks; several may ask at once. */
class LogState {
  #state = emptyRegistryState();

  async refresh(connection: Pick<Connection, "query">): Promise<RegistryState> {
    const { revision } = await logEndAt(connection, { revision: Number.MAX_SAFE_INTEGER });
    // A database that was put back to an older copy has another log.
    if (revision < this.#state.revision) this.#state = emptyRegistryState();
    if (revision > this.#state.revision) {
      this.apply(await readRecords(connection, { after: this.#state.revision }));
    }
    return this.#state;
  }

  /** Records that another one has applied meanwhile are passed over, and so are those behind a hole. */
  apply(records: readonly RegistryRecord[]): void {
    for (const record of records) {
      if (record.revision === this.#state.revision + 1) applyRecord(this.#state, record);
    }
  }
}

async function appendIn<T>(
  connection: Connection,
  { core, log }: { readonly core: PostgresCore; readonly log: LogState },
  decide: (state: RegistryState) => RecordDecision<T>,
): Promise<{ readonly records: readonly RegistryRecord[]; readonly result: T }> {
  await lockStore(connection, "records");
  const decision = decide(await log.refresh(connection));
  const { drafts, result } = decision;
  const given = textsByHash(decision);
  const promised = drafts.map(promisedText).filter((hash) => hash !== null && !given.has(hash));
  const kept = promised.length === 0 ? new Set() : await keptTexts(connection, promised as string[]);
  checkPromisedTexts(drafts, given, (hash) => kept.has(hash));
  await keepTexts(connection, given);
  return { records: await appendRecords(connection, { drafts, at: core.clock.now() }), result };
}

async function stateAtPoint(
  connection: Connection,
  point: LogPoint,
  key: string | undefined,
): Promise<RegistryState> {
  const end = await logEndAt(connection, point);
  const range = { upTo: end.revision, ...(key === undefined ? undefined : { key, withEnvironments: true }) };
  return stateOf(await readRecords(connection, range), end);
}

async function readDocuments(
  core: PostgresCore,
  hashes: Iterable<string>,
): Promise<ReadonlyMap<string, unknown>> {
  const rows = await core.query("SELECT hash, body FROM @schema.text WHERE hash = ANY($1::bytea[])", [
    [...new Set(hashes)].map(fromHex),
  ]);
  return new Map(rows.map((row) => [toHex(row.hash as Uint8Array), JSON.parse(row.body as string)]));
}
