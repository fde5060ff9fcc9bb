/** The ledger on PostgreSQL behind its port. */
import type {
  Execution,
  ExecutionId,
  ExecutionStart,
  Gap,
  GapKind,
  LedgerStore,
  Outcome,
  StoredContents,
  WriterId,
} from "@colophon/kernel";
import { OUTCOME_SELECT, OUTCOME_WORDS, outcomeOf, readExecutions } from "./execution-rows.ts";
import { foldLedger, LAST_FOLD_MS } from "./fold-ledger.ts";
import { type LedgerWriter, openLedgerWriter } from "./ledger-writer.ts";
import { listArrivals } from "./list-arrivals.ts";
import { listExecutions } from "./list-executions.ts";
import { listMetrics } from "./list-metrics.ts";
import { listRollups, listTenantRollups } from "./list-rollups.ts";
import { FEW_ROWS, type PostgresCore } from "./postgres-core.ts";
import { sealLedger } from "./seal-ledger.ts";
import { WordReader } from "./word-book.ts";

export interface PostgresLedgerStore extends LedgerStore {
  readonly writer: LedgerWriter;
}

export function createPostgresLedgerStore(core: PostgresCore): PostgresLedgerStore {
  const writer = openLedgerWriter(core);
  const reader = new WordReader();
  const parts = { core, reader };
  let closed = false;
  return {
    writer,
    append: (rows) => writer.append(rows),
    appendOutcomes: (rows) => writer.appendOutcomes(rows),
    appendStarts: (rows) => writer.appendStarts(rows),
    appendGaps: (gaps) => writer.appendGaps(gaps),
    findExecution: (id) => findExecution(core, reader, id),
    listExecutions: (filter) =>
      core.reading((connection) => listExecutions(connection, reader, filter), FEW_ROWS),
    listOutcomes: (executions) => listOutcomes(core, reader, executions),
    listUnfinished: () => listUnfinished(core),
    listGaps: (span) => listGaps(core, span),
    listRollups: (filter) => listRollups(parts, filter),
    listTenantRollups: (filter) => listTenantRollups(parts, filter),
    listArrivals: (filter) => listArrivals(core, reader, filter),
    listMetrics: (filter) => listMetrics(parts, filter),
    findContents: (id) => findContents(core, id),
    async close() {
      if (closed) return;
      closed = true;
      if (!writer.hasWritten) return;
      // Rows stand without a seal and outside the sums as well; the next one who seals and folds covers them.
      await sealLedger(core).catch(() => undefined);
      await foldLedger(core, LAST_FOLD_MS).catch(() => undefined);
    },
  };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

async function findExecution(
  core: PostgresCore,
  reader: WordReader,
  id: ExecutionId,
): Promise<Execution | undefined> {
  if (!UUID.test(id)) return undefined;
  return (await readExecutions(core, reader, [id])).get(id);
}

/** Executions that one statement asks for. */
const IDS_AT_ONCE = 10_000;

async function listOutcomes(
  core: PostgresCore,
  reader: WordReader,
  executions: Iterable<ExecutionId>,
): Promise<readonly Outcome[]> {
  const ids = [...new Set<string>(executions)].filter((id) => UUID.test(id));
  const found = new Map<string, Outcome[]>(ids.map((id) => [id, []]));
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const rows = await core.query(`${OUTCOME_SELECT} WHERE o.execution = ANY($1::uuid[]) ORDER BY o.n`, [
      ids.slice(at, at + IDS_AT_ONCE),
    ]);
    const words = await reader.know(core, rows, OUTCOME_WORDS);
    for (const row of rows) found.get(row.execution as string)?.push(outcomeOf(row, words));
  }
  return [...found.values()].flat();
}

async function listUnfinished(core: PostgresCore): Promise<readonly ExecutionStart[]> {
  const rows = await core.query(
    `SELECT s.id, s.body FROM @schema.start s
     WHERE NOT EXISTS (SELECT FROM @schema.execution e WHERE e.id = s.id) ORDER BY s.n`,
  );
  return rows.map((row) => {
    const [prompt, version, hash, environment] = JSON.parse(row.body as string) as [
      string,
      number | null,
      string,
      string,
    ];
    return { id: row.id as ExecutionId, prompt, version, hash, environment };
  });
}

async function listGaps(
  core: PostgresCore,
  { since = 0, until = Number.MAX_SAFE_INTEGER }: Parameters<LedgerStore["listGaps"]>[0] = {},
): Promise<readonly Gap[]> {
  const rows = await core.query(
    `SELECT g.at, g.body, w.id AS writer FROM @schema.gap g JOIN @schema.writer w ON w.n = g.writer
     WHERE g.at >= $1 AND g.at < $2 ORDER BY g.n`,
    [since, until],
  );
  return rows.map((row) => {
    const [kind, count, prompt, reason] = JSON.parse(row.body as string) as [
      GapKind,
      number,
      string | null,
      string,
    ];
    return { at: row.at as number, writer: row.writer as WriterId, kind, count, prompt, reason };
  });
}

async function findContents(core: PostgresCore, id: ExecutionId): Promise<StoredContents | undefined> {
  if (!UUID.test(id)) return undefined;
  const [row] = await core.query("SELECT variables, output FROM @schema.content WHERE execution = $1", [id]);
  if (row === undefined) return undefined;
  const text = (json: unknown): string | null =>
    json === null ? null : (JSON.parse(json as string) as string);
  return { variables: text(row.variables), output: text(row.output) };
}
