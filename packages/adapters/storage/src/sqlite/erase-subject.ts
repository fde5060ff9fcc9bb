/** Destroys a subject's id, key and contents, and compacts the files, so that no byte of them is left. */
import type { Actor, ErasedCounts, Subject, SubjectKind } from "@colophon/kernel";
import { fromHex } from "../shared/bytes.ts";
import { drainSpools } from "../spool/drain-spools.ts";
import { spoolFiles } from "../spool/spool-files.ts";
import { waitForSpools } from "../spool/wait-for-spools.ts";
import { type LateColumn, numbersOf } from "./late-indexes.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { appendRecords } from "./registry-log.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";
import { findSubject } from "./subject-table.ts";

const COLUMNS: Readonly<Record<Exclude<SubjectKind, LateColumn>, string>> = {
  tenant: "tenant",
  documentType: "document_type",
};
const SPOOLS_MS = 5000;
const COMPACT_MS = 5000;
const COMPACT_PAUSE_MS = 50;

export interface EraseParts {
  readonly core: SqliteCore;
  readonly spoolDir: string;
  readonly busyTotal?: number;
}

export async function eraseSubject(
  { core, spoolDir, busyTotal }: EraseParts,
  subject: Subject,
  by: Actor,
): Promise<ErasedCounts> {
  const spoolsEmpty = await emptySpools(core, spoolDir);
  const counts = await retryBusy(
    () => withStoreErrors(core.file, () => eraseNow(core, subject, by)),
    busyTotal,
  );
  // Also for a subject that is not there: an erasure that could not compact is run again.
  const compacted = await compact(core);
  return { ...counts, compacted: compacted && spoolsEmpty };
}

/** Rows that wait elsewhere name the subject in plain: they go through the store first. */
async function emptySpools(core: SqliteCore, spoolDir: string): Promise<boolean> {
  if (spoolFiles(spoolDir).length === 0) return true;
  const { file, clock, ids, random } = core;
  await drainSpools({ file, spoolDir, clock, ids, random, timeout: SPOOLS_MS });
  await waitForSpools(spoolDir, SPOOLS_MS);
  return spoolFiles(spoolDir).every(({ bytes }) => bytes === 0);
}

function eraseNow(
  core: SqliteCore,
  subject: Subject,
  by: Actor,
): Pick<ErasedCounts, "executions" | "contents"> {
  return core.transaction(() => {
    const entry = findSubject(core, subject);
    if (entry === undefined) return { executions: 0, contents: 0 };
    const { sql, values } = rowsOf(core, subject.kind, entry.n);
    const { executions } = core.prepare(`SELECT count(*) AS executions FROM (${sql})`).get(...values) as {
      executions: number;
    };
    const { changes } = core.prepare(`DELETE FROM content WHERE execution IN (${sql})`).run(...values);
    const contents = Number(changes);
    core
      .prepare("UPDATE subject SET key = NULL, value = NULL WHERE pseudonym = ?")
      .run(fromHex(entry.pseudonym));
    const data = { kind: subject.kind, subject: entry.pseudonym, executions, contents };
    appendRecords(core.db, { drafts: [{ kind: "erasure", by, data }], at: core.clock.now() });
    return { executions, contents };
  });
}

/** The numbers of a subject's rows, along the index where its kind has one. */
function rowsOf(core: SqliteCore, kind: SubjectKind, n: number): ReturnType<typeof numbersOf> {
  if (kind === "user" || kind === "document") return numbersOf(core, kind, n);
  return { sql: `SELECT n FROM execution WHERE ${COLUMNS[kind]} = ?`, values: [n] };
}

/**
 * Rewrites the file without what was deleted, and empties the write-ahead log, which keeps former pages.
 *
 * @returns false when somebody held the file all the time.
 */
async function compact(core: SqliteCore): Promise<boolean> {
  const deadline = performance.now() + COMPACT_MS;
  let rewritten = false;
  for (;;) {
    try {
      if (!rewritten) core.db.exec("VACUUM");
      rewritten = true;
      const row = core.db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as SqlRow;
      if (row.busy === 0) return true;
    } catch {
      // Busy, or no room for a second copy of the file: the counts stand, the bytes are said to be there still.
    }
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, COMPACT_PAUSE_MS));
  }
}
