/** Use cases of the ledger, on any house. */
import type { LedgerEntry } from "@colophon/kernel";
import { type House, isRemote } from "../house.ts";
import { type ImportedEntries, importEntries as importAtHand } from "../import-entries.ts";
import {
  answerAtOperation,
  appendOutcomeOperation,
  importEntriesOperation,
  listLedgerOperation,
  MOST_ENTRIES,
} from "./ledger-operations.ts";
import { offer } from "./offer.ts";

/**
 * Newest first; 100 rows unless the query says otherwise.
 *
 * @throws HarnessError `usage`, or `key-unknown`, `version-unknown` or `environment-unknown` where no row
 *   and no record knows the name.
 * @example
 * const rows = await listLedger(house, { prompt: "support.triage", user: "ada", limit: 20 });
 */
export const listLedger = offer(listLedgerOperation);

/**
 * What a prompt was at a time: what was released, what was served, and where they differ.
 *
 * @throws HarnessError `time-invalid`, `key-unknown`, `environment-unknown` or `application-unknown`.
 * @example
 * const { released, served, differs } = await answerAt(house, {
 *   time: "14:32",
 *   key: "support.triage",
 *   environment: "production",
 *   user: "ada",
 * });
 */
export const answerAt = offer(answerAtOperation);

/**
 * Attaches an outcome to an execution of this store.
 *
 * @throws HarnessError `input-malformed`, `outcome-invalid` or `execution-unknown`.
 * @example
 * await appendOutcome(house, {
 *   execution: "019bc2f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
 *   name: "accepted",
 *   value: true,
 *   source: "user",
 * });
 */
export const appendOutcome = offer(appendOutcomeOperation);

const importThere = offer(importEntriesOperation);
/** UTF-16 units of JSON that go into one call. */
const MOST_UNITS = 500_000;

/**
 * Appends entries; what the store has already stays as it is, so that an import that broke off may be run again.
 *
 * @throws HarnessError of the store.
 * @example
 * const { stored, duplicates } = await importEntries(house, [
 *   { kind: "gap", row: { at: 1, kind: "dropped-row", count: 2, prompt: null, reason: "full" } },
 * ]);
 */
export async function importEntries(house: House, entries: readonly LedgerEntry[]): Promise<ImportedEntries> {
  if (!isRemote(house)) return importAtHand(house, entries);
  let [stored, duplicates] = [0, 0];
  for (const part of partsOf(entries)) {
    const taken = await importThere(house, { entries: part });
    stored += taken.stored;
    duplicates += taken.duplicates;
  }
  return { stored, duplicates };
}

function* partsOf(entries: readonly LedgerEntry[]): Generator<readonly LedgerEntry[]> {
  let part: LedgerEntry[] = [];
  let units = 0;
  for (const entry of entries) {
    const length = JSON.stringify(entry).length;
    if (part.length > 0 && (part.length === MOST_ENTRIES || units + length > MOST_UNITS)) {
      yield part;
      part = [];
      units = 0;
    }
    part.push(entry);
    units += length;
  }
  if (part.length > 0) yield part;
}
