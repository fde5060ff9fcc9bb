/** How ledger rows and outcomes are read from PostgreSQL: all columns, with writers and pseudonyms joined in. */
import type { Execution, Outcome } from "@colophon/kernel";
import { restOfId } from "../shared/bytes.ts";
import { unpackExecution } from "../shared/execution-codec.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { unpackOutcome } from "../shared/unpack-outcome.ts";
import type { DictionaryReader } from "../shared/word-node.ts";
import type { Connection } from "./postgres-core.ts";
import type { WordReader } from "./word-book.ts";

export const EXECUTION_SELECT = `SELECT e.*, w.id AS writer_id, su.pseudonym AS user_p, st.pseudonym AS tenant_p,
  sd.pseudonym AS document_p, sy.pseudonym AS document_type_p
  FROM @schema.execution e LEFT JOIN @schema.writer w ON w.n = e.writer
  LEFT JOIN @schema.subject su ON su.n = e."user" LEFT JOIN @schema.subject st ON st.n = e.tenant
  LEFT JOIN @schema.subject sd ON sd.n = e.document LEFT JOIN @schema.subject sy ON sy.n = e.document_type`;

export const OUTCOME_SELECT = `SELECT o.*, w.id AS writer_id
  FROM @schema.outcome o LEFT JOIN @schema.writer w ON w.n = o.writer`;

/** The columns of a row that name words. */
export const EXECUTION_WORDS = ["version", "scope", "route", "model", "finish"] as const;
export const OUTCOME_WORDS = ["signal"] as const;

/** @throws when a dictionary lacks what the row refers to. */
export function executionOf(row: SqlRow, words: DictionaryReader): Execution {
  return unpackExecution({ ...row, rest: restOfId(row.id as string) }, words);
}

/** @throws when the signal is missing or the value is no JSON. */
export function outcomeOf(row: SqlRow, words: DictionaryReader): Outcome {
  const ids = {
    rest: restOfId(row.id as string),
    execution_at: Number.parseInt((row.execution as string).replace("-", "").slice(0, 12), 16),
    execution_rest: restOfId(row.execution as string),
  };
  return unpackOutcome({ ...row, ...ids }, words);
}

/** Rows by their ids. */
export async function readExecutions(
  connection: Pick<Connection, "query">,
  reader: WordReader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Execution>> {
  if (ids.length === 0) return new Map();
  const rows = await connection.query(`${EXECUTION_SELECT} WHERE e.id = ANY($1::uuid[])`, [ids]);
  const words = await reader.know(connection, rows, EXECUTION_WORDS);
  return new Map(rows.map((row) => [row.id as string, executionOf(row, words)]));
}
