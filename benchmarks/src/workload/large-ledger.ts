/** A store with millions of rows made by SQL: the registry and the subjects through the store, the ledger's rows out of them. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type Clock,
  type EpochMs,
  type ExecutionDraft,
  type ExecutionId,
  type OutcomeId,
  systemClock,
} from "@colophon/kernel";
import {
  createSqliteRecordStore,
  foldedRows,
  foldMetrics,
  foldPiece,
  indexedRows,
  indexPiece,
  measuredEnds,
  openLedgerWriter,
  openSqliteCore,
} from "@colophon/storage/sqlite/core";
import { DOCUMENTS, documentName, USERS, userName } from "./call-context.ts";
import { executionDrafts, LEDGER_PROMPTS, LEDGER_VERSIONS } from "./execution-drafts.ts";
import { promptBody } from "./prompt-body.ts";
import { promptKey, textHash, versionText } from "./prompt-registry.ts";
import { makePseudonym, releaseRecord, versionRecord } from "./store-registry.ts";

export const LEDGER_GROUP = "ledger";
/** The time that the rows cover. */
export const SPAN_MS = 30 * 86_400_000;

const TENANTS = 500;
/** Each version is called on each of these. */
const MODELS = ["gpt-5-mini", "gpt-5", "claude-sonnet-4-5"] as const;
const ROWS_AT_ONCE = 1_000_000;

/** The newest rows, left for a suite to fold; they are in no index yet either. */
export const UNFOLDED_ROWS = 4096;
const ROWS_PER_FOLD = 1_000_000;
/** A piece of the metrics is read at once, and all of it lies in memory. */
const ROWS_PER_METRICS = 20_000;

export interface LargeLedgerOptions {
  /** Where it is made, or found when it was made in the same run. */
  readonly folder: string;
  readonly rows: number;
  readonly say: (message: string) => void;
}

export interface LargeLedger {
  readonly file: string;
  /** The time after the last row. */
  readonly end: EpochMs;
}

export async function largeLedger({ folder, rows, say }: LargeLedgerOptions): Promise<LargeLedger> {
  const file = join(folder, `${rows}-rows.db`);
  if (!existsSync(file)) {
    const making = { file: `${file}.making`, end: Date.now() - 60_000, rows, say };
    await makeLargeLedger(making);
    renameSync(making.file, file);
  }
  const db = new DatabaseSync(file, { readOnly: true });
  const { end } = db.prepare("SELECT max(at) + 1 AS end FROM execution").get() as { end: number };
  db.close();
  return { file, end };
}

interface Making extends LargeLedger {
  readonly rows: number;
  readonly say: (message: string) => void;
}

/** Each prompt goes through its versions one after the other, in equal shares of the time. */
async function makeLargeLedger(making: Making): Promise<void> {
  await writeFrame(making);
  const db = new DatabaseSync(making.file, { enableForeignKeyConstraints: false });
  // Nobody else has the file, and a store that a crash leaves half made is of no use.
  db.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY",
  );
  const later = [...dropFor(db, "execution"), ...dropFor(db, "outcome")];
  insertRows(db, making);
  making.say("outcomes");
  db.exec(INSERT_OUTCOMES);
  making.say("building the indexes");
  for (const sql of later) db.exec(sql);
  db.exec("PRAGMA journal_mode = WAL");
  db.close();
  foldRows(making);
}

/** In large pieces, which is a matter of time alone; the newest rows are left. */
function foldRows({ file, say }: Making): void {
  const core = openSqliteCore({ file, mode: "write", clock: systemClock });
  core.db.exec("PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY; PRAGMA synchronous = OFF");
  const { last } = core.prepare("SELECT max(n) AS last FROM execution").get() as { last: number };
  for (;;) {
    const left = last - UNFOLDED_ROWS - indexedRows(core);
    if (left <= 0) break;
    say(`indexing ${left.toLocaleString("en-US")} rows`);
    indexPiece(core, Math.min(left, ROWS_PER_FOLD));
  }
  for (;;) {
    const left = last - UNFOLDED_ROWS - foldedRows(core);
    if (left <= 0) break;
    say(`folding ${left.toLocaleString("en-US")} rows`);
    foldPiece(core, Math.min(left, ROWS_PER_FOLD));
  }
  say("folding the metrics");
  for (;;) {
    const left = last - UNFOLDED_ROWS - measuredEnds(core).execution;
    if (left <= 0) break;
    foldMetrics(core, Math.min(left, ROWS_PER_METRICS));
  }
  core.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  core.close();
}

