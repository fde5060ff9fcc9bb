/** Walks the rows of a query of any size, some thousands at a time, inside an open transaction. */
import type { SqlRow } from "../shared/sql-row.ts";
import type { Connection, SqlParameter } from "./postgres-core.ts";

const ROWS_AT_ONCE = 5000;
let cursors = 0;

/** The rows of one answer after the other. */
export async function* walkPages(
  { query }: Pick<Connection, "query">,
  sql: string,
  values: readonly SqlParameter[] = [],
): AsyncGenerator<readonly SqlRow[], void> {
  cursors += 1;
  const name = `walk_${cursors}`;
  await query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, values);
  for (;;) {
    const rows = await query(`FETCH ${ROWS_AT_ONCE} FROM ${name}`);
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await query(`CLOSE ${name}`);
}

export async function* walkRows(
  connection: Pick<Connection, "query">,
  sql: string,
  values: readonly SqlParameter[] = [],
): AsyncGenerator<SqlRow, void> {
  for await (const rows of walkPages(connection, sql, values)) yield* rows;
}
