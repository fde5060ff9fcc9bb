/** Reads values of rows and outcomes from SQLite and adds them up by the call's key and hour. */
import { type MetricGroup, MetricHours, ROW_METRICS } from "../shared/metric-groups.ts";
import type { SqlRow, SqlValue } from "../shared/sql-row.ts";
import type { SqliteCore } from "./sqlite-core.ts";

/** Some values of the ledger; the conditions speak of a `row`, and of an outcome that was `said` of it. */
export interface MetricValues {
  /** Those of rows; of outcomes, walking along them or along their rows. */
  readonly of: "rows" | "outcomes" | "outcomes-by-row";
  readonly where: string;
  readonly values: readonly SqlValue[];
}

const CALL = "row.at, row.version, row.scope, row.model";
/** What stands first is walked along, and the other looked up; outcomes without a row are left out. */
const SELECT: Readonly<Record<MetricValues["of"], string>> = {
  rows: `SELECT ${CALL}, ${ROW_METRICS.map(([, column]) => `row.${column}`).join(", ")} FROM execution AS row`,
  outcomes: `SELECT ${CALL}, said.signal, said.value FROM outcome AS said CROSS JOIN execution AS row
    ON row.at = said.execution_at AND row.rest = said.execution_rest`,
  "outcomes-by-row": `SELECT ${CALL}, said.signal, said.value FROM execution AS row CROSS JOIN outcome AS said
    ON said.execution_at = row.at AND said.execution_rest = row.rest`,
};

/** The metrics of these values by hour. */
export function metricsByHour(
  { prepare }: Pick<SqliteCore, "prepare">,
  all: readonly MetricValues[],
): readonly MetricGroup[] {
  const hours = new MetricHours();
  for (const { of, where, values } of all) {
    const rows = prepare(`${SELECT[of]} WHERE ${where}`).iterate(...values) as Iterable<SqlRow>;
    for (const row of rows) {
      if (of === "rows") hours.addRow(row);
      else hours.addOutcome(row);
    }
  }
  return hours.groups;
}
