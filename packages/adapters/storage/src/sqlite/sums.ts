/** The sums that the ledger keeps of its rows: what each counts, by what they are kept apart, and in which tables. */
import { INPUT_BANDS } from "@colophon/kernel";
import { UNKNOWN_BAND } from "../shared/rollup-list.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";

/** A column's name and the expression over a ledger row, called `row`, that gives its value. */
export type SumColumn = readonly [name: string, expression: string];

const BAND = `CASE WHEN row.input IS NULL THEN ${UNKNOWN_BAND} ${INPUT_BANDS.slice(1)
  .map((least, index) => `WHEN row.input < ${least} THEN ${INPUT_BANDS[index]}`)
  .join(" ")} ELSE ${INPUT_BANDS.at(-1)} END`;

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
  ["band", BAND],
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

/** A table of sums by unit of time, called `slot`, and by what else its keys name. */
export interface SumTable {
  readonly name: string;
  /** Milliseconds of a slot. */
  readonly unit: number;
  readonly keys: readonly SumColumn[];
  readonly sums: readonly SumColumn[];
  /** The finer sums that these add up; null for those that are added up from the rows. */
  readonly of: SumTable | null;
}

function slot(unit: number): SumColumn {
  return ["slot", `row.at / ${unit}`];
}

export const BY_HOUR: SumTable = {
  name: "rollup",
  unit: HOUR_MS,
  keys: [slot(HOUR_MS), ...KEYS],
  sums: ALL_SUMS,
  of: null,
};

export const BY_DAY: SumTable = {
  name: "rollup_day",
  unit: DAY_MS,
  keys: [slot(DAY_MS), ...KEYS],
  sums: ALL_SUMS,
  of: BY_HOUR,
};

export const BY_TENANT_AND_VERSION: SumTable = {
  name: "rollup_tenant_version",
  unit: DAY_MS,
  keys: [slot(DAY_MS), TENANT, ...KEYS],
  sums: COST_SUMS,
  of: null,
};

export const BY_TENANT: SumTable = {
  name: "rollup_tenant",
  unit: DAY_MS,
  keys: [slot(DAY_MS), TENANT, ...KEYS.filter(([name]) => name !== "version")],
  sums: COST_SUMS,
  of: BY_TENANT_AND_VERSION,
};

/** Finer sums before those that add them up. */
export const SUM_TABLES: readonly SumTable[] = [BY_HOUR, BY_DAY, BY_TENANT_AND_VERSION, BY_TENANT];

export function namesOf(columns: readonly SumColumn[]): readonly string[] {
  return columns.map(([name]) => name);
}

/** The columns of a table of sums, as SQL declares them. */
export function columnsSql({ keys, sums }: SumTable): string {
  return [...namesOf(keys), ...namesOf(sums)]
    .map((name) => `${name} ${name === "currency" ? "TEXT" : "INTEGER"} NOT NULL`)
    .join(", ");
}

function groupBy(count: number): string {
  return `GROUP BY ${Array.from({ length: count }, (_, index) => index + 1).join(", ")}`;
}

/** Sums of some rows of the ledger; `where` speaks of them as `row`. */
export function sumsOfRows({ keys, sums }: Pick<SumTable, "keys" | "sums">, where: string): string {
  const columns = [
    ...keys.map(([name, value]) => `${value} AS ${name}`),
    ...sums.map(([name, value]) => `sum(${value}) AS ${name}`),
  ];
  return `SELECT ${columns.join(", ")} FROM execution AS row WHERE ${where} ${groupBy(keys.length)}`;
}

/** A table's sums as the finer ones of `source` add up to them. */
export function sumsOfSums({ unit, keys, sums, of }: SumTable, source: string): string {
  const perSlot = unit / (of?.unit ?? unit);
  const columns = [
    ...namesOf(keys).map((name) => (name === "slot" ? `slot / ${perSlot} AS slot` : name)),
    ...namesOf(sums).map((name) => `sum(${name}) AS ${name}`),
  ];
  return `SELECT ${columns.join(", ")} FROM ${source} WHERE true ${groupBy(keys.length)}`;
}
