/** Fills a store on PostgreSQL with millions of rows by SQL: registry and subjects through the store, the rows out of a few that it wrote. */
import type { Clock, EpochMs, ExecutionDraft } from "@colophon/kernel";
import { openPostgresStore, type PostgresStore } from "@colophon/storage/postgres";
import type { PostgresServer } from "@colophon/storage/postgres/server.fixture";
import { DOCUMENTS, documentName, USERS, userName } from "../workload/call-context.ts";
import { executionDrafts, LEDGER_PROMPTS, LEDGER_VERSIONS } from "../workload/execution-drafts.ts";
import { LEDGER_GROUP, SPAN_MS } from "../workload/large-ledger.ts";
import { promptBody } from "../workload/prompt-body.ts";
import { promptKey, textHash, versionText } from "../workload/prompt-registry.ts";
import { releaseRecord, versionRecord } from "../workload/store-registry.ts";

export interface FillOptions {
  readonly server: Pick<PostgresServer, "run" | "url">;
  /** An empty database. */
  readonly database: string;
  readonly rows: number;
  /** The time after the last row. */
  readonly end: EpochMs;
  readonly say: (message: string) => void;
}

const TENANTS = 500;
const MODELS = ["gpt-5-mini", "gpt-5", "claude-sonnet-4-5"] as const;
const PATTERNS = LEDGER_PROMPTS * LEDGER_VERSIONS * MODELS.length;
const ROWS_AT_ONCE = 500_000;
const WEEK_MS = 7 * 86_400_000;

/** Chains, hashes, sessions and traces are made up, so `verify` would not pass: only reading is measured. */
export async function fillPostgres(options: FillOptions): Promise<void> {
  const { server, database, say } = options;
  await writeFrame(options);
  const run = (...statements: readonly string[]): Promise<unknown> => server.run(database, ...statements);
  await run(...makeParts(options));
  const indexes = await server.run(database, INDEXES);
  await run(
    ...KEYS.map(([table]) => `ALTER TABLE colophon.${table} DROP CONSTRAINT ${table}_pkey`),
    ...indexes.map(({ name }) => `DROP INDEX colophon.${name}`),
  );
  await insertRows(options);
  say("outcomes");
  await run(OUTCOMES);
  say("indexes");
  await run(
    ...KEYS.map(([table, key]) => `ALTER TABLE colophon.${table} ADD PRIMARY KEY (${key})`),
    ...indexes.map(({ definition }) => (definition as string).replace(" ON ONLY ", " ON ")),
  );
  // Autovacuum comes to parts, and never to the tables that they are parts of.
  await run(...(await partsOf(options)).map((part) => `VACUUM ANALYZE colophon.${part}`));
  await foldAll(options);
}

async function partsOf({ server, database }: FillOptions): Promise<readonly string[]> {
  const parts = await server.run(
    database,
    "SELECT relname FROM pg_class WHERE relnamespace = 'colophon'::regnamespace AND relkind = 'r'",
  );
  return parts.map(({ relname }) => relname as string);
}

const KEYS = [
  ["execution", "id"],
  ["outcome", "execution, id"],
] as const;

const INDEXES = `SELECT class.relname AS name, pg_get_indexdef(class.oid) AS definition FROM pg_index
  JOIN pg_class AS class ON class.oid = indexrelid
  WHERE indrelid IN ('colophon.execution'::regclass, 'colophon.outcome'::regclass) AND NOT indisprimary`;

/** The registry with its releases at their times, every subject, and rows of each kind to copy from. */
async function writeFrame({ server, database, end, say }: FillOptions): Promise<void> {
  let now = end - SPAN_MS - 1000;
  const clock: Clock = { now: () => now, elapsed: () => now };
  const store = await openPostgresStore({ url: server.url(database), mode: "create", clock });
  const hashes: string[] = [];
  for (let version = 1; version <= LEDGER_VERSIONS; version += 1) {
    await store.records.append(() => releasesOf(version, hashes));
    now += SPAN_MS / LEDGER_VERSIONS;
  }
  say("subjects");
  await writePatterns(store, hashes);
  await store.close();
}