/** Everything but the rows: registry, releases at their times, subjects, and a row of each kind to copy from. */
async function writeFrame({ file, end, say }: Making): Promise<void> {
  let now = end - SPAN_MS - 1000;
  const clock: Clock = { now: () => now, elapsed: () => now };
  const core = openSqliteCore({ file, mode: "create", clock });
  const records = createSqliteRecordStore(core);
  const hashes = new Map<string, string>();
  for (let version = 1; version <= LEDGER_VERSIONS; version += 1) {
    await records.append(() => {
      const texts = Array.from({ length: LEDGER_PROMPTS }, (_, prompt) =>
        versionText(promptBody(prompt * 10 + version)),
      );
      const drafts = texts.flatMap((text, prompt) => {
        const key = promptKey(LEDGER_GROUP, prompt);
        hashes.set(`${key} ${version}`, textHash(text));
        return [versionRecord(key, version, text), releaseRecord(key, version)];
      });
      return { drafts, texts, result: undefined };
    });
    now += SPAN_MS / LEDGER_VERSIONS;
  }
  say("subjects");
  for (let index = 0; index < USERS; index += 1) await makePseudonym(records, "user", userName(index));
  for (let index = 0; index < DOCUMENTS; index += 1)
    await makePseudonym(records, "document", documentName(index));
  for (let index = 0; index < TENANTS; index += 1) await makePseudonym(records, "tenant", `tenant_${index}`);
  const writer = openLedgerWriter(core);
  const rows = patterns(hashes);
  for (const draft of rows) writer.append(draft);
  const [{ id: execution } = { id: "" as ExecutionId }] = rows;
  for (const [index, name] of ["thumbs", "quality"].entries()) {
    const id = `00000000-0001-7000-8000-00000000000${index}` as OutcomeId;
    writer.appendOutcome({ id, execution, name, value: true, source: "user", by: null });
  }
  core.close();
}

/** A row of each version of each prompt on each model. */
function patterns(hashes: ReadonlyMap<string, string>): readonly ExecutionDraft[] {
  const next = executionDrafts(23, "hash");
  const found = new Map<string, ExecutionDraft>();
  while (found.size < LEDGER_PROMPTS * LEDGER_VERSIONS * MODELS.length) {
    const draft = next();
    const subjects = { user: null, tenant: null, document: null, documentType: null, session: null };
    const hash = hashes.get(`${draft.prompt} ${draft.version}`) as string;
    for (const model of MODELS) {
      // An id of the first millisecond keeps the patterns out of the time that is asked about.
      const id = `00000000-0001${next().id.slice(13)}` as ExecutionId;
      const models = { requestedModel: model, answeringModel: `${model}-2026` };
      found.set(`${hash} ${model}`, { ...draft, ...models, id, hash, subjects });
    }
  }
  return [...found.values()];
}

/** Drops triggers and indexes of a table; gives back the statements that make them again. */
function dropFor(db: DatabaseSync, table: string): readonly string[] {
  const found = db.prepare(
    "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type",
  );
  const objects = found.all(table) as { type: string; name: string; sql: string }[];
  for (const { type, name } of objects) db.exec(`DROP ${type} ${name}`);
  return objects.map(({ sql }) => sql);
}

