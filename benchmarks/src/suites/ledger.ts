/** Appending to the ledger, chain and rollup included, beside bare inserts of the very same rows; and what a row weighs. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type ExecutionDraft, systemClock } from "@colophon/kernel";
import {
  type LedgerWriter,
  openLedgerWriter,
  openSqliteCore,
  type SqliteCore,
} from "@colophon/storage/sqlite/core";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { type TemporaryFolder, temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { executionDrafts } from "../workload/execution-drafts.ts";

interface Scale {
  readonly blocks: number;
  readonly rows: number;
  /** Blocks at the start in which most users and documents are met for the first time. */
  readonly warmup: number;
}

const FULL: Scale = { blocks: 400, rows: 500, warmup: 260 };
const QUICK: Scale = { blocks: 3, rows: 200, warmup: 1 };

/** What of the contents the rows keep: nothing, as is the default, or hashes. */
type Capture = "none" | "hash";

/** Settings of file and connection that decide what an insert costs; the size of a page must come first. */
const SETTINGS = [
  "page_size",
  "journal_mode",
  "synchronous",
  "wal_autocheckpoint",
  "secure_delete",
  "cache_size",
] as const;

interface Ledger {
  readonly name: string;
  readonly core: SqliteCore;
  readonly writer: LedgerWriter;
}

/** A store whose execution table has lost some of its triggers, to see what they cost. */
function openLedger(folder: TemporaryFolder, name: string, dropped: (trigger: string) => boolean): Ledger {
  const core = openSqliteCore({ file: join(folder.path, `${name}.db`), mode: "create", clock: systemClock });
  const triggers = core.db.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'execution'",
  );
  for (const { name: trigger } of triggers.all() as { name: string }[]) {
    if (dropped(trigger)) core.db.exec(`DROP TRIGGER ${trigger}`);
  }
  return { name, core, writer: openLedgerWriter(core) };
}

interface Bare {
  readonly db: DatabaseSync;
  insert(row: readonly SQLInputValue[]): void;
}

