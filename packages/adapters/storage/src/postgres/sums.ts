/** The sums that the ledger on PostgreSQL keeps of its rows: what each counts, by what they are kept apart, and in which tables. */
import { INPUT_BANDS } from "@colophon/kernel";
import { UNKNOWN_BAND } from "../shared/rollup-list.ts";
import { DAY_MS, HOUR_MS } from "../shared/units.ts";

/** A column's name and the expression over a ledger row, called `row`, that gives its value. */
export type SumColumn = readonly [name: string, expression: string];

const BAND = `CASE WHEN row.input IS NULL THEN ${UNKNOWN_BAND} ${INPUT_BANDS.slice(1)
  .map((least, index) => `WHEN row.input < ${least} THEN ${INPUT_BANDS[index]}`)
  .join(" ")} ELSE ${INPUT_BANDS.at(-1)} END`;

const KEYS: readonly SumColumn[] = [
  ["version", "row.version"],
  ["scope", "row.scope"],
  ["model", "row.model"],
  ["band", BAND],
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

const INTEGERS = new Set(["slot", "version", "scope", "model", "band"]);

/** The statement that makes a table of sums. */
export function createSumsSql({ name, keys, sums }: SumTable): string {
  const type = (column: string): string => {
    if (column === "currency") return `text COLLATE "C"`;
    return INTEGERS.has(column) ? "integer" : "bigint";
  };
  const columns = [...namesOf(keys), ...namesOf(sums)].map((column) => `${column} ${type(column)} NOT NULL`);
  return `CREATE TABLE colophon.${name} (${columns.join(", ")}, PRIMARY KEY (${namesOf(keys).join(", ")}))`;
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
  return `SELECT ${columns.join(", ")} FROM colophon.execution AS row WHERE ${where} ${groupBy(keys.length)}`;
}

/** A table's sums as the finer ones of `source` add up to them. */
export function sumsOfSums({ unit, keys, sums, of }: SumTable, source: string, where = "true"): string {
  const perSlot = unit / (of?.unit ?? unit);
  const columns = [
    ...namesOf(keys).map((name) => (name === "slot" ? `slot / ${perSlot} AS slot` : name)),
    ...namesOf(sums).map((name) => `sum(${name}) AS ${name}`),
  ];
  return `SELECT ${columns.join(", ")} FROM ${source} WHERE ${where} ${groupBy(keys.length)}`;
}
