/** Appending to the ledger, chain included, beside bare inserts of the very same rows; indexing and folding them; and what a row weighs. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type ExecutionDraft, systemClock } from "@colophon/kernel";
import {
  foldPiece,
  indexPiece,
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
  /** Blocks from the empty store on, in which most users and documents are new to it. */
  readonly early: number;
  /** Blocks that only fill the store, each in one transaction. */
  readonly filling: number;
  /** Blocks in which nearly every user and document is known: those that count. */
  readonly late: number;
}

const FULL: Scale = { early: 20, filling: 300, late: 120 };
const QUICK: Scale = { early: 1, filling: 1, late: 1 };
const BLOCK_ROWS = 500;
/** Blocks after which each write-ahead log is moved into its file. */
const BLOCKS_OF_A_LOG = 4;

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
  readonly core: SqliteCore;
  readonly writer: LedgerWriter;
}

/** A store whose ledger may have lost some of its triggers. */
function openLedger(folder: TemporaryFolder, dropped: (trigger: string) => boolean): Ledger {
  const core = openSqliteCore({ file: join(folder.path, "store.db"), mode: "create", clock: systemClock });
  const triggers = core.db.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'execution'",
  );
  for (const { name } of triggers.all() as { name: string }[]) {
    if (dropped(name)) core.db.exec(`DROP TRIGGER ${name}`);
  }
  return { core, writer: openLedgerWriter(core) };
}

interface Bare {
  readonly db: DatabaseSync;
  insert(row: readonly SQLInputValue[]): void;
}

/** What a table needs that finds its rows as the ledger does, and whose rows enter their indexes with the insert. */
const PLAIN_INDEXES = `
CREATE INDEX execution_by_version ON execution (version, at);
CREATE INDEX execution_by_user ON execution (user, at) WHERE user IS NOT NULL;
CREATE INDEX execution_by_document ON execution (document, at) WHERE document IS NOT NULL;
`;

