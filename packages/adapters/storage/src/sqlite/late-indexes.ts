/** The indexes of the ledger that a row enters after it was written, and what stands outside of them until then. */
import { HarnessError } from "@colophon/kernel";
import type { SqliteCore } from "./sqlite-core.ts";

/** Columns by which rows are found along an index that is made afterwards. */
export const LATE_COLUMNS = ["version", "user", "document"] as const;
export type LateColumn = (typeof LATE_COLUMNS)[number];

/** A table of its own: of each row the column, the time and the number, in this order. */
export function lateIndexOf(column: LateColumn): `execution_by_${LateColumn}` {
  return `execution_by_${column}`;
}

/**
 * Where the indexes stand: every row up to this number is in them, and none after it.
 *
 * @throws HarnessError `store-corrupt` when somebody took the watermark away.
 */
export function indexedRows(core: Pick<SqliteCore, "prepare" | "file">): number {
  const indexed = indexWatermark(core);
  if (indexed !== undefined) return indexed;
  throw new HarnessError(
    "store-corrupt",
    `The store ${core.file} lost the watermark of its indexes; restore it from a copy.`,
  );
}

export function indexWatermark({ prepare }: Pick<SqliteCore, "prepare">): number | undefined {
  return (prepare("SELECT n FROM indexed").get() as { n: number } | undefined)?.n;
}

/** Selects the numbers of all rows that have a value in a column, be they indexed or not. @throws as `indexedRows`. */
export function numbersOf(
  core: Pick<SqliteCore, "prepare" | "file">,
  column: LateColumn,
  value: number,
): { readonly sql: string; readonly values: readonly number[] } {
  return {
    sql: `SELECT n FROM ${lateIndexOf(column)} WHERE ${column} = ?
      UNION ALL SELECT n FROM execution WHERE n > ? AND ${column} = ?`,
    values: [value, indexedRows(core), value],
  };
}
