/** Reads a stored outcome back. */
import type { Outcome, UnchainedOutcome, WriterId } from "@colophon/kernel";
import { idOf, toHex } from "./bytes.ts";
import type { SqlRow } from "./sql-row.ts";
import type { DictionaryReader } from "./word-node.ts";

/** @throws when the signal is missing or the value is no JSON. */
export function unpackOutcome(row: SqlRow, words: DictionaryReader): Outcome {
  const [name, source, by] = words("signal", row.signal as number);
  const outcome: Record<keyof UnchainedOutcome | "chain", unknown> = {
    id: idOf(row.at as number, row.rest as Uint8Array),
    at: row.at,
    writer: row.writer_id as WriterId,
    seq: row.seq,
    execution: idOf(row.execution_at as number, row.execution_rest as Uint8Array),
    name,
    value: JSON.parse(row.value as string),
    source,
    by,
    chain: toHex(row.chain as Uint8Array),
  };
  return outcome as Outcome;
}
