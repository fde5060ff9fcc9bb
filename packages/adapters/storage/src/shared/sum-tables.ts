/** The tables in which a database keeps the ledger's sums: how they lie, and the SQL that adds them up. */
import { INPUT_BANDS } from "@colophon/kernel";
import { UNKNOWN_BAND } from "./rollup-list.ts";
import { DAY_MS, HOUR_MS } from "./units.ts";

/** A column's name and the expression over a ledger row, called `row`, that gives its value. */
export type SumColumn = readonly [name: string, expression: string];

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

/** The size band of a row's input, as the kernel's `inputBandOf` has it. */
export const BAND_SQL = `CASE WHEN row.input IS NULL THEN ${UNKNOWN_BAND} ${INPUT_BANDS.slice(1)
  .map((least, index) => `WHEN row.input < ${least} THEN ${INPUT_BANDS[index]}`)
  .join(" ")} ELSE ${INPUT_BANDS.at(-1)} END`;

/** What a database writes of a row in its own SQL. */
export interface SumExpressions {
  /** The keys of all tables but time and tenant. */
  readonly keys: readonly SumColumn[];
  readonly tenant: SumColumn;
  readonly costSums: readonly SumColumn[];
  /** Those of costs and all others. */
  readonly allSums: readonly SumColumn[];
}

function slot(unit: number): SumColumn {
  return ["slot", `row.at / ${unit}`];
}

// Each table by a call of its own: what a bundle does not use is left out of it.

/** Sums of each hour. */
export function hourTable({ keys, allSums }: SumExpressions): SumTable {
  return { name: "rollup", unit: HOUR_MS, keys: [slot(HOUR_MS), ...keys], sums: allSums, of: null };
}

/** Sums of each day, of those by hour. */
export function dayTable({ keys, allSums }: SumExpressions, of: SumTable): SumTable {
  return { name: "rollup_day", unit: DAY_MS, keys: [slot(DAY_MS), ...keys], sums: allSums, of };
}

/** Costs of each day by tenant and version. */
export function tenantVersionTable({ keys, tenant, costSums }: SumExpressions): SumTable {
  const all = [slot(DAY_MS), tenant, ...keys];
  return { name: "rollup_tenant_version", unit: DAY_MS, keys: all, sums: costSums, of: null };
}

/** Costs of each day by tenant, of those by tenant and version. */
export function tenantTable({ keys, tenant, costSums }: SumExpressions, of: SumTable): SumTable {
  const fewer = [slot(DAY_MS), tenant, ...keys.filter(([name]) => name !== "version")];
  return { name: "rollup_tenant", unit: DAY_MS, keys: fewer, sums: costSums, of };
}

export function namesOf(columns: readonly SumColumn[]): readonly string[] {
  return columns.map(([name]) => name);
}

function groupBy(count: number): string {
  return `GROUP BY ${Array.from({ length: count }, (_, index) => index + 1).join(", ")}`;
}

/** Sums of some rows of the ledger's table `execution`; `where` speaks of them as `row`. */
export function sumsOfRowsIn(
  execution: string,
  { keys, sums }: Pick<SumTable, "keys" | "sums">,
  where: string,
): string {
  const columns = [
    ...keys.map(([name, value]) => `${value} AS ${name}`),
    ...sums.map(([name, value]) => `sum(${value}) AS ${name}`),
  ];
  return `SELECT ${columns.join(", ")} FROM ${execution} AS row WHERE ${where} ${groupBy(keys.length)}`;
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
