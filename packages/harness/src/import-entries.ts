/** Takes in what runtimes without a store of their own sent somewhere else. */
import { HarnessError, type LedgerEntry, readLedgerEntry } from "@colophon/kernel";
import type { Harness } from "./harness.ts";
import { newGaps } from "./runtime-service/new-gaps.ts";

/** What became of the entries. */
export interface ImportedEntries {
  readonly stored: number;
  /** Entries that the store had already. */
  readonly duplicates: number;
}

/**
 * Entries out of JSON lines: one entry a line, or a list of them.
 *
 * @param name of the file, for the sentences.
 * @throws HarnessError `input-malformed` naming the line, before anything is written.
 * @example
 * const entries = readEntries('{"kind":"gap","row":{"at":1,"kind":"dropped-row","count":2,"prompt":null,"reason":"full"}}', "rows.jsonl");
 */
export function readEntries(text: string, name: string): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      for (const one of Array.isArray(value) ? value : [value]) entries.push(readLedgerEntry(one));
    } catch (cause) {
      const what =
        cause instanceof SyntaxError ? `it is no JSON (${cause.message})` : (cause as Error).message;
      const place = `Line ${index + 1} of ${name} cannot be taken in: ${what.replace(/\.$/, "")}`;
      throw new HarnessError("input-malformed", `${place}; nothing was written, correct the line.`, {
        cause,
      });
    }
  }
  return entries;
}

/**
 * Appends entries; what the store has already stays as it is, so that a file may be taken in again.
 *
 * @throws HarnessError of the store.
 * @example
 * const { stored, duplicates } = await importEntries(harness, [
 *   { kind: "gap", row: { at: 1, kind: "dropped-row", count: 2, prompt: null, reason: "full" } },
 * ]);
 */
export async function importEntries(
  harness: Harness,
  entries: readonly LedgerEntry[],
): Promise<ImportedEntries> {
  const { ledger } = harness;
  const rowsOf = <K extends LedgerEntry["kind"]>(kind: K) =>
    entries.flatMap((entry) =>
      entry.kind === kind ? [entry.row as Extract<LedgerEntry, { kind: K }>["row"]] : [],
    );
  const executions = await ledger.append(rowsOf("execution"));
  const outcomes = await ledger.appendOutcomes(rowsOf("outcome"));
  const starts = await ledger.appendStarts(rowsOf("start"));
  const gaps = rowsOf("gap");
  const news = await newGaps(ledger, gaps);
  if (news.length > 0) await ledger.appendGaps(news);
  const appended = [executions, outcomes, starts];
  return {
    stored: appended.reduce((sum, { stored }) => sum + stored, news.length),
    duplicates: appended.reduce((sum, { duplicates }) => sum + duplicates, gaps.length - news.length),
  };
}