/** A file with the ledger's table, indexes and settings, and nothing else. */
function openBare(folder: TemporaryFolder, { core }: Ledger): Bare {
  const db = new DatabaseSync(join(folder.path, "bare.db"), { enableForeignKeyConstraints: false });
  for (const setting of SETTINGS) {
    const value = Object.values(core.db.prepare(`PRAGMA ${setting}`).get() as object)[0] as string | number;
    db.exec(`PRAGMA ${setting} = ${value}`);
  }
  const schema = core.db.prepare(
    "SELECT sql FROM sqlite_schema WHERE tbl_name = 'execution' AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC",
  );
  for (const { sql } of schema.all() as { sql: string }[]) db.exec(sql);
  const columns = columnsOf(core);
  const statement = db.prepare(
    `INSERT INTO execution (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  return { db, insert: (row) => void statement.run(...row) };
}

function columnsOf(core: SqliteCore): readonly string[] {
  const columns = core.db.prepare("SELECT name FROM pragma_table_info('execution') WHERE name <> 'n'").all();
  return (columns as { name: string }[]).map(({ name }) => name);
}

/** The rows that the ledger wrote last, as they lie in its file. */
function lastRows({ core }: Ledger, count: number): readonly (readonly SQLInputValue[])[] {
  const columns = columnsOf(core);
  const rows = core.db
    .prepare(`SELECT ${columns.join(", ")} FROM execution ORDER BY n DESC LIMIT ?`)
    .all(count);
  return rows.reverse().map((row) => columns.map((column) => row[column] as SQLInputValue));
}

/** Nanoseconds per task. */
function timeEach<T>(items: readonly T[], task: (item: T) => void): Float64Array {
  const samples = new Float64Array(items.length);
  for (const [index, item] of items.entries()) {
    const start = process.hrtime.bigint();
    task(item);
    samples[index] = Number(process.hrtime.bigint() - start);
  }
  return samples;
}

/** Samples of all blocks by contender. */
type Samples = ReadonlyMap<string, readonly Float64Array[]>;

interface Race {
  readonly ledgers: readonly Ledger[];
  readonly bare: Bare;
  readonly capture: Capture;
}

function race({ ledgers, bare, capture }: Race, { blocks, rows }: Scale): Samples {
  const samples = new Map<string, Float64Array[]>([
    ...ledgers.map(({ name }) => [name, []] as [string, Float64Array[]]),
    ["bare", []],
  ]);
  const next = executionDrafts(11, capture);
  for (let block = 0; block < blocks; block += 1) {
    const drafts: ExecutionDraft[] = Array.from({ length: rows }, next);
    // The drafts are old by then, so that no collection in between has to carry them along.
    globalThis.gc?.();
    for (const { name, writer } of ledgers)
      samples.get(name)?.push(timeEach(drafts, (draft) => void writer.append(draft)));
    const same = lastRows(ledgers[0] as Ledger, rows);
    samples.get("bare")?.push(timeEach(same, (row) => bare.insert(row)));
  }
  return samples;
}

interface Cost {
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
}

function costOf(samples: Samples, name: string, blocks: readonly [from: number, to?: number]): Cost {
  const all = Float64Array.from((samples.get(name) ?? []).slice(...blocks).flatMap((block) => [...block]));
  const mean = all.reduce((sum, sample) => sum + sample, 0) / all.length;
  const { p50, p99 } = quantilesOf(all);
  return { p50: p50 / 1000, p99: p99 / 1000, mean: mean / 1000 };
}

/** The costs of one race after its warm-up, and the means of full and bare during it. */
function costsOf(samples: Samples, warmup: number) {
  const [full, noRollup, noTriggers, bare] = ["full", "no-rollup", "no-triggers", "bare"].map((name) =>
    costOf(samples, name, [warmup]),
  ) as [Cost, Cost, Cost, Cost];
  const early = costOf(samples, "full", [0, warmup]).mean / costOf(samples, "bare", [0, warmup]).mean;
  return { full, noRollup, noTriggers, bare, early };
}

function costFigures(none: Samples, hash: Samples, warmup: number): readonly Figure[] {
  const { full, noRollup, noTriggers, bare, early } = costsOf(none, warmup);
  const hashed = costsOf(hash, warmup);
  return [
    against(figure("append against a bare insert, medians", full.p50 / bare.p50, "x"), atMost(1.5)),
    figure("append against a bare insert, means", full.mean / bare.mean, "x"),
    figure("append with hashes of contents, medians", hashed.full.p50 / hashed.bare.p50, "x"),
    figure("append while most subjects are new, means", early, "x"),
    figure("append without rollup, medians", noRollup.p50 / bare.p50, "x"),
    figure("append without any trigger, medians", noTriggers.p50 / bare.p50, "x"),
    figure("append, p50", full.p50, "µs"),
    figure("append, p99", full.p99, "µs"),
    figure("bare insert, p50", bare.p50, "µs"),
    figure("bare insert, p99", bare.p99, "µs"),
    figure("appended rows per second, one by one", 1e6 / full.mean, "rows/s"),
  ];
}

/** Bytes of the pages that a table, its indexes and what else a row needs take. */
function sizeFigures({ core }: Ledger): readonly Figure[] {
  core.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const { rows } = core.db.prepare("SELECT count(*) AS rows FROM execution").get() as { rows: number };
  const pages = core.db.prepare(
    "SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY s.tbl_name",
  );
  const sizes = new Map(
    (pages.all() as { name: string; bytes: number }[]).map(({ name, bytes }) => [name, bytes]),
  );
  return [
    against(figure("a row with its indexes", (sizes.get("execution") ?? 0) / rows, "bytes"), atMost(400)),
    figure("the share of a row in its subjects", (sizes.get("subject") ?? 0) / rows, "bytes"),
    figure("the whole file by its rows", statSync(core.file).size / rows, "bytes"),
  ];
}

/** One race on files of its own. */
function runRace(
  capture: Capture,
  scale: Scale,
): { readonly samples: Samples; readonly sizes: readonly Figure[] } {
  const folder = temporaryFolder();
  const full = openLedger(folder, "full", () => false);
  const ledgers = [
    full,
    openLedger(folder, "no-rollup", (trigger) => trigger.includes("rolled_up")),
    openLedger(folder, "no-triggers", () => true),
  ];
  const bare = openBare(folder, full);
  const samples = race({ ledgers, bare, capture }, scale);
  const sizes = sizeFigures(full);
  bare.db.close();
  for (const { core } of ledgers) core.close();
  folder.remove();
  return { samples, sizes };
}

export async function ledger({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  say(`${scale.blocks} blocks of ${scale.rows} rows`);
  const none = runRace("none", scale);
  say("the same with hashes of contents");
  const hash = runRace("hash", scale);
  const rows = (scale.blocks * scale.rows).toLocaleString("en-US");
  return {
    figures: [...costFigures(none.samples, hash.samples, scale.warmup), ...hash.sizes],
    notes: [
      `${rows} rows of 20 prompts with 5 versions, 20,000 users, 50,000 documents, sessions of 8 calls, traces; the bytes with hashes of contents.`,
      "Ledger and bare inserts take turns in blocks; the bare ones insert the rows that the ledger has just written, read back from its file, into the same table and indexes with the same settings, without chain, rollup, dictionaries, subjects or triggers.",
      `The ratios are those of the blocks after the first ${scale.warmup}, in which most users and documents are met for the first time.`,
    ],
  };
}
