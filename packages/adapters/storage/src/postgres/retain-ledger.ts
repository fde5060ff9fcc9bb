/** Lets go of the ledger's oldest weeks: their parts are dropped, and a record keeps what their chains and sums came to. */
import {
  type Actor,
  canonicalJson,
  type EpochMs,
  HarnessError,
  hashDocument,
  type RetainedCounts,
} from "@colophon/kernel";
import { toHex } from "../shared/bytes.ts";
import type { LetGo } from "../shared/chain-walk.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { namesOf } from "../shared/sum-tables.ts";
import { foldPiece } from "./fold-ledger.ts";
import { METRIC_TABLES } from "./fold-metrics.ts";
import { lockStore } from "./locks.ts";
import { WEEK_MS, type Week, weekOf } from "./partitions.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";
import { appendRecords, keepTexts } from "./registry-log.ts";
import { PARTITIONED } from "./schema.ts";
import { sealLedger } from "./seal-ledger.ts";
import { SUM_TABLES } from "./sums.ts";

/** What the `audit` record of a retention names by its hash. */
export interface Retention {
  readonly format: 1;
  /** Weeks since the epoch whose rows are gone. */
  readonly weeks: readonly Week[];
  /** Rows that are gone, in runs of their writers' chains. */
  readonly executions: readonly LetGo[];
  readonly outcomes: readonly LetGo[];
  /** By table: SHA-256 of the sums of those weeks, which no rows can be held against any more. */
  readonly sums: Readonly<Record<string, string>>;
}

/** The `action` of the record that a retention leaves. */
export const RETENTION = "ledger-retention";

/**
 * @throws HarnessError `store-read-only` for anybody but the owner of the tables; `store-busy` while
 * somebody reads them for long.
 */
export async function retainLedger(core: PostgresCore, before: EpochMs, by: Actor): Promise<RetainedCounts> {
  await refuseOthers(core);
  await sealLedger(core);
  while (!(await foldPiece(core)));
  return core.transaction(async (connection) => {
    await lockStore(connection, "records");
    await lockStore(connection, "ledger");
    const since = weekOf(before);
    const weeks = (await weeksThere(connection)).filter((week) => week < since);
    const kept: RetainedCounts = { since: since * WEEK_MS, executions: 0, outcomes: 0 };
    if (weeks.length === 0) return kept;
    await refuseUnfolded(connection, core.place);
    const retention: Retention = {
      format: 1,
      weeks,
      executions: await runsOf(connection, "execution", weeks),
      outcomes: await runsOf(connection, "outcome", weeks),
      sums: await sumDigests(connection, weeks),
    };
    await record(connection, retention, { by, at: core.clock.now() });
    await connection.query("UPDATE @schema.arrival SET kept_since = greatest(kept_since, $1)", [kept.since]);
    for (const [table] of PARTITIONED) {
      for (const week of weeks) await connection.query(`DROP TABLE IF EXISTS @schema.${table}_${week}`);
    }
    return { ...kept, executions: rowsOf(retention.executions), outcomes: rowsOf(retention.outcomes) };
  });
}

/**
 * What `retainLedger` would let go of now.
 *
 * @throws HarnessError `store-read-only` for anybody but the owner of the tables.
 */
export async function countOldRows(core: PostgresCore, before: EpochMs): Promise<RetainedCounts> {
  await refuseOthers(core);
  const since = weekOf(before);
  const weeks = (await weeksThere(core)).filter((week) => week < since);
  const count = async (table: "execution" | "outcome"): Promise<number> => {
    const parts = await partsOf(core, table, weeks);
    if (parts.length === 0) return 0;
    const rows = parts.map((part) => `SELECT count(*) AS n FROM @schema.${part}`).join(" UNION ALL ");
    const [row] = await core.query(`SELECT sum(n)::int8 AS n FROM (${rows}) AS parts`);
    return Number(row?.n);
  };
  return { since: since * WEEK_MS, executions: await count("execution"), outcomes: await count("outcome") };
}

