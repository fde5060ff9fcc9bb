/** The numbers of the last row and the last outcome that are committed. */
import type { Connection } from "./postgres-core.ts";

/** The numbers of a row and of an outcome. */
export interface LedgerEnds {
  readonly execution: number;
  readonly outcome: number;
}

export async function ledgerEnds({ query }: Pick<Connection, "query">): Promise<LedgerEnds> {
  const [row] = await query("SELECT executions AS execution, outcomes AS outcome FROM @schema.arrival");
  return row as unknown as LedgerEnds;
}