function insertRows(db: DatabaseSync, { rows, end, say }: Making): void {
  // The patterns by prompt, version and model, so that a row finds its own without a search.
  db.exec(`
    CREATE TEMP TABLE pattern AS
      SELECT row_number() OVER (ORDER BY v.prompt, v.version, e.model) - 1 AS place, e.*
      FROM execution e JOIN version v ON v.n = e.version;
    CREATE UNIQUE INDEX temp.pattern_by_place ON pattern (place);
    CREATE TEMP TABLE edge AS SELECT kind, min(n) AS first, count(*) AS many FROM subject GROUP BY kind ORDER BY kind;
  `);
  const insert = db.prepare(INSERT);
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const until = Math.min(from + ROWS_AT_ONCE, rows);
    db.exec("BEGIN");
    // As big integers: numbers would be bound as REAL, and divide with a rest.
    insert.run({
      from: BigInt(from),
      until: BigInt(until),
      rows: BigInt(rows),
      begin: BigInt(end - SPAN_MS),
    });
    db.exec("COMMIT");
    say(`${until.toLocaleString("en-US")} rows`);
  }
  db.exec("DROP TABLE temp.pattern; DROP TABLE temp.edge");
}

/** A thumb for one row in sixteen and a quality for another, given a minute after the call. */
const INSERT_OUTCOMES = `
INSERT INTO outcome (at, rest, writer, seq, execution_at, execution_rest, signal, value, chain)
SELECT row.at + 60000, randomblob(10), row.writer, 1000 + row.n, row.at, row.rest, s.n,
  iif(s.body LIKE '["thumbs"%', iif(row.n % 5, 'true', 'false'), round(row.latency / 4400.0, 3)), randomblob(32)
FROM execution AS row CROSS JOIN signal AS s WHERE row.n % 16 = s.n`;

/** Chains, hashes, sessions and traces are random bytes: only reading is measured here. */
const INSERT = `
WITH RECURSIVE
  series (i) AS (SELECT :from UNION ALL SELECT i + 1 FROM series WHERE i + 1 < :until),
  -- Materialised, so that the random numbers of a row are drawn once.
  drawn AS MATERIALIZED (
    SELECT i, (abs(random() % ${LEDGER_PROMPTS}) * ${LEDGER_VERSIONS} + i * ${LEDGER_VERSIONS} / :rows) * ${MODELS.length}
        + abs(random() % ${MODELS.length}) AS place,
      abs(random() % ${USERS}) AS user, abs(random() % ${DOCUMENTS}) AS document, abs(random() % 4096) AS dice
    FROM series
  )
INSERT INTO execution (
  at, rest, writer, seq, version, scope, route, model, finish, flags, revision, user, tenant, document, document_type,
  session, trace, span, input, output, reasoning, cache_read, cache_write, latency, first_token, output_length, draw,
  rendered, input_hash, output_hash, extra, chain
)
SELECT
  :begin + d.i * ${SPAN_MS} / :rows, randomblob(10), p.writer, 1000 + d.i, p.version, p.scope, p.route, p.model, p.finish,
  p.flags + 64 * (d.dice % 32 = 0), p.revision, u.first + d.user, iif(d.dice % 16 = 1, NULL, t.first + d.user % ${TENANTS}),
  o.first + d.document, NULL, randomblob(16), randomblob(16), randomblob(8),
  iif(d.dice % 64 = 2, 140000 + 10 * d.dice, 800 + d.dice % 500), d.dice % 300, 0, 768, NULL, 300 + d.dice,
  iif(d.dice % 2, NULL, 100 + d.dice % 200), 20 + d.dice % 900, NULL, randomblob(16), randomblob(16), randomblob(16),
  CASE WHEN d.dice % 32 = 3 THEN '{"cost":[0.0012,"USD"]}' WHEN d.dice % 8 = 4 THEN '{"step":2}' END, randomblob(32)
FROM drawn d CROSS JOIN pattern p ON p.place = d.place
  CROSS JOIN (SELECT first FROM edge WHERE kind = 2) u CROSS JOIN (SELECT first FROM edge WHERE kind = 0) o
  CROSS JOIN (SELECT first FROM edge WHERE kind = 3) t`;