function releasesOf(version: number, hashes: string[]) {
  const texts = Array.from({ length: LEDGER_PROMPTS }, (_, prompt) =>
    versionText(promptBody(prompt * 10 + version)),
  );
  const drafts = texts.flatMap((text, prompt) => {
    const key = promptKey(LEDGER_GROUP, prompt);
    hashes[prompt * LEDGER_VERSIONS + version - 1] = textHash(text);
    return [versionRecord(key, version, text), releaseRecord(key, version)];
  });
  return { drafts, texts, result: undefined };
}

/** A row for each document, which go round the users, tenants, versions and models. */
async function writePatterns({ ledger }: PostgresStore, hashes: readonly string[]): Promise<void> {
  const next = executionDrafts(23, "hash");
  const rows = Array.from({ length: DOCUMENTS }, (_, index): ExecutionDraft => {
    const place = index % PATTERNS;
    const version = Math.floor(place / MODELS.length);
    const model = MODELS[place % MODELS.length] as string;
    const draft = next();
    return {
      ...draft,
      prompt: promptKey(LEDGER_GROUP, Math.floor(version / LEDGER_VERSIONS)),
      version: (version % LEDGER_VERSIONS) + 1,
      hash: hashes[version] as string,
      // One caller for each prompt, as when one application serves it.
      caller: hashes[version - (version % LEDGER_VERSIONS)] as string,
      revision: 240,
      requestedModel: model,
      answeringModel: `${model}-2026`,
      subjects: {
        user: userName(index % USERS),
        tenant: `tenant_${(index % USERS) % TENANTS}`,
        document: documentName(index),
        documentType: null,
        session: draft.subjects.session,
      },
    };
  });
  await ledger.append(rows);
  const [first] = rows as [ExecutionDraft];
  await ledger.appendOutcomes(
    ["thumbs", "quality"].map((name) => {
      return { id: next().id as never, execution: first.id, name, value: true, source: "user", by: null };
    }),
  );
}

function makeParts({ end }: FillOptions): readonly string[] {
  const id = (time: number): string => {
    const hex = time.toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  };
  const weeks: number[] = [];
  for (let week = Math.floor((end - SPAN_MS) / WEEK_MS); week <= end / WEEK_MS; week += 1) weeks.push(week);
  return weeks.map(
    (week) => `SELECT colophon.make_parts(${week}, '${id(week * WEEK_MS)}', '${id((week + 1) * WEEK_MS)}')`,
  );
}

async function insertRows({ server, database, rows, end, say }: FillOptions): Promise<void> {
  const begin = end - SPAN_MS;
  await server.run(database, ...PREPARE);
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const until = Math.min(from + ROWS_AT_ONCE, rows);
    await server.run(database, insertSql({ from, until, rows, begin }));
    say(`${until.toLocaleString("en-US")} rows`);
  }
}

/** Patterns by prompt, version and model; subjects by their place. */
const PREPARE = [
  `CREATE TABLE pattern AS SELECT row_number() OVER (ORDER BY body::json ->> 0, (body::json ->> 1)::int, model) - 1 AS place, p.*
   FROM (SELECT DISTINCT ON (version, model) version, scope, route, model, finish, flags, revision, writer
     FROM colophon.execution ORDER BY version, model, n) AS p JOIN colophon.word ON word.n = p.version`,
  // A user keeps a tenant.
  `CREATE TABLE member AS SELECT row_number() OVER () - 1 AS place, "user", tenant
   FROM (SELECT DISTINCT "user", tenant FROM colophon.execution) AS pairs`,
  "CREATE TABLE paper AS SELECT row_number() OVER () - 1 AS place, document FROM (SELECT DISTINCT document FROM colophon.execution) AS papers",
  "ANALYZE pattern, member, paper",
];

