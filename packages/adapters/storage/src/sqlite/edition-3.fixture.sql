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
CREATE TRIGGER store_no_update BEFORE UPDATE ON store BEGIN SELECT RAISE(ABORT, 'append-only: store is never updated'); END;
CREATE TRIGGER store_no_delete BEFORE DELETE ON store BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from store'); END;
CREATE TRIGGER store_no_replace BEFORE INSERT ON store WHEN EXISTS (SELECT 1 FROM store WHERE one = NEW.one) BEGIN SELECT RAISE(ABORT, 'append-only: store holds this row already'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'append-only: record is never updated'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from record'); END;
CREATE TRIGGER record_no_replace BEFORE INSERT ON record WHEN EXISTS (SELECT 1 FROM record WHERE revision = NEW.revision) BEGIN SELECT RAISE(ABORT, 'append-only: record holds this row already'); END;
CREATE TRIGGER text_no_update BEFORE UPDATE ON text BEGIN SELECT RAISE(ABORT, 'append-only: text is never updated'); END;
CREATE TRIGGER text_no_delete BEFORE DELETE ON text BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from text'); END;
CREATE TRIGGER text_no_replace BEFORE INSERT ON text WHEN EXISTS (SELECT 1 FROM text WHERE hash = NEW.hash) BEGIN SELECT RAISE(ABORT, 'append-only: text holds this row already'); END;
CREATE TRIGGER writer_no_update BEFORE UPDATE ON writer BEGIN SELECT RAISE(ABORT, 'append-only: writer is never updated'); END;
CREATE TRIGGER writer_no_delete BEFORE DELETE ON writer BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from writer'); END;
CREATE TRIGGER writer_no_replace BEFORE INSERT ON writer WHEN EXISTS (SELECT 1 FROM writer WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM writer WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only: writer holds this row already'); END;
CREATE TRIGGER execution_no_update BEFORE UPDATE ON execution BEGIN SELECT RAISE(ABORT, 'append-only: execution is never updated'); END;
CREATE TRIGGER execution_no_delete BEFORE DELETE ON execution BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from execution'); END;
CREATE TRIGGER outcome_no_update BEFORE UPDATE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only: outcome is never updated'); END;
CREATE TRIGGER outcome_no_delete BEFORE DELETE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from outcome'); END;
CREATE TRIGGER start_no_update BEFORE UPDATE ON start BEGIN SELECT RAISE(ABORT, 'append-only: start is never updated'); END;
CREATE TRIGGER start_no_delete BEFORE DELETE ON start BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from start'); END;
CREATE TRIGGER start_no_replace BEFORE INSERT ON start WHEN EXISTS (SELECT 1 FROM start WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM start WHERE at = NEW.at AND rest = NEW.rest) BEGIN SELECT RAISE(ABORT, 'append-only: start holds this row already'); END;
CREATE TRIGGER gap_no_update BEFORE UPDATE ON gap BEGIN SELECT RAISE(ABORT, 'append-only: gap is never updated'); END;
CREATE TRIGGER gap_no_delete BEFORE DELETE ON gap BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from gap'); END;
CREATE TRIGGER gap_no_replace BEFORE INSERT ON gap WHEN EXISTS (SELECT 1 FROM gap WHERE n = NEW.n) BEGIN SELECT RAISE(ABORT, 'append-only: gap holds this row already'); END;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'append-only: seal is never updated'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from seal'); END;
CREATE TRIGGER seal_no_replace BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM seal WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'append-only: seal holds this row already'); END;
CREATE TRIGGER version_no_update BEFORE UPDATE ON version BEGIN SELECT RAISE(ABORT, 'append-only: version is never updated'); END;
CREATE TRIGGER version_no_delete BEFORE DELETE ON version BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from version'); END;
CREATE TRIGGER version_no_replace BEFORE INSERT ON version WHEN EXISTS (SELECT 1 FROM version WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM version WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: version holds this row already'); END;
CREATE TRIGGER scope_no_update BEFORE UPDATE ON scope BEGIN SELECT RAISE(ABORT, 'append-only: scope is never updated'); END;
CREATE TRIGGER scope_no_delete BEFORE DELETE ON scope BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from scope'); END;
CREATE TRIGGER scope_no_replace BEFORE INSERT ON scope WHEN EXISTS (SELECT 1 FROM scope WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM scope WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: scope holds this row already'); END;
CREATE TRIGGER route_no_update BEFORE UPDATE ON route BEGIN SELECT RAISE(ABORT, 'append-only: route is never updated'); END;
CREATE TRIGGER route_no_delete BEFORE DELETE ON route BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from route'); END;
CREATE TRIGGER route_no_replace BEFORE INSERT ON route WHEN EXISTS (SELECT 1 FROM route WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM route WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: route holds this row already'); END;
CREATE TRIGGER model_no_update BEFORE UPDATE ON model BEGIN SELECT RAISE(ABORT, 'append-only: model is never updated'); END;
CREATE TRIGGER model_no_delete BEFORE DELETE ON model BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from model'); END;
CREATE TRIGGER model_no_replace BEFORE INSERT ON model WHEN EXISTS (SELECT 1 FROM model WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM model WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: model holds this row already'); END;
CREATE TRIGGER finish_no_update BEFORE UPDATE ON finish BEGIN SELECT RAISE(ABORT, 'append-only: finish is never updated'); END;
CREATE TRIGGER finish_no_delete BEFORE DELETE ON finish BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from finish'); END;
CREATE TRIGGER finish_no_replace BEFORE INSERT ON finish WHEN EXISTS (SELECT 1 FROM finish WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM finish WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: finish holds this row already'); END;
CREATE TRIGGER signal_no_update BEFORE UPDATE ON signal BEGIN SELECT RAISE(ABORT, 'append-only: signal is never updated'); END;
CREATE TRIGGER signal_no_delete BEFORE DELETE ON signal BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from signal'); END;
CREATE TRIGGER signal_no_replace BEFORE INSERT ON signal WHEN EXISTS (SELECT 1 FROM signal WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM signal WHERE body = NEW.body) BEGIN SELECT RAISE(ABORT, 'append-only: signal holds this row already'); END;
CREATE TRIGGER subject_only_erased BEFORE UPDATE ON subject
WHEN NEW.n IS NOT OLD.n OR NEW.kind IS NOT OLD.kind OR NEW.pseudonym IS NOT OLD.pseudonym
  OR NEW.key IS NOT NULL OR NEW.value IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'append-only: a subject is only ever erased'); END;
CREATE TRIGGER subject_no_delete BEFORE DELETE ON subject BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from subject'); END;
CREATE TRIGGER subject_no_replace BEFORE INSERT ON subject
WHEN EXISTS (SELECT 1 FROM subject WHERE n = NEW.n) OR EXISTS (SELECT 1 FROM subject WHERE pseudonym = NEW.pseudonym)
  OR EXISTS (SELECT 1 FROM subject WHERE kind = NEW.kind AND value = NEW.value)
BEGIN SELECT RAISE(ABORT, 'append-only: subject holds this row already'); END;
CREATE TRIGGER content_no_update BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'append-only: contents are deleted, never updated'); END;
CREATE TRIGGER content_no_replace BEFORE INSERT ON content WHEN EXISTS (SELECT 1 FROM content WHERE execution = NEW.execution) BEGIN SELECT RAISE(ABORT, 'append-only: content holds this row already'); END;
CREATE TRIGGER watch_forward BEFORE UPDATE ON watch WHEN NEW.revision < OLD.revision OR NEW.erasures < OLD.erasures
BEGIN SELECT RAISE(ABORT, 'append-only: watch only moves forward'); END;
CREATE TRIGGER watch_no_delete BEFORE DELETE ON watch BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from watch'); END;
CREATE TRIGGER watch_no_replace BEFORE INSERT ON watch WHEN EXISTS (SELECT 1 FROM watch WHERE one = NEW.one) BEGIN SELECT RAISE(ABORT, 'append-only: watch holds this row already'); END;
CREATE TRIGGER record_watched AFTER INSERT ON record BEGIN
  UPDATE watch SET revision = NEW.revision, erasures = erasures + (NEW.kind = 'erasure') WHERE one = 1;
END;
CREATE TABLE folded (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT;
CREATE TRIGGER folded_forward BEFORE UPDATE ON folded
WHEN NEW.one <> OLD.one OR NEW.n < OLD.n OR NEW.n > (SELECT ifnull(max(n), 0) FROM execution)
BEGIN SELECT RAISE(ABORT, 'append-only: folded only moves forward, along the rows'); END;
CREATE TRIGGER folded_no_delete BEFORE DELETE ON folded BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from folded'); END;
CREATE TRIGGER folded_no_second BEFORE INSERT ON folded WHEN EXISTS (SELECT 1 FROM folded)
BEGIN SELECT RAISE(ABORT, 'append-only: folded holds its one row already'); END;
CREATE TABLE rollup (slot INTEGER NOT NULL, version INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, band INTEGER NOT NULL, currency TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, uncounted INTEGER NOT NULL, retries INTEGER NOT NULL, traces INTEGER NOT NULL, stated INTEGER NOT NULL, stated_nano INTEGER NOT NULL, errors INTEGER NOT NULL, aborted INTEGER NOT NULL, latency INTEGER NOT NULL, first_token INTEGER NOT NULL, first_tokens INTEGER NOT NULL, schema_ok INTEGER NOT NULL, schema_bad INTEGER NOT NULL, refused INTEGER NOT NULL, PRIMARY KEY (slot, version, scope, model, band, currency)) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_day (slot INTEGER NOT NULL, version INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, band INTEGER NOT NULL, currency TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, uncounted INTEGER NOT NULL, retries INTEGER NOT NULL, traces INTEGER NOT NULL, stated INTEGER NOT NULL, stated_nano INTEGER NOT NULL, errors INTEGER NOT NULL, aborted INTEGER NOT NULL, latency INTEGER NOT NULL, first_token INTEGER NOT NULL, first_tokens INTEGER NOT NULL, schema_ok INTEGER NOT NULL, schema_bad INTEGER NOT NULL, refused INTEGER NOT NULL, PRIMARY KEY (slot, version, scope, model, band, currency)) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_tenant_version (slot INTEGER NOT NULL, tenant INTEGER NOT NULL, version INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, band INTEGER NOT NULL, currency TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, uncounted INTEGER NOT NULL, retries INTEGER NOT NULL, traces INTEGER NOT NULL, stated INTEGER NOT NULL, stated_nano INTEGER NOT NULL, PRIMARY KEY (slot, tenant, version, scope, model, band, currency)) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_tenant (slot INTEGER NOT NULL, tenant INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, band INTEGER NOT NULL, currency TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, uncounted INTEGER NOT NULL, retries INTEGER NOT NULL, traces INTEGER NOT NULL, stated INTEGER NOT NULL, stated_nano INTEGER NOT NULL, PRIMARY KEY (slot, tenant, scope, model, band, currency)) STRICT, WITHOUT ROWID;
CREATE TRIGGER execution_no_replace BEFORE INSERT ON execution
WHEN (NEW.n <> -1 AND NEW.n <> (SELECT ifnull(max(n), 0) + 1 FROM execution))
  OR EXISTS (SELECT 1 FROM execution WHERE at = NEW.at AND rest = NEW.rest)
BEGIN SELECT RAISE(FAIL, 'append-only: execution holds this row already, or has another number for it'); END;
CREATE TRIGGER execution_numbered AFTER INSERT ON execution WHEN NEW.n < 1
BEGIN SELECT RAISE(ROLLBACK, 'append-only: rows of execution are numbered from 1 on'); END;
CREATE TRIGGER store_no_second BEFORE INSERT ON store WHEN EXISTS (SELECT 1 FROM store)
BEGIN SELECT RAISE(ABORT, 'append-only: store holds its one row already'); END;
CREATE TRIGGER watch_no_second BEFORE INSERT ON watch WHEN EXISTS (SELECT 1 FROM watch)
BEGIN SELECT RAISE(ABORT, 'append-only: watch holds its one row already'); END;
CREATE TRIGGER watch_one BEFORE UPDATE ON watch WHEN NEW.one <> OLD.one BEGIN SELECT RAISE(ABORT, 'append-only: watch keeps its one row'); END;
CREATE TABLE measured (one INTEGER PRIMARY KEY CHECK (one = 1), execution INTEGER NOT NULL, outcome INTEGER NOT NULL) STRICT;
CREATE TRIGGER measured_forward BEFORE UPDATE ON measured
WHEN NEW.one <> OLD.one OR NEW.execution < OLD.execution OR NEW.outcome < OLD.outcome
  OR NEW.execution > (SELECT ifnull(max(n), 0) FROM execution) OR NEW.outcome > (SELECT ifnull(max(n), 0) FROM outcome)
BEGIN SELECT RAISE(ABORT, 'append-only: measured only moves forward, along the rows'); END;
CREATE TRIGGER measured_no_delete BEFORE DELETE ON measured BEGIN SELECT RAISE(ABORT, 'append-only: nothing is deleted from measured'); END;
CREATE TRIGGER measured_no_second BEFORE INSERT ON measured WHEN EXISTS (SELECT 1 FROM measured)
BEGIN SELECT RAISE(ABORT, 'append-only: measured holds its one row already'); END;
CREATE TABLE metric (version INTEGER NOT NULL, slot INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, metrics BLOB NOT NULL, PRIMARY KEY (version, slot, scope, model)) STRICT;
CREATE TABLE metric_day (version INTEGER NOT NULL, slot INTEGER NOT NULL, scope INTEGER NOT NULL, model INTEGER NOT NULL, metrics BLOB NOT NULL, PRIMARY KEY (version, slot, scope, model)) STRICT;
CREATE TRIGGER outcome_no_replace BEFORE INSERT ON outcome
WHEN (NEW.n <> -1 AND NEW.n <> (SELECT ifnull(max(n), 0) + 1 FROM outcome))
  OR EXISTS (SELECT 1 FROM outcome WHERE at = NEW.at AND rest = NEW.rest)
BEGIN SELECT RAISE(FAIL, 'append-only: outcome holds this row already, or has another number for it'); END;
CREATE TRIGGER outcome_numbered AFTER INSERT ON outcome WHEN NEW.n < 1
BEGIN SELECT RAISE(ROLLBACK, 'append-only: rows of outcome are numbered from 1 on'); END;
CREATE TABLE presence (
  id TEXT PRIMARY KEY, application TEXT, environment TEXT NOT NULL, revision INTEGER NOT NULL,
  applied_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, process TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE lease (job TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
