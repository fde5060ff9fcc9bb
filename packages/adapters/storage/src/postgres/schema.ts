/** The tables of the store on PostgreSQL as its first edition makes them: what other installations hold, and never changes. */
import { createSumsSql, SUM_TABLES } from "./sums.ts";

/** Columns of a ledger row, in the order in which they are copied in; the number comes first. */
export const EXECUTION_COLUMNS = [
  "n", "id", "at", "writer", "seq", "version", "scope", "route", "model", "finish", "flags", "revision",
  "user", "tenant", "document", "document_type", "session", "trace", "span",
  "input", "output", "reasoning", "cache_read", "cache_write", "latency", "first_token", "output_length",
  "draw", "rendered", "input_hash", "output_hash", "extra", "step", "cost", "currency", "chain",
] as const; // biome-ignore format: a list read as a list

/** Tables that lie in parts by the time of the call, each with the column that tells it. */
export const PARTITIONED = [
  ["execution", "id"],
  ["outcome", "execution"],
  ["content", "execution"],
  ["start", "id"],
] as const;

const REGISTRY = [
  "CREATE TABLE @schema.edition (edition integer PRIMARY KEY, at bigint NOT NULL)",
  `CREATE TABLE @schema.store (
  one integer PRIMARY KEY CHECK (one = 1), secret bytea NOT NULL, created bigint NOT NULL)`,
  `CREATE TABLE @schema.record (
  revision bigint PRIMARY KEY, at bigint NOT NULL, kind text NOT NULL, key text COLLATE "C", body text NOT NULL,
  chain bytea NOT NULL)`,
  "CREATE INDEX record_by_key ON @schema.record (key, revision)",
  "CREATE INDEX record_by_kind ON @schema.record (kind, revision)",
  "CREATE INDEX record_by_time ON @schema.record (at, revision)",
  "CREATE TABLE @schema.text (hash bytea PRIMARY KEY, body text NOT NULL)",
  // The id stands there as JSON, which can say whatever an application calls somebody; its digest is what is looked up.
  `CREATE TABLE @schema.subject (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind smallint NOT NULL, pseudonym bytea NOT NULL UNIQUE,
  key bytea, value text, digest bytea)`,
  "CREATE UNIQUE INDEX subject_by_value ON @schema.subject (kind, digest)",
];