function insertSql(of: {
  readonly from: number;
  readonly until: number;
  readonly rows: number;
  readonly begin: number;
}): string {
  const { from, until, rows, begin } = of;
  return `
WITH drawn AS MATERIALIZED (
  SELECT i, ${begin} + i * ${SPAN_MS} / ${rows} AS at, md5(random()::text) AS one, md5(random()::text) AS two,
    (floor(random() * ${LEDGER_PROMPTS})::bigint * ${LEDGER_VERSIONS} + i * ${LEDGER_VERSIONS} / ${rows}) * ${MODELS.length}
      + floor(random() * ${MODELS.length})::bigint AS place,
    floor(random() * ${USERS})::bigint AS member, floor(random() * ${DOCUMENTS})::bigint AS paper,
    floor(random() * 4096)::bigint AS dice
  FROM generate_series(${from}::bigint, ${until - 1}) AS i
), ends AS (SELECT executions AS last FROM colophon.arrival)
INSERT INTO colophon.execution (
  n, id, at, writer, seq, version, scope, route, model, finish, flags, revision, "user", tenant, document,
  session, trace, span, input, output, reasoning, cache_read, latency, first_token, output_length,
  rendered, input_hash, output_hash, extra, step, cost, currency, chain)
SELECT ends.last + d.i - ${from} + 1,
  (lpad(to_hex(d.at), 12, '0') || '7' || substr(d.one, 1, 3) || '8' || substr(d.one, 4, 15))::uuid, d.at,
  p.writer, 1000000 + d.i, p.version, p.scope, p.route, p.model, p.finish,
  p.flags + CASE WHEN d.dice % 32 = 0 THEN 64 ELSE 0 END, p.revision, m."user",
  CASE WHEN d.dice % 16 = 1 THEN NULL ELSE m.tenant END, o.document,
  decode(d.two, 'hex'), decode(d.one, 'hex'), decode(substr(d.two, 1, 16), 'hex'),
  CASE WHEN d.dice % 64 = 2 THEN 140000 + 10 * d.dice ELSE 800 + d.dice % 500 END, d.dice % 300, 0, 768,
  300 + d.dice, CASE WHEN d.dice % 2 = 0 THEN 100 + d.dice % 200 END, 20 + d.dice % 900,
  decode(d.two, 'hex'), decode(d.one, 'hex'), decode(d.two, 'hex'),
  CASE WHEN d.dice % 32 = 3 THEN '{"cost":[0.0012,"USD"]}' WHEN d.dice % 8 = 4 THEN '{"step":2}' END,
  CASE WHEN d.dice % 32 <> 3 AND d.dice % 8 = 4 THEN 2 END,
  CASE WHEN d.dice % 32 = 3 THEN 0.0012 END, CASE WHEN d.dice % 32 = 3 THEN '"USD"' END,
  decode(d.one || d.two, 'hex')
FROM ends, drawn AS d JOIN pattern AS p ON p.place = d.place JOIN member AS m ON m.place = d.member
  JOIN paper AS o ON o.place = d.paper`;
}

/** A thumb for one row in sixteen and a quality for another, a minute after the call. */
const OUTCOMES = `
WITH signals AS (SELECT word.n, body, row_number() OVER (ORDER BY word.n) AS place FROM colophon.word
    WHERE word.n IN (SELECT signal FROM colophon.outcome)),
  ends AS (SELECT outcomes AS last FROM colophon.arrival)
INSERT INTO colophon.outcome (n, id, at, writer, seq, execution, signal, value, chain)
SELECT ends.last + row_number() OVER (ORDER BY row.n), row.id, row.at + 60000, row.writer, 1000000 + row.n, row.id, s.n,
  CASE WHEN s.body LIKE '["thumbs"%' THEN CASE WHEN row.n % 5 = 0 THEN 'false' ELSE 'true' END
    ELSE round(row.latency / 4400.0, 3)::text END, row.chain
FROM ends, colophon.execution AS row JOIN signals AS s ON row.n % 16 = s.place`;

/** As a store's upkeep does, until nothing is left. */
async function foldAll({ server, database, say }: FillOptions): Promise<void> {
  const clock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };
  const store = await openPostgresStore({ url: server.url(database), mode: "write", clock });
  for (;;) {
    await store.care.keepUp();
    const [open] = await server.run(
      database,
      `SELECT ends.executions - folded.n AS sums, ends.executions - measured.execution AS metrics
       FROM colophon.arrival AS ends, colophon.folded, colophon.measured`,
    );
    say(`folding, left: sums ${open?.sums}, metrics ${open?.metrics}`);
    if (Number(open?.sums) === 0 && Number(open?.metrics) === 0) break;
  }
  await store.close();
}
