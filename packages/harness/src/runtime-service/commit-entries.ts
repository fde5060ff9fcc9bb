/** Appends what several requests brought in as few transactions as it takes, and tells each what became of its own. */
import {
  type AppendedRows,
  type ErrorCode,
  errorCodeOf,
  type LedgerEntry,
  type LedgerStore,
} from "@colophon/kernel";
import { newGaps } from "./new-gaps.ts";

/** An entry that was not taken, by its place in what was sent. */
export interface RefusedEntry {
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What became of the entries of one request. */
export interface CommittedEntries {
  readonly stored: number;
  /** Entries that were there already. */
  readonly duplicates: number;
  readonly refused: readonly RefusedEntry[];
}

/** An entry with its place in what was sent. */
export interface PlacedEntry {
  readonly index: number;
  readonly entry: LedgerEntry;
}

type RowOf<K extends LedgerEntry["kind"]> = Extract<LedgerEntry, { readonly kind: K }>["row"];

/** A row, and all the entries that say it. */
interface Said<T> {
  readonly row: T;
  readonly by: readonly (PlacedEntry & { readonly request: number })[];
}

interface Tally {
  stored: number;
  duplicates: number;
  readonly refused: RefusedEntry[];
}

/**
 * Returns when everything is durable. An entry that the store cannot hold is refused and hinders no
 * other. Whatever the figures say of an entry that was not refused, the store has it, once. Stored and
 * repeated entries of all requests together are counted exactly; where the store had only some of the
 * rows of several requests, it does not say whose, and those of the earlier requests count as repeated.
 *
 * @throws HarnessError of the store; then it may have some of the entries, and the same may be sent again.
 */
export async function commitEntries(
  ledger: LedgerStore,
  requests: readonly (readonly PlacedEntry[])[],
): Promise<readonly CommittedEntries[]> {
  const tallies = requests.map((): Tally => ({ stored: 0, duplicates: 0, refused: [] }));
  const rowsOf = <K extends LedgerEntry["kind"]>(kind: K, nameOf: (row: RowOf<K>) => string) =>
    sayOnce(requests, kind, nameOf);
  const byId = ({ id }: { readonly id: string }): string => id;
  await append(tallies, rowsOf("start", byId), (rows) => ledger.appendStarts(rows));
  await append(tallies, rowsOf("execution", byId), (rows) => ledger.append(rows));
  await append(tallies, rowsOf("outcome", byId), (rows) => ledger.appendOutcomes(rows));
  await append(
    tallies,
    rowsOf("gap", (row) => JSON.stringify(row)),
    (rows) => appendGaps(ledger, rows),
  );
  return tallies;
}

function sayOnce<K extends LedgerEntry["kind"]>(
  requests: readonly (readonly PlacedEntry[])[],
  kind: K,
  nameOf: (row: RowOf<K>) => string,
): readonly Said<RowOf<K>>[] {
  const said = new Map<string, { readonly row: RowOf<K>; readonly by: Said<unknown>["by"][number][] }>();
  for (const [request, entries] of requests.entries()) {
    for (const placed of entries) {
      if (placed.entry.kind !== kind) continue;
      const row = placed.entry.row as RowOf<K>;
      const known = said.get(nameOf(row));
      if (known === undefined) said.set(nameOf(row), { row, by: [{ ...placed, request }] });
      else known.by.push({ ...placed, request });
    }
  }
  return [...said.values()];
}

async function append<T>(
  tallies: readonly Tally[],
  said: readonly Said<T>[],
  write: (rows: readonly T[]) => Promise<AppendedRows>,
): Promise<void> {
  if (said.length === 0) return;
  let duplicates: number;
  try {
    ({ duplicates } = await write(said.map(({ row }) => row)));
  } catch (error) {
    const code = errorCodeOf(error);
    if (code !== "input-malformed") throw error;
    if (said.length === 1) {
      refuse(tallies, said, { code, message: (error as Error).message });
      return;
    }
    // One of them cannot be kept: halves find it in few tries, and rows are stored once however often they come.
    const half = said.length >>> 1;
    await append(tallies, said.slice(0, half), write);
    await append(tallies, said.slice(half), write);
    return;
  }
  for (const [place, { by }] of said.entries()) {
    for (const [nth, { request }] of by.entries()) {
      const tally = tallies[request];
      if (tally === undefined) continue;
      if (place < duplicates || nth > 0) tally.duplicates += 1;
      else tally.stored += 1;
    }
  }
}

function refuse(
  tallies: readonly Tally[],
  said: readonly Said<unknown>[],
  why: Pick<RefusedEntry, "code" | "message">,
): void {
  for (const { index, request } of said.flatMap(({ by }) => by)) {
    tallies[request]?.refused.push({ index, ...why });
  }
}

async function appendGaps(ledger: LedgerStore, gaps: readonly RowOf<"gap">[]): Promise<AppendedRows> {
  const news = await newGaps(ledger, gaps);
  if (news.length > 0) await ledger.appendGaps(news);
  return { stored: news.length, duplicates: gaps.length - news.length };
}