const LEDGER = [
  `CREATE TABLE @schema.writer (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, started bigint NOT NULL)`,
  // What repeats from row to row: JSON, found by its digest; versions also by that of their prompt.
  `CREATE TABLE @schema.word (
  n integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind smallint NOT NULL, digest bytea NOT NULL,
  lead bytea NOT NULL, body text NOT NULL, UNIQUE (kind, digest))`,
  "CREATE INDEX word_by_lead ON @schema.word (kind, lead)",
  // Time, step and stated cost stand there again for the sums: the id and `extra` say them too, as JSON that
  // PostgreSQL cannot take apart where it names a NUL.
  `CREATE TABLE @schema.execution (
  id uuid NOT NULL, n bigint NOT NULL, at bigint NOT NULL, writer bigint NOT NULL, seq bigint NOT NULL,
  flags bigint NOT NULL, latency bigint NOT NULL, version integer NOT NULL, scope integer NOT NULL,
  route integer NOT NULL, model integer NOT NULL, finish integer NOT NULL, chain bytea NOT NULL,
  revision bigint, "user" bigint, tenant bigint, document bigint, document_type bigint,
  input bigint, output bigint, reasoning bigint, cache_read bigint, cache_write bigint,
  first_token bigint, output_length bigint, draw double precision,
  session bytea, trace bytea, span bytea, rendered bytea, input_hash bytea, output_hash bytea, extra text,
  step bigint, cost double precision, currency text COLLATE "C", PRIMARY KEY (id)) PARTITION BY RANGE (id)`,
  "CREATE INDEX execution_by_number ON @schema.execution (n)",
  "CREATE INDEX execution_by_version ON @schema.execution (version, id)",
  `CREATE INDEX execution_by_user ON @schema.execution ("user", id) WHERE "user" IS NOT NULL`,
  "CREATE INDEX execution_by_document ON @schema.execution (document, id) WHERE document IS NOT NULL",
  `CREATE TABLE @schema.outcome (
  execution uuid NOT NULL, id uuid NOT NULL, n bigint NOT NULL, at bigint NOT NULL, writer bigint NOT NULL,
  seq bigint NOT NULL, signal integer NOT NULL, value text NOT NULL, chain bytea NOT NULL,
  PRIMARY KEY (execution, id)) PARTITION BY RANGE (execution)`,
  "CREATE INDEX outcome_by_number ON @schema.outcome (n)",
  "CREATE INDEX outcome_by_time ON @schema.outcome (at)",
  `CREATE TABLE @schema.content (
  execution uuid NOT NULL, variables text, output text, expires bigint, PRIMARY KEY (execution)
) PARTITION BY RANGE (execution)`,
  "CREATE INDEX content_by_expiry ON @schema.content (expires) WHERE expires IS NOT NULL",
  `CREATE TABLE @schema.start (
  id uuid NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY, body text NOT NULL, PRIMARY KEY (id)
) PARTITION BY RANGE (id)`,
  ...PARTITIONED.map(
    ([table]) => `CREATE TABLE @schema.${table}_default PARTITION OF @schema.${table} DEFAULT`,
  ),
  `CREATE TABLE @schema.gap (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL, writer bigint NOT NULL, body text NOT NULL)`,
  `CREATE TABLE @schema.seal (
  seq bigint PRIMARY KEY, at bigint NOT NULL, revision bigint NOT NULL, record_chain bytea NOT NULL,
  heads text NOT NULL, chain bytea NOT NULL, last_execution bigint NOT NULL, last_outcome bigint NOT NULL)`,
];

const SUMS = [
  // The last numbers that were given, how often somebody was erased, and the time before which nothing is kept.
  `CREATE TABLE @schema.arrival (
  one integer PRIMARY KEY CHECK (one = 1), executions bigint NOT NULL, outcomes bigint NOT NULL,
  erasures bigint NOT NULL, kept_since bigint NOT NULL)`,
  "INSERT INTO @schema.arrival VALUES (1, 0, 0, 0, 0)",
  "CREATE TABLE @schema.folded (one integer PRIMARY KEY CHECK (one = 1), n bigint NOT NULL)",
  "INSERT INTO @schema.folded VALUES (1, 0)",
  `CREATE TABLE @schema.measured (
  one integer PRIMARY KEY CHECK (one = 1), execution bigint NOT NULL, outcome bigint NOT NULL)`,
  "INSERT INTO @schema.measured VALUES (1, 0, 0)",
  ...SUM_TABLES.map(createSumsSql),
  ...["metric", "metric_day"].map(
    (table) => `CREATE TABLE @schema.${table} (
  version integer NOT NULL, slot integer NOT NULL, scope integer NOT NULL, model integer NOT NULL,
  metrics bytea NOT NULL, PRIMARY KEY (version, slot, scope, model))`,
  ),
];

/** No records: what is here is about running processes alone, and goes with them. */
const COORDINATION = [
  `CREATE TABLE @schema.presence (
  id text PRIMARY KEY, application text, environment text NOT NULL, revision bigint NOT NULL,
  applied_at bigint NOT NULL, seen_at bigint NOT NULL)`,
  "CREATE TABLE @schema.lease (job text PRIMARY KEY, holder text NOT NULL, until bigint NOT NULL)",
];

export const TABLES: readonly string[] = [
  "CREATE SCHEMA IF NOT EXISTS @schema",
  ...REGISTRY,
  ...LEDGER,
  ...SUMS,
  ...COORDINATION,
];
