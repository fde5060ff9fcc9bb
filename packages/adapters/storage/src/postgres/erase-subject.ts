/** Destroys a subject's id, key and contents, and has PostgreSQL take the dead rows out of its tables. */
import { setTimeout as pause } from "node:timers/promises";
import type { Actor, ErasedCounts, Subject, SubjectKind } from "@colophon/kernel";
import { lockStore } from "./locks.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";
import { appendRecords } from "./registry-log.ts";
import { findSubjects, subjectName } from "./subject-table.ts";

const COLUMNS: Readonly<Record<SubjectKind, string>> = {
  user: '"user"',
  tenant: "tenant",
  document: "document",
  documentType: "document_type",
};

const COMPACT_MS = 5000;
const COMPACT_PAUSE_MS = 50;

/** What held the subject in plain, indexes included. */
const VACUUM = "VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) @schema.subject, @schema.content";

/** Who may still see what transaction $1 took away: snapshots, slots and prepared transactions that are as old. */
const SEEING = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND age(backend_xmin) >= age($1::xid8::xid)
  UNION ALL SELECT FROM pg_replication_slots WHERE age(xmin) >= age($1::xid8::xid)
  UNION ALL SELECT FROM pg_prepared_xacts
    WHERE database = current_database() AND age(transaction) >= age($1::xid8::xid)`;

interface Erased extends Pick<ErasedCounts, "executions" | "contents"> {
  /** The transaction that took the rows away. */
  readonly transaction: string;
}

export async function eraseSubject(core: PostgresCore, subject: Subject, by: Actor): Promise<ErasedCounts> {
  const { executions, contents, transaction } = await core.transaction((connection) =>
    eraseIn(connection, { subject, by, at: core.clock.now() }),
  );
  // Also for a subject that is not there: an erasure that could not compact is run again.
  return { executions, contents, compacted: await compact(core, transaction) };
}

async function eraseIn(
  connection: Connection,
  { subject, by, at }: { readonly subject: Subject; readonly by: Actor; readonly at: number },
): Promise<Erased> {
  await lockStore(connection, "records");
  // Rows that are being written under the subject's key come first.
  await lockStore(connection, "ledger");
  const [current] = await connection.query("SELECT pg_current_xact_id()::text AS transaction");
  const transaction = current?.transaction as string;
  const entry = (await findSubjects(connection, [subject])).get(subjectName(subject));
  if (entry === undefined) return { executions: 0, contents: 0, transaction };
  const column = COLUMNS[subject.kind];
  const [counted] = await connection.query(
    `SELECT count(*) AS executions FROM @schema.execution WHERE ${column} = $1`,
    [entry.n],
  );
  const executions = counted?.executions as number;
  const [deleted] = await connection.query(
    `WITH gone AS (DELETE FROM @schema.content WHERE execution IN
       (SELECT id FROM @schema.execution WHERE ${column} = $1) RETURNING 1)
     SELECT count(*) AS contents FROM gone`,
    [entry.n],
  );
  const contents = deleted?.contents as number;
  await connection.query("UPDATE @schema.subject SET key = NULL, value = NULL, digest = NULL WHERE n = $1", [
    entry.n,
  ]);
  const data = { kind: subject.kind, subject: entry.pseudonym, executions, contents };
  await appendRecords(connection, { drafts: [{ kind: "erasure", by, data }], at });
  return { executions, contents, transaction };
}

/**
 * Takes the dead rows out of tables and indexes once no open transaction can see them any more.
 *
 * @returns false when an older transaction was open all the time, or this user may not vacuum.
 */
async function compact(core: PostgresCore, transaction: string): Promise<boolean> {
  return core.alone(async ({ query }) => {
    const [rights] = await query(
      `SELECT has_table_privilege('@schema.subject', 'MAINTAIN') AND has_table_privilege('@schema.content', 'MAINTAIN') AS may`,
    );
    if ((rights?.may as unknown) !== true) return false;
    const deadline = performance.now() + COMPACT_MS;
    for (;;) {
      const [row] = await query(`SELECT NOT EXISTS (${SEEING}) AS unseen`, [transaction]);
      const unseen = (row?.unseen as unknown) === true;
      if (unseen || performance.now() > deadline) {
        await query(VACUUM);
        return unseen;
      }
      await pause(COMPACT_PAUSE_MS);
    }
  });
}
