/** Holds the ledger's sums against the rows up to their watermark, and those of weeks that are gone against what the record says. */

import type { SqlRow } from "../../shared/sql-row.ts";
import { namesOf, type SumTable, sumsOfSums } from "../../shared/sum-tables.ts";
import { HOUR_MS } from "../../shared/units.ts";
import { WEEK_MS } from "../partitions.ts";
import { sumDigests } from "../retain-ledger.ts";
import { SUM_TABLES, sumsOfRows } from "../sums.ts";
import { walkRows } from "../walk-rows.ts";
import type { Verification } from "./verify-store.ts";

/** Weeks whose rows are gone. */
export function goneWeeks({ retentions }: Pick<Verification, "retentions">): readonly number[] {
  return retentions.flatMap(({ weeks }) => weeks);
}

/** Coarse sums are held against the finer ones, which are held against the rows; $1 are weeks that are gone. */
function comparedSql(table: SumTable): string {
  const there = (slot: string): string => `${slot} / ${WEEK_MS / table.unit} <> ALL($1::int[])`;
  const rebuilt =
    table.of === null
      ? sumsOfRows(table, `row.n <= $2 AND row.at / ${WEEK_MS} <> ALL($1::int[])`)
      : sumsOfSums(table, `@schema.${table.of.name}`, `slot / ${WEEK_MS / table.of.unit} <> ALL($1::int[])`);
  const keys = namesOf(table.keys);
  const differ = namesOf(table.sums).map((name) => `b.${name} IS DISTINCT FROM k.${name}`);
  return `WITH rebuilt AS (${rebuilt}), kept AS (SELECT * FROM @schema.${table.name} WHERE ${there("slot")})
    SELECT ${keys.map((name) => `coalesce(b.${name}, k.${name}) AS ${name}`).join(", ")}
    FROM rebuilt AS b FULL JOIN kept AS k ON ${keys.map((name) => `b.${name} = k.${name}`).join(" AND ")}
    WHERE ${differ.join(" OR ")}`;
}

export async function verifySums(verification: Verification): Promise<void> {
  const { connection, findings } = verification;
  const folded = await verifyWatermark(verification);
  const weeks = goneWeeks(verification);
  for (const table of SUM_TABLES) {
    const values = table.of === null ? [weeks, folded] : [weeks];
    for await (const row of walkRows(connection, comparedSql(table), values)) {
      findings.add("rollup-mismatch", whereOf(table, row), "The sums are not what their rows add up to.");
    }
  }
  await verifyGone(verification);
}

async function verifyWatermark({ connection, findings }: Verification): Promise<number> {
  const [row] = await connection.query(
    `SELECT (SELECT n FROM @schema.folded) AS folded, (SELECT executions FROM @schema.arrival) AS ends,
     (SELECT outcomes FROM @schema.arrival) AS outcome_ends, (SELECT coalesce(max(n), 0) FROM @schema.execution) AS last,
     (SELECT coalesce(max(n), 0) FROM @schema.outcome) AS last_outcome`,
  );
  const { folded, ends, last, outcome_ends, last_outcome } = row as unknown as Record<string, number> & {
    readonly folded: number | null;
  };
  const say = (message: string): void => findings.add("rollup-mismatch", "watermark", message);
  if (folded === null) say("The watermark of the sums is gone.");
  else if (folded > (ends as number)) say(`The sums claim row ${folded}, and the last row is ${ends}.`);
  if ((last as number) > (ends as number))
    say(`The ledger's end is said to be ${ends}, and there is row ${last}.`);
  if ((last_outcome as number) > (outcome_ends as number))
    say(`The ledger's end is said to be outcome ${outcome_ends}, and there is outcome ${last_outcome}.`);
  return folded ?? 0;
}

async function verifyGone({ connection, findings, retentions }: Verification): Promise<void> {
  for (const { weeks, sums } of retentions) {
    const found = await sumDigests(connection, weeks);
    for (const [name, digest] of Object.entries(sums)) {
      if (found[name] === digest) continue;
      const weeksSaid = `${name}, weeks ${weeks.join(", ")} since the epoch`;
      findings.add(
        "rollup-mismatch",
        weeksSaid,
        "The sums are not those that the rows came to when they went.",
      );
    }
  }
}

/** The slot and the keys of a sum, as far as it has them. */
export function whereOf(
  { name, unit }: { readonly name: string; readonly unit: number },
  { slot, tenant, version, model }: SqlRow,
): string {
  const begin = new Date((slot as number) * unit).toISOString();
  const keys = Object.entries({ tenant, version, model }).filter(([, value]) => value !== undefined);
  const time = unit === HOUR_MS ? `hour ${begin.slice(0, 13)}` : `day ${begin.slice(0, 10)}`;
  return [`${name}, ${time}`, ...keys.map(([key, value]) => `${key} ${value}`)].join(", ");
}
