/** A process that appends rows to a ledger on PostgreSQL, and the very same rows to a bare table by COPY; says what either took. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionDraft } from "@colophon/kernel";
import { systemClock } from "@colophon/kernel";
import { openPostgresStore } from "@colophon/storage/postgres";
import { type PostgresServer, startServer } from "@colophon/storage/postgres/server.fixture";
import { executionDrafts } from "../workload/execution-drafts.ts";
import type { IntakeScale, IntakeTimes } from "./postgres-intake.ts";

const DATABASE = "postgres";
/** As `ledger.append` has it. */
const ROWS_PER_TRANSACTION = 1000;

/** The ledger's table with its parts and indexes, and none of its triggers. */
const BARE = [
  "CREATE SCHEMA bare",
  "CREATE TABLE bare.execution (LIKE colophon.execution INCLUDING ALL) PARTITION BY RANGE (id)",
  `DO $$ DECLARE part record; BEGIN
    FOR part IN SELECT relname, pg_get_expr(relpartbound, oid) AS bound FROM pg_class
      WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'colophon.execution'::regclass) LOOP
      EXECUTE format('CREATE TABLE bare.%I PARTITION OF bare.execution %s', part.relname, part.bound);
    END LOOP;
  END $$`,
];

async function measure(server: PostgresServer, scale: IntakeScale, folder: string): Promise<IntakeTimes> {
  const store = await openPostgresStore({ url: server.url(DATABASE), mode: "create", clock: systemClock });
  const next = executionDrafts(29, scale.capture);
  const drafts = (): readonly ExecutionDraft[] => Array.from({ length: scale.rows }, next);
  for (let at = 0; at < scale.filling; at += 1) await store.ledger.append(drafts());
  await server.run(DATABASE, ...BARE);
  const columns = await columnsOf(server);
  const times: { ledger: number; bare: number }[] = [];
  let end = scale.filling * scale.rows;
  for (let round = 0; round < scale.rounds; round += 1) {
    const rows = drafts();
    const ledger = await timed(() => store.ledger.append(rows));
    const groups = linesOf(await dump(server, { columns, after: end, folder }));
    end += scale.rows;
    const copy = `COPY bare.execution (${columns}) FROM STDIN`;
    times.push({ ledger, bare: await timed(() => server.copyIn(DATABASE, copy, groups)) });
  }
  const [bare] = await server.run(DATABASE, "SELECT count(*)::int AS rows FROM bare.execution");
  if (bare?.rows !== scale.rounds * scale.rows) throw new Error("The bare table lacks rows.");
  await store.close();
  return { rows: scale.rows, rounds: times };
}

async function columnsOf(server: PostgresServer): Promise<string> {
  const [row] = await server.run(
    DATABASE,
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
     WHERE attrelid = 'colophon.execution'::regclass AND attnum > 0 AND NOT attisdropped`,
  );
  return row?.columns as string;
}

/** The rows that the ledger wrote last, as COPY takes them. */
async function dump(
  server: PostgresServer,
  of: { readonly columns: string; readonly after: number; readonly folder: string },
): Promise<string> {
  const file = join(of.folder, "rows");
  const rows = `SELECT ${of.columns} FROM colophon.execution WHERE n > ${of.after} ORDER BY n`;
  await server.run(DATABASE, `COPY (${rows}) TO '${file}'`);
  const text = readFileSync(file, "utf8");
  rmSync(file);
  return text;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").slice(0, -1);
  const count = Math.ceil(lines.length / ROWS_PER_TRANSACTION);
  return Array.from(
    { length: count },
    (_, at) => `${lines.slice(at * ROWS_PER_TRANSACTION, (at + 1) * ROWS_PER_TRANSACTION).join("\n")}\n`,
  );
}

/** Milliseconds. */
async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

const { settings, ...scale } = JSON.parse(process.argv[2] as string) as IntakeScale;
const folder = mkdtempSync(join(tmpdir(), "colophon-intake-"));
// The server may run as another user.
chmodSync(folder, 0o777);
const { server, end } = await startServer({ settings });
try {
  console.log(JSON.stringify(await measure(server, { ...scale, settings }, folder)));
} finally {
  await end();
  rmSync(folder, { recursive: true, force: true });
}
