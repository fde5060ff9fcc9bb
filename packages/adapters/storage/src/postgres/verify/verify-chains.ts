/** Walks the ledger's rows in the order of their writing and holds every writer's chain against links, seals and anchor. */
import { type Execution, executionLink, outcomeLink, timeOfId } from "@colophon/kernel";
import { toHex } from "../../shared/bytes.ts";
import {
  type ChainReport,
  ChainWalk,
  EXECUTION_CHAINS,
  OUTCOME_CHAINS,
  type WalkedRow,
} from "../../shared/chain-walk.ts";
import type { SqlRow } from "../../shared/sql-row.ts";
import type { DictionaryReader } from "../../shared/word-node.ts";
import { summedCost } from "../execution-line.ts";
import {
  EXECUTION_SELECT,
  EXECUTION_WORDS,
  executionOf,
  OUTCOME_SELECT,
  OUTCOME_WORDS,
  outcomeOf,
} from "../execution-rows.ts";
import { walkPages } from "../walk-rows.ts";
import { WordReader } from "../word-book.ts";
import type { Verification } from "./verify-store.ts";

/** The rows of a chain in PostgreSQL. */
const ROWS = {
  executions: {
    rules: EXECUTION_CHAINS,
    select: `${EXECUTION_SELECT} ORDER BY e.n`,
    words: EXECUTION_WORDS,
    link(row: SqlRow, words: DictionaryReader) {
      const execution = executionOf(row, words);
      checkSummed(row, execution);
      return (previous: string) => executionLink(previous, execution);
    },
  },
  outcomes: {
    rules: OUTCOME_CHAINS,
    select: `${OUTCOME_SELECT} ORDER BY o.n`,
    words: OUTCOME_WORDS,
    link(row: SqlRow, words: DictionaryReader) {
      const outcome = outcomeOf(row, words);
      checkTime(row);
      return (previous: string) => outcomeLink(previous, outcome);
    },
  },
} as const;

export async function verifyChains(
  { connection, findings, anchor, seals, retentions }: Verification,
  of: keyof typeof ROWS,
): Promise<ChainReport> {
  const reader = new WordReader();
  const { rules, select, words: columns, link } = ROWS[of];
  const letGo = retentions.flatMap((retention) => retention[of]);
  const walk = new ChainWalk({ rules, anchor, seals: seals.values(), letGo }, findings);
  for await (const rows of walkPages(connection, select)) {
    const words = await reader.know(connection, rows, columns);
    for (const row of rows) {
      walk.meet(walkedRow(row, () => link(row, words)));
    }
  }
  return walk.end();
}

/** What stands there again for the sums is covered by no chain. @throws where it says something else. */
function checkSummed(row: SqlRow, execution: Execution): void {
  checkTime(row);
  const cost = summedCost(execution);
  const same =
    row.step === execution.step &&
    row.cost === (cost?.amount ?? null) &&
    row.currency === (cost?.currency ?? null);
  if (!same) throw new Error("step or cost are counted otherwise than they are said.");
}

function checkTime({ id, at }: SqlRow): void {
  if (timeOfId(id as string) !== at) throw new Error("its time is not that of its id.");
}

function walkedRow(row: SqlRow, link: WalkedRow["link"]): WalkedRow {
  return {
    n: row.n as number,
    id: row.id as string,
    writer: row.writer_id as string | null,
    seq: row.seq as number,
    chain: toHex(row.chain as Uint8Array),
    link,
  };
}
