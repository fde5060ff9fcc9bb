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
  /** The number of groups at which adding them stops, for a few values; none unless given. */
  readonly most?: number;
}

const CALL = "row.at, row.version, row.scope, row.model";
/** What stands in FROM first is walked along, and the other looked up; outcomes without a row are left out. */
const SELECT: Readonly<Record<MetricValues["of"], string>> = {
  rows: `SELECT row.n, ${CALL}, ${ROW_METRICS.map(([, column]) => `row.${column}`).join(", ")} FROM execution AS row`,
  outcomes: `SELECT said.n, ${CALL}, said.signal, said.value FROM outcome AS said CROSS JOIN execution AS row
    ON row.at = said.execution_at AND row.rest = said.execution_rest`,
  "outcomes-by-row": `SELECT row.n, ${CALL}, said.signal, said.value FROM execution AS row CROSS JOIN outcome AS said
    ON said.execution_at = row.at AND said.execution_rest = row.rest`,
};

/** The metrics of these values by hour. */
export function metricsByHour(
  core: Pick<SqliteCore, "prepare">,
  all: readonly MetricValues[],
): readonly MetricGroup[] {
  const hours = new MetricHours();
  for (const values of all) addValues(core, hours, values);
  return hours.groups;
}

/**
 * Adds values to their groups, in the order of what is walked along.
 *
 * @returns the number of the row or outcome that it stopped after; undefined when it came to the end.
 */
export function addValues(
  { prepare }: Pick<SqliteCore, "prepare">,
  hours: MetricHours,
  { of, where, values, most }: MetricValues,
): number | undefined {
  const statement = prepare(`${SELECT[of]} WHERE ${where}`);
  // Few rows are had faster all at once; what is not bounded could be more than the memory holds.
  const rows = most === undefined ? statement.iterate(...values) : statement.all(...values);
  for (const row of rows as Iterable<SqlRow>) {
    if (of === "rows") hours.addRow(row);
    else hours.addOutcome(row);
    if (most !== undefined && hours.size >= most) return row.n as number;
  }
  return undefined;
}
