/** Holds the ledger's sums against the rows up to their watermark. */

import type { Findings } from "../../shared/findings.ts";
import { namesOf, type SumTable, sumsOfSums } from "../../shared/sum-tables.ts";
import { HOUR_MS } from "../../shared/units.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { SUM_TABLES, sumsOfRows } from "../sums.ts";

/** Coarse sums are held against the finer ones, which are held against the rows. */
function comparedSql(table: SumTable): string {
  const rebuilt = table.of === null ? sumsOfRows(table, "row.n <= ?") : sumsOfSums(table, table.of.name);
  const keys = namesOf(table.keys);
  return `WITH rebuilt AS (${rebuilt})
    SELECT ${keys.map((name) => `ifnull(b.${name}, k.${name}) AS ${name}`).join(", ")}
    FROM rebuilt b FULL JOIN ${table.name} k ON ${keys.map((name) => `b.${name} = k.${name}`).join(" AND ")}
    WHERE ${namesOf(table.sums)
      .map((name) => `b.${name} IS NOT k.${name}`)
      .join(" OR ")}`;
}

export function verifySums(core: SqliteCore, findings: Findings): void {
  const folded = verifyWatermark(core, findings);
  for (const table of SUM_TABLES) {
    const values = table.of === null ? [folded] : [];
    for (const row of core.prepare(comparedSql(table)).iterate(...values) as Iterable<SqlRow>) {
      findings.add("rollup-mismatch", whereOf(table, row), "The sums are not what their rows add up to.");
    }
  }
}

function verifyWatermark(core: SqliteCore, findings: Findings): number {
  const { folded, last } = core
    .prepare("SELECT (SELECT n FROM folded) AS folded, (SELECT ifnull(max(n), 0) FROM execution) AS last")
    .get() as { folded: number | null; last: number };
  if (folded === null) findings.add("rollup-mismatch", "watermark", "The watermark of the sums is gone.");
  else if (folded > last)
    findings.add(
      "rollup-mismatch",
      "watermark",
      `The sums claim row ${folded}, and the last row is ${last}.`,
    );
  return folded ?? 0;
}

/** The slot and the keys of a sum, as far as it has them. */
export function whereOf(
  { name, unit }: Pick<SumTable, "name" | "unit">,
  { slot, tenant, version, model }: SqlRow,
): string {
  const begin = new Date((slot as number) * unit).toISOString();
  const keys = Object.entries({ tenant, version, model }).filter(([, value]) => value !== undefined);
  const time = unit === HOUR_MS ? `hour ${begin.slice(0, 13)}` : `day ${begin.slice(0, 10)}`;
  return [`${name}, ${time}`, ...keys.map(([key, value]) => `${key} ${value}`)].join(", ");
}
