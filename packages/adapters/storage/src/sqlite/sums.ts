/** The sums that the ledger keeps of its rows: what each counts, by what they are kept apart, and in which tables. */
import {
  BAND_SQL,
  dayTable,
  hourTable,
  namesOf,
  type SumColumn,
  type SumExpressions,
  type SumTable,
  sumsOfRowsIn,
  tenantTable,
  tenantVersionTable,
} from "../shared/sum-tables.ts";

const AMOUNT = "row.extra ->> '$.cost[0]'";
const CURRENCY = "row.extra ->> '$.cost[1]'";

/** The value where the row states a cost that can be added up; few rows have anything in `extra` at all. */
function ofStated(value: string, otherwise: string): string {
  return `CASE WHEN row.extra IS NULL OR NOT json_valid(row.extra) THEN ${otherwise}
    WHEN json_type(row.extra, '$.cost[0]') IN ('integer', 'real') AND ${AMOUNT} BETWEEN 0 AND 1099511627776
      AND json_type(row.extra, '$.cost[1]') = 'text' THEN ${value} ELSE ${otherwise} END`;
}

const FIRST_STEP =
  "CASE WHEN row.extra IS NULL OR NOT json_valid(row.extra) THEN 1 ELSE ifnull(row.extra ->> '$.step', 1) = 1 END";

const KEYS: readonly SumColumn[] = [
  ["version", "row.version"],
  ["scope", "row.scope"],
  ["model", "row.model"],
  ["band", BAND_SQL],
  ["currency", ofStated(CURRENCY, "''")],
];

const TENANT: SumColumn = ["tenant", "ifnull(row.tenant, 0)"];

/** Stated costs lie in two columns, whole units and billionths, since billionths alone could outgrow an integer. */
const COST_SUMS: readonly SumColumn[] = [
  ["calls", "1"],
  ["input", "ifnull(row.input, 0)"],
  ["output", "ifnull(row.output, 0)"],
  ["reasoning", "ifnull(row.reasoning, 0)"],
  ["cache_read", "ifnull(row.cache_read, 0)"],
  ["cache_write", "ifnull(row.cache_write, 0)"],
  ["uncounted", "row.input IS NULL AND row.output IS NULL"],
  ["retries", "(row.flags >> 6) > 1"],
  ["traces", `(row.flags >> 6) = 1 AND ${FIRST_STEP}`],
  ["stated", ofStated(`CAST(${AMOUNT} AS INTEGER)`, "0")],
  ["stated_nano", ofStated(`CAST((${AMOUNT} - CAST(${AMOUNT} AS INTEGER)) * 1e9 + 0.5 AS INTEGER)`, "0")],
];

const ALL_SUMS: readonly SumColumn[] = [
  ...COST_SUMS,
  ["errors", "(row.flags & 3) = 1"],
  ["aborted", "(row.flags & 3) = 2"],
  ["latency", "row.latency"],
  ["first_token", "ifnull(row.first_token, 0)"],
  ["first_tokens", "row.first_token IS NOT NULL"],
  ["schema_ok", "((row.flags >> 2) & 3) = 2"],
  ["schema_bad", "((row.flags >> 2) & 3) = 1"],
  ["refused", "((row.flags >> 4) & 3) = 2"],
];

const EXPRESSIONS: SumExpressions = { keys: KEYS, tenant: TENANT, costSums: COST_SUMS, allSums: ALL_SUMS };
export const BY_HOUR = /* @__PURE__ */ hourTable(EXPRESSIONS);
export const BY_DAY = /* @__PURE__ */ dayTable(EXPRESSIONS, BY_HOUR);
export const BY_TENANT_AND_VERSION = /* @__PURE__ */ tenantVersionTable(EXPRESSIONS);
export const BY_TENANT = /* @__PURE__ */ tenantTable(EXPRESSIONS, BY_TENANT_AND_VERSION);

/** Finer sums before those that add them up. */
export const SUM_TABLES: readonly SumTable[] = [BY_HOUR, BY_DAY, BY_TENANT_AND_VERSION, BY_TENANT];

/** As fine as all of these tables at once, so that a piece of rows adds up to what is added to each of them. */
export const FINEST: SumTable = {
  name: "piece",
  unit: BY_HOUR.unit,
  keys: [...BY_HOUR.keys, TENANT],
  sums: BY_HOUR.sums,
  of: null,
};

/** The columns of a table of sums, as SQL declares them. */
export function columnsSql({ keys, sums }: SumTable): string {
  return [...namesOf(keys), ...namesOf(sums)]
    .map((name) => `${name} ${name === "currency" ? "TEXT" : "INTEGER"} NOT NULL`)
    .join(", ");
}

/** Sums of some rows of the ledger; `where` speaks of them as `row`. */
export function sumsOfRows(table: Pick<SumTable, "keys" | "sums">, where: string): string {
  return sumsOfRowsIn("execution", table, where);
}
