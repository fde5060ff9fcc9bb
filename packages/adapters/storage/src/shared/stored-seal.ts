/** A seal as a database keeps it, and how its heads are written there. */
import type { Seal, WriterHead } from "@colophon/kernel";
import { toHex } from "./bytes.ts";
import type { SqlRow } from "./sql-row.ts";

/** A seal with the last rows it saw, by which the next one finds what moved. */
export interface StoredSeal {
  readonly seal: Seal;
  readonly lastExecution: number;
  readonly lastOutcome: number;
}

export function readSeal(row: SqlRow): StoredSeal {
  const heads = (
    JSON.parse(row.heads as string) as readonly (readonly [string, number, string, number, string])[]
  ).map(
    ([writer, executions, executionChain, outcomes, outcomeChain]) => ({
      writer, executions, executionChain, outcomes, outcomeChain,
    }), // biome-ignore format: one head, one line
  );
  return {
    seal: {
      seq: row.seq as number,
      at: row.at as number,
      revision: row.revision as number,
      recordChain: toHex(row.record_chain as Uint8Array),
      heads,
      chain: toHex(row.chain as Uint8Array),
    },
    lastExecution: row.last_execution as number,
    lastOutcome: row.last_outcome as number,
  };
}

/** The heads of a seal as its row keeps them. */
export function headsJson(heads: readonly WriterHead[]): string {
  return JSON.stringify(
    heads.map((head) => [
      head.writer,
      head.executions,
      head.executionChain,
      head.outcomes,
      head.outcomeChain,
    ]),
  );
}
