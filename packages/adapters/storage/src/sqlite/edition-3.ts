/** What leads a store of the second edition to the third: metrics with their sketches, and who follows the store and does its jobs. */
import { noSecond } from "./edition-2.ts";
import { refuse } from "./guards.ts";
import { createMetricsSql, METRIC_TABLES } from "./metric-sums.ts";

/** The watermark of the metrics: they are those of every row up to it, and of every outcome up to it whose row is. */
const MEASURED: readonly string[] = [
  "CREATE TABLE measured (one INTEGER PRIMARY KEY CHECK (one = 1), execution INTEGER NOT NULL, outcome INTEGER NOT NULL) STRICT",
  // No row is read: opening stays fast on a large store, and readers add what is not folded yet.
  "INSERT INTO measured (one, execution, outcome) VALUES (1, 0, 0)",
  `CREATE TRIGGER measured_forward BEFORE UPDATE ON measured
WHEN NEW.one <> OLD.one OR NEW.execution < OLD.execution OR NEW.outcome < OLD.outcome
  OR NEW.execution > (SELECT ifnull(max(n), 0) FROM execution) OR NEW.outcome > (SELECT ifnull(max(n), 0) FROM outcome)
${refuse("measured only moves forward, along the rows")}`,
  `CREATE TRIGGER measured_no_delete BEFORE DELETE ON measured ${refuse("nothing is deleted from measured")}`,
  noSecond("measured"),
];

/** As a row's number, so that no outcome ever comes in below the watermark or behind a reader. */
const NUMBERS: readonly string[] = [
  "DROP TRIGGER outcome_no_replace",
  `CREATE TRIGGER outcome_no_replace BEFORE INSERT ON outcome
WHEN (NEW.n <> -1 AND NEW.n <> (SELECT ifnull(max(n), 0) + 1 FROM outcome))
  OR EXISTS (SELECT 1 FROM outcome WHERE at = NEW.at AND rest = NEW.rest)
BEGIN SELECT RAISE(FAIL, 'append-only: outcome holds this row already, or has another number for it'); END`,
  `CREATE TRIGGER outcome_numbered AFTER INSERT ON outcome WHEN NEW.n < 1
BEGIN SELECT RAISE(ROLLBACK, 'append-only: rows of outcome are numbered from 1 on'); END`,
];

/** No records: what is here is about running processes alone, and goes with them. */
const COORDINATION: readonly string[] = [
  `CREATE TABLE presence (
  id TEXT PRIMARY KEY, application TEXT, environment TEXT NOT NULL, revision INTEGER NOT NULL,
  applied_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, process TEXT NOT NULL
) STRICT, WITHOUT ROWID`,
  "CREATE TABLE lease (job TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID",
];

export const EDITION_3: readonly string[] = [
  ...MEASURED,
  ...METRIC_TABLES.map(createMetricsSql),
  ...NUMBERS,
  ...COORDINATION,
];