function rowsOf(runs: readonly LetGo[]): number {
  return runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

async function refuseOthers({ query, place }: PostgresCore): Promise<void> {
  const [row] = await query(
    "SELECT pg_has_role(relowner, 'USAGE') AS owns FROM pg_class WHERE oid = '@schema.execution'::regclass",
  );
  if ((row?.owns as unknown) === true) return;
  throw new HarnessError(
    "store-read-only",
    `Only the owner of the store ${place} can let go of old rows; connect as the user who made it.`,
  );
}

async function refuseUnfolded({ query }: Connection, place: string): Promise<void> {
  const [row] = await query(
    `SELECT folded.n < ends.executions OR measured.execution < ends.executions OR measured.outcome < ends.outcomes AS open
     FROM @schema.arrival AS ends, @schema.folded, @schema.measured`,
  );
  if ((row?.open as unknown) === false) return;
  throw new HarnessError(
    "store-busy",
    `Rows came in to the store ${place} faster than they could be summed up; try again.`,
  );
}

async function weeksThere({ query }: Pick<Connection, "query">): Promise<readonly Week[]> {
  const rows = await query(
    `SELECT DISTINCT substring(part.relname FROM '_(\\d+)$')::int AS week FROM pg_inherits
     JOIN pg_class AS part ON part.oid = inhrelid JOIN pg_class AS whole ON whole.oid = inhparent
     WHERE whole.relnamespace = '@schema'::regnamespace AND whole.relname = ANY($1::text[]) AND part.relname ~ '_\\d+$'
     ORDER BY week`,
    [PARTITIONED.map(([table]) => table)],
  );
  return rows.map(({ week }) => week as number);
}

/** Weeks without a row of the table have no part of it. */
async function partsOf(
  { query }: Pick<Connection, "query">,
  table: "execution" | "outcome",
  weeks: readonly Week[],
): Promise<readonly string[]> {
  const parts = await query(
    "SELECT relname FROM pg_class WHERE relnamespace = '@schema'::regnamespace AND relname = ANY($1::text[])",
    [weeks.map((week) => `${table}_${week}`)],
  );
  return parts.map(({ relname }) => relname as string);
}

/** Rows of a writer that follow each other lie in one run, with the last one's link. */
async function runsOf(
  connection: Connection,
  table: "execution" | "outcome",
  weeks: readonly Week[],
): Promise<readonly LetGo[]> {
  const parts = await partsOf(connection, table, weeks);
  if (parts.length === 0) return [];
  const rows = parts.map((part) => `SELECT writer, seq, chain FROM @schema.${part}`).join(" UNION ALL ");
  const runs = await connection.query(
    `WITH gone AS (SELECT writer, seq, chain, seq - row_number() OVER (PARTITION BY writer ORDER BY seq) AS run FROM (${rows}) AS rows),
     ends AS (SELECT writer, min(seq) AS first, max(seq) AS last FROM gone GROUP BY writer, run)
     SELECT w.id AS writer, ends.first, ends.last, gone.chain FROM ends
     JOIN gone ON gone.writer = ends.writer AND gone.seq = ends.last JOIN @schema.writer AS w ON w.n = ends.writer
     ORDER BY w.id, ends.first`,
  );
  return runs.map(runOf);
}

function runOf({ writer, first, last, chain }: SqlRow): LetGo {
  return {
    writer: writer as string,
    first: first as number,
    last: last as number,
    chain: toHex(chain as Uint8Array),
  };
}

/** The tables of sums and metrics, with the order of their rows. */
const KEPT_SUMS = [
  ...SUM_TABLES.map(({ name, unit, keys }) => ({ name, unit, order: namesOf(keys).join(", ") })),
  ...METRIC_TABLES.map(({ name, unit }) => ({ name, unit, order: "version, slot, scope, model" })),
];

/** What the sums of these weeks are, as one hash for each table. */
export async function sumDigests(
  { query }: Connection,
  weeks: readonly Week[],
): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const { name, unit, order } of KEPT_SUMS) {
    const [row] = await query(
      `SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(kept::text, 'UTF8')), '' ORDER BY ${order}), '')), 'hex') AS digest
       FROM @schema.${name} AS kept WHERE slot / ${WEEK_MS / unit} = ANY($1::int[])`,
      [weeks],
    );
    digests[name] = row?.digest as string;
  }
  return digests;
}

async function record(
  connection: Connection,
  retention: Retention,
  { by, at }: { readonly by: Actor; readonly at: EpochMs },
): Promise<void> {
  // What is hashed is plain JSON; so that it reads back as it was written, it is written in that form.
  const document = JSON.parse(canonicalJson(retention)) as object;
  const hash = hashDocument(document);
  await keepTexts(connection, new Map([[hash, JSON.stringify(document)]]));
  const data = { action: RETENTION, target: "ledger", allowed: true, subject: null, detail: hash };
  await appendRecords(connection, { drafts: [{ kind: "audit", by, data }], at });
}

/** All that was let go of so far. */
export async function listRetentions({ query }: Pick<Connection, "query">): Promise<readonly Retention[]> {
  const rows = await query(
    `SELECT text.body FROM @schema.record JOIN @schema.text
       ON text.hash = decode(record.body::json #>> '{data,detail}', 'hex')
     WHERE record.kind = 'audit' AND record.body::json #>> '{data,action}' = $1 ORDER BY record.revision`,
    [RETENTION],
  );
  return rows.map(({ body }) => JSON.parse(body as string) as Retention);
}
