/** Reads values of rows and outcomes from PostgreSQL and adds them up by the call's key and hour. */
import { type MetricGroup, MetricHours, ROW_METRICS } from "../shared/metric-groups.ts";
import type { Connection, SqlParameter } from "./postgres-core.ts";
import { walkRows } from "./walk-rows.ts";

/** Some values of the ledger; the conditions speak of a `row`, and of an outcome that was `said` of it. */
export interface MetricValues {
  readonly of: "rows" | "outcomes";
  readonly where: string;
  readonly values: readonly SqlParameter[];
}

const CALL = "row.at, row.version, row.scope, row.model";
/** Outcomes without a row are left out. */
const SELECT: Readonly<Record<MetricValues["of"], string>> = {
  rows: `SELECT ${CALL}, ${ROW_METRICS.map(([, column]) => `row.${column}`).join(", ")} FROM @schema.execution AS row`,
  outcomes: `SELECT ${CALL}, said.signal, said.value FROM @schema.outcome AS said
    JOIN @schema.execution AS row ON row.id = said.execution`,
};

/** The metrics of these values by hour; to be called in a transaction. */
export async function metricsByHour(
  connection: Pick<Connection, "query">,
  all: readonly MetricValues[],
): Promise<readonly MetricGroup[]> {
  const hours = new MetricHours();
  for (const { of, where, values } of all) {
    for await (const row of walkRows(connection, `${SELECT[of]} WHERE ${where}`, values)) {
      if (of === "rows") hours.addRow(row);
      else hours.addOutcome(row);
    }
  }
  return hours.groups;
}
