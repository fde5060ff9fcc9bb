/** The statements by which rows come into the ledger. */
import { lockSql } from "./locks.ts";
import { EXECUTION_COLUMNS } from "./schema.ts";

/** Rows get the next numbers, which follow the order of commits: the lock is held until then. */
export const INTAKE = `${lockSql("ledger")}; SELECT executions, outcomes, erasures, kept_since FROM @schema.arrival`;
export const COPY_EXECUTIONS = `COPY @schema.execution (${EXECUTION_COLUMNS.map((name) => `"${name}"`).join(", ")}) FROM STDIN`;
export const COPY_CONTENTS = "COPY @schema.content (execution, variables, output, expires) FROM STDIN";
export const COPY_OUTCOMES =
  "COPY @schema.outcome (n, id, at, writer, seq, execution, signal, value, chain) FROM STDIN";
