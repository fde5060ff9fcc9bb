/** Tells gaps that the ledger has from those that it has not, since gaps have no id. */
import type { GapDraft, LedgerStore } from "@colophon/kernel";

/**
 * The gaps that are not in the ledger yet, each once: one that says the same of the same moment is the
 * same. Only what the ledger has of these gaps' span of time is read.
 *
 * @throws HarnessError of the store.
 */
export async function newGaps(
  ledger: Pick<LedgerStore, "listGaps">,
  gaps: readonly GapDraft[],
): Promise<readonly GapDraft[]> {
  if (gaps.length === 0) return [];
  let since = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { at } of gaps) {
    since = Math.min(since, at);
    last = Math.max(last, at);
  }
  const known = new Set((await ledger.listGaps({ since, until: last + 1 })).map(gapName));
  // A batch that was sent again may stand twice in what it was written to.
  return gaps.filter((gap) => !known.has(gapName(gap)) && known.add(gapName(gap)));
}

function gapName({ at, kind, count, prompt, reason }: GapDraft): string {
  return JSON.stringify([at, kind, count, prompt, reason]);
}
