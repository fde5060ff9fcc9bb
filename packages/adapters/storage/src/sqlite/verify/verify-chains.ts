/** Walks the ledger's rows in the order of their writing and holds every writer's chain against links, seals and anchor. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Anchor, executionLink, outcomeLink } from "@colophon/kernel";
import { idOf, toHex } from "../../shared/bytes.ts";
import {
  type ChainReport,
  ChainWalk,
  EXECUTION_CHAINS,
  OUTCOME_CHAINS,
  type WalkedRow,
} from "../../shared/chain-walk.ts";
import { unpackExecution } from "../../shared/execution-codec.ts";
import type { Findings } from "../../shared/findings.ts";
import type { SqlRow } from "../../shared/sql-row.ts";
import { unpackOutcome } from "../../shared/unpack-outcome.ts";
import type { DictionaryReader } from "../../shared/word-node.ts";
import { createDictionaryReader } from "../dictionary.ts";
import { EXECUTION_SELECT } from "../execution-select.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { sealsOf } from "./verify-seals.ts";

/** The rows of a chain in SQLite. */
const ROWS = {
  executions: {
    rules: EXECUTION_CHAINS,
    select: `${EXECUTION_SELECT} ORDER BY e.n`,
    link(row: SqlRow, words: DictionaryReader) {
      const execution = unpackExecution(row, words);
      return (previous: string) => executionLink(previous, execution);
    },
  },
  outcomes: {
    rules: OUTCOME_CHAINS,
    select: "SELECT o.*, w.id AS writer_id FROM outcome o LEFT JOIN writer w ON w.n = o.writer ORDER BY o.n",
    link(row: SqlRow, words: DictionaryReader) {
      const outcome = unpackOutcome(row, words);
      return (previous: string) => outcomeLink(previous, outcome);
    },
  },
} as const;

const ROWS_PER_TURN = 500;

export async function verifyChains(
  core: SqliteCore,
  { of, anchor }: { readonly of: keyof typeof ROWS; readonly anchor: Anchor | undefined },
  findings: Findings,
): Promise<ChainReport> {
  const words = createDictionaryReader(core);
  const { rules, select, link } = ROWS[of];
  const walk = new ChainWalk({ rules, anchor, seals: sealsOf(core) }, findings);
  try {
    for (const row of core.prepare(select).iterate() as Iterable<SqlRow>) {
      walk.meet(walkedRow(row, () => link(row, words)));
      if (walk.rows % ROWS_PER_TURN === 0) await nextTurn();
    }
  } catch (error) {
    findings.add("unreadable", of, `After ${walk.rows} rows SQLite says: ${(error as Error).message}.`);
  }
  return walk.end();
}

function walkedRow(row: SqlRow, link: WalkedRow["link"]): WalkedRow {
  return {
    n: row.n as number,
    id: idOf(row.at as number, row.rest as Uint8Array),
    writer: row.writer_id as string | null,
    seq: row.seq as number,
    chain: toHex(row.chain as Uint8Array),
    link,
  };
}
