/** The tables of the embedded store as its first edition made them, the sums apart: what other installations hold, and never changes. */

/** Columns of a ledger row, in the order in which they are bound. */
export const EXECUTION_COLUMNS = [
  "at", "rest", "writer", "seq", "version", "scope", "route", "model", "finish", "flags", "revision",
  "user", "tenant", "document", "document_type", "session", "trace", "span",
  "input", "output", "reasoning", "cache_read", "cache_write", "latency", "first_token", "output_length",
  "draw", "rendered", "input_hash", "output_hash", "extra", "chain",
] as const; // biome-ignore format: a list read as a list

const REGISTRY = `
CREATE TABLE store (one INTEGER PRIMARY KEY CHECK (one = 1), secret BLOB NOT NULL, created INTEGER NOT NULL) STRICT;
CREATE TABLE watch (
  one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, erasures INTEGER NOT NULL
) STRICT;
CREATE TABLE record (
  revision INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT, body TEXT NOT NULL, chain BLOB NOT NULL
) STRICT;
CREATE INDEX record_by_key ON record (key, revision);
CREATE INDEX record_by_kind ON record (kind, revision);
CREATE INDEX record_by_time ON record (at);
CREATE TABLE text (hash BLOB PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE subject (n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, pseudonym BLOB NOT NULL, key BLOB, value TEXT) STRICT;
CREATE UNIQUE INDEX subject_by_pseudonym ON subject (pseudonym);
CREATE UNIQUE INDEX subject_by_value ON subject (kind, value) WHERE value IS NOT NULL;
`;

const LEDGER = `
CREATE TABLE writer (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started INTEGER NOT NULL) STRICT;
CREATE TABLE version (
  n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE,
  prompt TEXT GENERATED ALWAYS AS (json_extract(body, '$[0]')) VIRTUAL,
  version INTEGER GENERATED ALWAYS AS (json_extract(body, '$[1]')) VIRTUAL,
  hash TEXT GENERATED ALWAYS AS (json_extract(body, '$[2]')) VIRTUAL
) STRICT;
CREATE INDEX version_by_prompt ON version (prompt);
CREATE TABLE scope (
  n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE,
  environment TEXT GENERATED ALWAYS AS (json_extract(body, '$[0]')) VIRTUAL,
  purpose TEXT GENERATED ALWAYS AS (json_extract(body, '$[2]')) VIRTUAL
) STRICT;
CREATE TABLE route (n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE model (n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE finish (n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE signal (n INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE execution (
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, rest BLOB NOT NULL, writer INTEGER NOT NULL, seq INTEGER NOT NULL,
  version INTEGER NOT NULL, scope INTEGER NOT NULL, route INTEGER NOT NULL, model INTEGER NOT NULL,
  finish INTEGER NOT NULL, flags INTEGER NOT NULL, revision INTEGER,
  user INTEGER, tenant INTEGER, document INTEGER, document_type INTEGER, session BLOB, trace BLOB, span BLOB,
  input INTEGER, output INTEGER, reasoning INTEGER, cache_read INTEGER, cache_write INTEGER,
  latency INTEGER NOT NULL, first_token INTEGER, output_length INTEGER, draw REAL,
  rendered BLOB, input_hash BLOB, output_hash BLOB, extra TEXT, chain BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX execution_by_id ON execution (at, rest);
CREATE INDEX execution_by_version ON execution (version, at);
CREATE INDEX execution_by_user ON execution (user, at) WHERE user IS NOT NULL;
CREATE INDEX execution_by_document ON execution (document, at) WHERE document IS NOT NULL;
CREATE TABLE content (execution INTEGER PRIMARY KEY, variables TEXT, output TEXT, expires INTEGER) STRICT;
CREATE INDEX content_by_expiry ON content (expires) WHERE expires IS NOT NULL;
CREATE TABLE outcome (
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, rest BLOB NOT NULL, writer INTEGER NOT NULL, seq INTEGER NOT NULL,
  execution_at INTEGER NOT NULL, execution_rest BLOB NOT NULL, signal INTEGER NOT NULL, value TEXT NOT NULL,
  chain BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX outcome_by_id ON outcome (at, rest);
CREATE INDEX outcome_by_execution ON outcome (execution_at, execution_rest);
CREATE TABLE start (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, rest BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX start_by_id ON start (at, rest);
CREATE TABLE gap (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, writer INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE seal (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision INTEGER NOT NULL, record_chain BLOB NOT NULL,
  heads TEXT NOT NULL, chain BLOB NOT NULL, last_execution INTEGER NOT NULL, last_outcome INTEGER NOT NULL
) STRICT;
`;

export const TABLES = REGISTRY + LEDGER;
