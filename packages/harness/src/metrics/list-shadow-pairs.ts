/** Puts the newest shadowed calls beside the live calls that they repeated. */
import type { NewestRow, ShadowPair } from "@colophon/delivery";
import type { Execution } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** Pairs of one line that are looked at: answers are compared letter by letter. */
const MOST_PAIRS = 500;

/** A shadowed call whose live call is not in the ledger is no pair. */
export async function listShadowPairs(
  { ledger }: Harness,
  newest: readonly NewestRow[],
): Promise<readonly ShadowPair[]> {
  const pairs: ShadowPair[] = [];
  for (const { row } of newest.slice(0, MOST_PAIRS)) {
    const live = row.parent === null ? undefined : await ledger.findExecution(row.parent);
    if (live === undefined) continue;
    pairs.push({ live: await sideOf(ledger, live), shadow: await sideOf(ledger, row) });
  }
  return pairs;
}

async function sideOf(ledger: Harness["ledger"], { id, outputHash }: Execution) {
  const contents = await ledger.findContents(id);
  return { hash: outputHash, output: contents?.output ?? null };
}
