/** Makes a store with millions of rows by SQL: the registry and the subjects through the store, the ledger's rows out of them. */
import { DatabaseSync } from "node:sqlite";
import type { Clock, EpochMs, ExecutionDraft, ExecutionId } from "@colophon/kernel";
import { createSqliteRecordStore, openLedgerWriter, openSqliteCore } from "@colophon/storage/sqlite/core";
import { DOCUMENTS, documentName, USERS, userName } from "./call-context.ts";
import { executionDrafts, LEDGER_PROMPTS, LEDGER_VERSIONS } from "./execution-drafts.ts";
import { promptBody } from "./prompt-body.ts";
import { promptKey, textHash, versionText } from "./prompt-registry.ts";
import { makePseudonym, releaseRecord, versionRecord } from "./store-registry.ts";

export const LEDGER_GROUP = "ledger";
/** The time that the rows cover. */
export const SPAN_MS = 30 * 86_400_000;

const ROWS_AT_ONCE = 1_000_000;

export interface LargeLedger {
  readonly file: string;
  readonly rows: number;
  /** The time of the last row. */
  readonly end: EpochMs;
  readonly say: (message: string) => void;
}

/** Each prompt goes through its versions one after the other, in equal shares of the time. */
export async function makeLargeLedger(large: LargeLedger): Promise<void> {
  await writeFrame(large);
  const db = new DatabaseSync(large.file, { enableForeignKeyConstraints: false });
  // Nobody else has the file, and a store that a crash leaves half made is of no use.
  db.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY",
  );
  const later = dropFor(db, "execution");
  insertRows(db, large);
  large.say("building the indexes");
  for (const sql of later) db.exec(sql);
  db.exec("PRAGMA journal_mode = WAL");
  db.close();
}

/** Everything but the rows: registry, releases at their times, subjects, and a row of each kind to copy from. */
async function writeFrame({ file, end, say }: LargeLedger): Promise<void> {
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
  const writer = openLedgerWriter(core);
  for (const draft of patterns(hashes)) writer.append(draft);
  core.close();
}

/** A row of each version of each prompt. */
function patterns(hashes: ReadonlyMap<string, string>): readonly ExecutionDraft[] {
  const next = executionDrafts(23, "hash");
  const found = new Map<string, ExecutionDraft>();
  while (found.size < LEDGER_PROMPTS * LEDGER_VERSIONS) {
    const draft = next();
    const name = `${draft.prompt} ${draft.version}`;
    // An id of the first millisecond keeps the patterns out of the time that is asked about.
    const id = `00000000-0001${draft.id.slice(13)}` as ExecutionId;
    const subjects = { user: null, tenant: null, document: null, documentType: null, session: null };
    found.set(name, { ...draft, id, hash: hashes.get(name) as string, subjects });
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

function insertRows(db: DatabaseSync, { rows, end, say }: LargeLedger): void {
  // The patterns by prompt and version, so that a row finds its own without a search.
  db.exec(`
    CREATE TEMP TABLE pattern AS
      SELECT row_number() OVER (ORDER BY v.prompt, v.version) - 1 AS place, e.*
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

/** Chains, hashes, sessions and traces are random bytes: only reading is measured here. */
const INSERT = `
WITH RECURSIVE
  series (i) AS (SELECT :from UNION ALL SELECT i + 1 FROM series WHERE i + 1 < :until),
  -- Materialised, so that the random numbers of a row are drawn once.
  drawn AS MATERIALIZED (
    SELECT i, abs(random() % ${LEDGER_PROMPTS}) * ${LEDGER_VERSIONS} + i * ${LEDGER_VERSIONS} / :rows AS place,
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
  p.flags, p.revision, u.first + d.user, NULL, o.first + d.document, NULL,
  randomblob(16), randomblob(16), randomblob(8), 800 + d.dice % 500, d.dice % 300, 0, 768, NULL, 300 + d.dice, NULL,
  20 + d.dice % 900, NULL, randomblob(16), randomblob(16), randomblob(16), NULL, randomblob(32)
FROM drawn d CROSS JOIN pattern p ON p.place = d.place
  CROSS JOIN (SELECT first FROM edge WHERE kind = 2) u CROSS JOIN (SELECT first FROM edge WHERE kind = 0) o`;
