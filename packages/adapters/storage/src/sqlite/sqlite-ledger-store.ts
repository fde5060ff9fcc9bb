/** The ledger on SQLite behind its port: writes in short transactions, reads by the most selective index. */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type AppendedRows,
  type Execution,
  type ExecutionId,
  type ExecutionStart,
  type Gap,
  type GapKind,
  type LedgerStore,
  type Outcome,
  type StoredContents,
  timeOfId,
  type WriterId,
} from "@colophon/kernel";
import { idOf, restOfId } from "../shared/bytes.ts";
import { unpackExecution } from "../shared/execution-codec.ts";
import { unpackOutcome } from "../shared/unpack-outcome.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import { createDictionaryReader } from "./dictionary.ts";
import { EXECUTION_SELECT } from "./execution-select.ts";
import { foldLedger, LAST_FOLD_MS } from "./fold-ledger.ts";
import { type AppendResult, type LedgerWriter, openLedgerWriter } from "./ledger-writer.ts";
import { listArrivals } from "./list-arrivals.ts";
import { listExecutions } from "./list-executions.ts";
import { listMetrics } from "./list-metrics.ts";
import { listRollups, listTenantRollups } from "./list-rollups.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { retryBusy } from "./retry-busy.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";

/** Rows of one transaction: some milliseconds of the event loop. */
const ROWS_PER_TRANSACTION = 100;

export interface SqliteLedgerStore extends LedgerStore {
  readonly writer: LedgerWriter;
}

export function createSqliteLedgerStore(
  core: SqliteCore,
  more: { readonly busyTotal?: number } = {},
): SqliteLedgerStore {
  const writer = openLedgerWriter(core);
  const words = createDictionaryReader(core);
  let closed = false;

  const read = async <T>(task: () => T): Promise<T> => withStoreErrors(core.file, task);

  const appendAll = async <T>(
    rows: readonly T[],
    append: (row: T) => AppendResult,
  ): Promise<AppendedRows> => {
    let stored = 0;
    for (let at = 0; at < rows.length; at += ROWS_PER_TRANSACTION) {
      const group = rows.slice(at, at + ROWS_PER_TRANSACTION);
      const task = () => writer.batch(() => group.filter((row) => append(row) === "stored").length);
      stored += await retryBusy(() => withStoreErrors(core.file, task), more.busyTotal);
      if (at > 0) await nextTurn();
    }
    return { stored, duplicates: rows.length - stored };
  };

  return {
    writer,
    append: (rows) => appendAll(rows, (row) => writer.append(row)),
    appendOutcomes: (rows) => appendAll(rows, (row) => writer.appendOutcome(row)),
    appendStarts: (rows) => appendAll(rows, (row) => writer.appendStart(row)),
    async appendGaps(gaps) {
      const appendGap = (gap: (typeof gaps)[number]): AppendResult => {
        writer.appendGap(gap);
        return "stored";
      };
      await appendAll(gaps, appendGap);
    },
    findExecution: (id) => read(() => findExecution(core, words, id)),
    listExecutions: (filter) => read(() => listExecutions(core, words, filter)),
    listOutcomes: (executions) => read(() => listOutcomes(core, words, executions)),
    listUnfinished: () => read(() => listUnfinished(core)),
    listGaps: (span) => read(() => listGaps(core, span)),
    listRollups: (filter) => read(() => listRollups(core, words, filter)),
    listTenantRollups: (filter) => read(() => listTenantRollups(core, words, filter)),
    listArrivals: (filter) => read(() => listArrivals(core, words, filter)),
    listMetrics: (filter) => read(() => listMetrics(core, words, filter)),
    findContents: (id) => read(() => findContents(core, id)),
    async close() {
      if (closed) return;
      closed = true;
      if (writer.unsealed === 0) return;
      // Rows stand without a seal and outside the sums as well; the next one who seals and folds covers them.
      await retryBusy(() => writer.seal(), more.busyTotal).catch(() => undefined);
      await foldLedger(core, { ...more, limit: LAST_FOLD_MS }).catch(() => undefined);
    },
  };
}

function findExecution(core: SqliteCore, words: DictionaryReader, id: ExecutionId): Execution | undefined {
  const row = core
    .prepare(`${EXECUTION_SELECT} WHERE e.at = ? AND e.rest = ?`)
    .get(timeOfId(id), restOfId(id));
  return row === undefined ? undefined : unpackExecution(row as SqlRow, words);
}

function listOutcomes(
  core: SqliteCore,
  words: DictionaryReader,
  executions: Iterable<ExecutionId>,
): readonly Outcome[] {
  const select = core.prepare(
    `SELECT o.*, w.id AS writer_id FROM outcome o LEFT JOIN writer w ON w.n = o.writer
     WHERE o.execution_at = ? AND o.execution_rest = ? ORDER BY o.n`,
  );
  return [...new Set(executions)].flatMap((id) =>
    (select.all(timeOfId(id), restOfId(id)) as SqlRow[]).map((row) => unpackOutcome(row, words)),
  );
}

function listUnfinished(core: SqliteCore): readonly ExecutionStart[] {
  const rows = core
    .prepare(
      `SELECT s.at, s.rest, s.body FROM start s LEFT JOIN execution e ON e.at = s.at AND e.rest = s.rest
       WHERE e.n IS NULL ORDER BY s.n`,
    )
    .all() as SqlRow[];
  return rows.map((row) => {
    const [prompt, version, hash, environment] = JSON.parse(row.body as string) as [
      string,
      number | null,
      string,
      string,
    ];
    return {
      id: idOf(row.at as number, row.rest as Uint8Array) as ExecutionId,
      prompt,
      version,
      hash,
      environment,
    };
  });
}

function listGaps(
  core: SqliteCore,
  { since = 0, until = Number.MAX_SAFE_INTEGER }: Parameters<LedgerStore["listGaps"]>[0] = {},
): readonly Gap[] {
  const rows = core
    .prepare(
      `SELECT g.at, g.body, w.id AS writer FROM gap g JOIN writer w ON w.n = g.writer
       WHERE g.at >= ? AND g.at < ? ORDER BY g.n`,
    )
    .all(since, until);
  return (rows as SqlRow[]).map((row) => {
    const [kind, count, prompt, reason] = JSON.parse(row.body as string) as [
      GapKind,
      number,
      string | null,
      string,
    ];
    return { at: row.at as number, writer: row.writer as WriterId, kind, count, prompt, reason };
  });
}

function findContents(core: SqliteCore, id: ExecutionId): StoredContents | undefined {
  const row = core
    .prepare(
      "SELECT c.variables, c.output FROM content c JOIN execution e ON e.n = c.execution WHERE e.at = ? AND e.rest = ?",
    )
    .get(timeOfId(id), restOfId(id)) as SqlRow | undefined;
  return row === undefined
    ? undefined
    : { variables: row.variables as string | null, output: row.output as string | null };
}
