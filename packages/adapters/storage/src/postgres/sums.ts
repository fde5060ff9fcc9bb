/** The sums that the ledger on PostgreSQL keeps of its rows: what each counts, by what they are kept apart, and in which tables. */
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

const KEYS: readonly SumColumn[] = [
  ["version", "row.version"],
  ["scope", "row.scope"],
  ["model", "row.model"],
  ["band", BAND_SQL],
  ["currency", "coalesce(row.currency, '')"],
];

const TENANT: SumColumn = ["tenant", "coalesce(row.tenant, 0)"];

/** Stated costs lie in two columns, whole units and billionths, since billionths alone could outgrow a bigint. */
const COST_SUMS: readonly SumColumn[] = [
  ["calls", "1"],
  ["input", "coalesce(row.input, 0)"],
  ["output", "coalesce(row.output, 0)"],
  ["reasoning", "coalesce(row.reasoning, 0)"],
  ["cache_read", "coalesce(row.cache_read, 0)"],
  ["cache_write", "coalesce(row.cache_write, 0)"],
  ["uncounted", "(row.input IS NULL AND row.output IS NULL)::int"],
  ["retries", "((row.flags >> 6) > 1)::int"],
  ["traces", "((row.flags >> 6) = 1 AND coalesce(row.step, 1) = 1)::int"],
  ["stated", "coalesce(trunc(row.cost)::bigint, 0)"],
  ["stated_nano", "coalesce(trunc((row.cost - trunc(row.cost)) * 1e9::float8 + 0.5)::bigint, 0)"],
];

const ALL_SUMS: readonly SumColumn[] = [
  ...COST_SUMS,
  ["errors", "((row.flags & 3) = 1)::int"],
  ["aborted", "((row.flags & 3) = 2)::int"],
  ["latency", "row.latency"],
  ["first_token", "coalesce(row.first_token, 0)"],
  ["first_tokens", "(row.first_token IS NOT NULL)::int"],
  ["schema_ok", "(((row.flags >> 2) & 3) = 2)::int"],
  ["schema_bad", "(((row.flags >> 2) & 3) = 1)::int"],
  ["refused", "(((row.flags >> 4) & 3) = 2)::int"],
];

const EXPRESSIONS: SumExpressions = { keys: KEYS, tenant: TENANT, costSums: COST_SUMS, allSums: ALL_SUMS };
export const BY_HOUR = /* @__PURE__ */ hourTable(EXPRESSIONS);
export const BY_DAY = /* @__PURE__ */ dayTable(EXPRESSIONS, BY_HOUR);
export const BY_TENANT_AND_VERSION = /* @__PURE__ */ tenantVersionTable(EXPRESSIONS);
export const BY_TENANT = /* @__PURE__ */ tenantTable(EXPRESSIONS, BY_TENANT_AND_VERSION);

/** Finer sums before those that add them up. */
export const SUM_TABLES: readonly SumTable[] = [BY_HOUR, BY_DAY, BY_TENANT_AND_VERSION, BY_TENANT];

const INTEGERS = new Set(["slot", "version", "scope", "model", "band"]);

/** The statement that makes a table of sums. */
export function createSumsSql({ name, keys, sums }: SumTable): string {
  const type = (column: string): string => {
    if (column === "currency") return `text COLLATE "C"`;
    return INTEGERS.has(column) ? "integer" : "bigint";
  };
  const columns = [...namesOf(keys), ...namesOf(sums)].map((column) => `${column} ${type(column)} NOT NULL`);
  return `CREATE TABLE @schema.${name} (${columns.join(", ")}, PRIMARY KEY (${namesOf(keys).join(", ")}))`;
}

/** Sums of some rows of the ledger; `where` speaks of them as `row`. */
export function sumsOfRows(table: Pick<SumTable, "keys" | "sums">, where: string): string {
  return sumsOfRowsIn("@schema.execution", table, where);
}