/** A file with the ledger's table, settings and some indexes more, and nothing else. */
function openBare(folder: TemporaryFolder, { core }: Ledger, indexes: string): Bare {
  const file = join(folder.path, indexes === "" ? "lean.db" : "bare.db");
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  for (const setting of SETTINGS) {
    const value = Object.values(core.db.prepare(`PRAGMA ${setting}`).get() as object)[0] as string | number;
    db.exec(`PRAGMA ${setting} = ${value}`);
  }
  const schema = core.db.prepare(
    "SELECT sql FROM sqlite_schema WHERE tbl_name = 'execution' AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC",
  );
  for (const { sql } of schema.all() as { sql: string }[]) db.exec(sql);
  db.exec(indexes);
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

/** Nanoseconds of each row in the blocks of one phase. */
interface Samples {
  readonly ledger: number[];
  readonly bare: number[];
  readonly lean: number[];
  /** Of each piece that was indexed or folded, not of a row. */
  readonly folds: number[];
}

interface Racers {
  readonly ledger: Ledger;
  /** With an index for whatever the ledger finds rows by. */
  readonly bare: Bare;
  /** With those indexes alone that the ledger's insert keeps itself. */
  readonly lean: Bare;
  readonly next: () => ExecutionDraft;
}

function timed(samples: number[], task: () => void): void {
  const start = process.hrtime.bigint();
  task();
  samples.push(Number(process.hrtime.bigint() - start));
}

/** The ledger appends a block and folds it, then the bare tables take the same rows; each row on its own. */
function timeBlocks({ ledger, bare, lean, next }: Racers, blocks: number): Samples {
  const samples: Samples = { ledger: [], bare: [], lean: [], folds: [] };
  for (let block = 0; block < blocks; block += 1) {
    for (let row = 0; row < BLOCK_ROWS; row += 1) {
      const draft = next();
      timed(samples.ledger, () => void ledger.writer.append(draft));
    }
    foldRows(ledger, samples.folds);
    const rows = lastRows(ledger, BLOCK_ROWS);
    for (const row of rows) timed(samples.bare, () => bare.insert(row));
    for (const row of rows) timed(samples.lean, () => lean.insert(row));
    if (block % BLOCKS_OF_A_LOG === 0) emptyLogs({ ledger, bare, lean });
  }
  return samples;
}

/** What a thread of the sink's own does; left to SQLite it would fall on some row or piece, at its backstop. */
function emptyLogs({ ledger, bare, lean }: Omit<Racers, "next">): void {
  for (const { db } of [ledger.core, bare, lean]) db.exec("PRAGMA wal_checkpoint(PASSIVE)");
}

/** As the sink's upkeep does between calls, where indexing and folding are steps of their own. */
function foldRows({ core }: Ledger, samples: number[]): void {
  for (const piece of [indexPiece, foldPiece]) {
    for (let done = false; !done; ) timed(samples, () => (done = piece(core)));
  }
}

function fillBlocks({ ledger, bare, lean, next }: Racers, blocks: number): void {
  for (let block = 0; block < blocks; block += 1) {
    ledger.writer.batch(() => {
      for (let row = 0; row < BLOCK_ROWS; row += 1) ledger.writer.append(next());
    });
    const rows = lastRows(ledger, BLOCK_ROWS);
    for (const { db, insert } of [bare, lean]) {
      db.exec("BEGIN");
      for (const row of rows) insert(row);
      db.exec("COMMIT");
    }
  }
  foldRows(ledger, []);
  emptyLogs({ ledger, bare, lean });
}

interface Cost {
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
}

/** Microseconds. */
function costOf(samples: readonly number[]): Cost {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const { p50, p99 } = quantilesOf(Float64Array.from(samples));
  return { p50: p50 / 1000, p99: p99 / 1000, mean: mean / 1000 };
}

interface Raced {
  readonly ledger: Cost;
  readonly bare: Cost;
  readonly lean: Cost;
  /** Median against median, once nearly every subject is known. */
  readonly ratio: number;
  /** Mean against mean, while most subjects are new. */
  readonly early: number;
  readonly folds: Folds;
  readonly sizes: readonly Figure[];
}

interface Folds {
  /** Microseconds. */
  readonly perRow: number;
  /** Milliseconds of the longest piece. */
  readonly longest: number;
}

function foldsOf({ ledger, folds }: Samples): Folds {
  const total = folds.reduce((sum, fold) => sum + fold, 0);
  return { perRow: total / ledger.length / 1000, longest: Math.max(...folds) / 1e6 };
}

interface Race {
  readonly capture: Capture;
  /** Whether a trigger of the ledger's table is taken away, to see what it costs. */
  readonly dropped: (trigger: string) => boolean;
}

/** One race on files of its own. */
function race({ capture, dropped }: Race, { early, filling, late }: Scale): Raced {
  const folder = temporaryFolder();
  const ledger = openLedger(folder, dropped);
  const bare = openBare(folder, ledger, PLAIN_INDEXES);
  const lean = openBare(folder, ledger, "");
  const racers: Racers = { ledger, bare, lean, next: executionDrafts(11, capture) };
  const first = timeBlocks(racers, early);
  fillBlocks(racers, filling);
  const last = timeBlocks(racers, late);
  const sizes = sizeFigures(ledger);
  for (const { db } of [bare, lean]) db.close();
  ledger.core.close();
  folder.remove();
  const costs = { ledger: costOf(last.ledger), bare: costOf(last.bare), lean: costOf(last.lean) };
  return {
    ...costs,
    ratio: costs.ledger.p50 / costs.bare.p50,
    early: costOf(first.ledger).mean / costOf(first.bare).mean,
    folds: foldsOf(last),
    sizes,
  };
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
  const ofRows = ["", "_by_version", "_by_user", "_by_document"].map(
    (name) => sizes.get(`execution${name}`) ?? 0,
  );
  const bytes = ofRows.reduce((sum, size) => sum + size, 0);
  return [
    against(figure("a row with its indexes", bytes / rows, "bytes"), atMost(400)),
    figure("the share of a row in its subjects", (sizes.get("subject") ?? 0) / rows, "bytes"),
    figure("the whole file by its rows", statSync(core.file).size / rows, "bytes"),
  ];
}

const nothing = (): boolean => false;

export async function ledger({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  say("append beside bare inserts");
  const whole = race({ capture: "none", dropped: nothing }, scale);
  say("the same with hashes of contents");
  const hashed = race({ capture: "hash", dropped: nothing }, scale);
  say("the same without any trigger");
  const noTriggers = race({ capture: "none", dropped: () => true }, scale);
  return {
    figures: [
      against(figure("append against a bare insert, medians", whole.ratio, "x"), atMost(1.5)),
      figure("append against a bare insert, means", whole.ledger.mean / whole.bare.mean, "x"),
      against(
        figure(
          "append and its share of indexing and folding against a bare insert, means",
          (whole.ledger.mean + whole.folds.perRow) / whole.bare.mean,
          "x",
        ),
        atMost(1.5),
      ),
      figure(
        "append against a bare insert that keeps only the index of ids, medians",
        whole.ledger.p50 / whole.lean.p50,
        "x",
      ),
      figure("append with hashes of contents, medians", hashed.ratio, "x"),
      figure("append while most subjects are new, means", whole.early, "x"),
      figure("append without any trigger, medians", noTriggers.ratio, "x"),
      figure("append, p50", whole.ledger.p50, "µs"),
      figure("append, p99", whole.ledger.p99, "µs"),
      figure("bare insert, p50", whole.bare.p50, "µs"),
      figure("bare insert, p99", whole.bare.p99, "µs"),
      figure("bare insert that keeps only the index of ids, p50", whole.lean.p50, "µs"),
      figure("appended rows per second, one by one", 1e6 / whole.ledger.mean, "rows/s"),
      figure("indexing and folding, by the row", whole.folds.perRow, "µs"),
      against(figure("indexing and folding, longest hold", whole.folds.longest, "ms"), atMost(20)),
      ...hashed.sizes,
    ],
    notes: notesOf(scale),
  };
}

function notesOf({ early, filling, late }: Scale): readonly string[] {
  const count = (blocks: number): string => (blocks * BLOCK_ROWS).toLocaleString("en-US");
  return [
    "Rows of 20 prompts with 5 versions, 20,000 users, 50,000 documents, sessions of 8 calls, traces; the bytes are those of rows with hashes of contents.",
    `Ledger and bare inserts take turns in blocks of ${BLOCK_ROWS}; the bare ones insert the rows that the ledger has just written, read back from its file, into the same table with the same settings, without chain, dictionaries, subjects or triggers. Logs are moved into their files every ${BLOCKS_OF_A_LOG} blocks, outside of what is timed, as a thread of the sink does it.`,
    "The bare table has an index for each way in which the ledger finds rows: by id, version, user and document. The ledger's insert keeps that of ids alone; rows enter the others afterwards, which is counted as indexing.",
    "Rows are indexed and folded after each block, in the pieces in which a sink's upkeep does so between calls.",
    `${count(late)} rows each are timed in a store of ${count(early + filling)}, which knows most users and documents; those "while most subjects are new" are the first ${count(early)}.`,
  ];
}
