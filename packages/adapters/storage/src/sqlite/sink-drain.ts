/** Puts waiting entries into the store: one short transaction at a time, each entry once in effect. */
import { type GapDraft, type LedgerEntry, timeOfId } from "@colophon/kernel";
import { lossOf, type Refused } from "../spool/spool-entry.ts";
import type { AppendResult } from "./ledger-writer.ts";
import { blameFor, type OpenStore } from "./sink-store.ts";

/** What a batch may take from the event loop, the wait for the lock and the commit apart. */
const BATCH_MS = 4;

export interface DrainedBatch {
  readonly stored: number;
  readonly duplicates: number;
  readonly damaged: number;
  /** Entries that no store would take. */
  readonly refused: readonly Refused[];
  /** Where the next batch begins. */
  readonly end: number;
  /** Lines (or entries) consumed. */
  readonly count: number;
  /** True when nothing follows. */
  readonly done: boolean;
}

export interface EntrySource {
  /** Undefined at the end. */
  next(): { readonly entry: LedgerEntry | undefined; readonly end: number } | undefined;
}

/** A spool under way, and how many of its lines were damaged so far. */
export interface SpoolState {
  readonly id: string;
  readonly damaged: number;
}

/** @throws what the store says; nothing of the batch is in the store then. */
export function drainBatch(store: OpenStore, source: EntrySource, spool?: SpoolState): DrainedBatch {
  return store.writer.batch(() => {
    const counts = { stored: 0, duplicates: 0, damaged: 0, end: 0, count: 0, done: false };
    const refused: Refused[] = [];
    const until = performance.now() + BATCH_MS;
    do {
      const line = source.next();
      if (line === undefined) {
        counts.done = true;
        break;
      }
      counts.count += 1;
      counts.end = line.end;
      if (line.entry === undefined) {
        counts.damaged += 1;
        continue;
      }
      const result = putOrRefuse(store, line.entry);
      if (result === "stored") counts.stored += 1;
      else if (result === "duplicate") counts.duplicates += 1;
      else refused.push(result);
    } while (performance.now() < until);
    const damaged = counts.damaged + (spool?.damaged ?? 0);
    if (counts.done && spool !== undefined && damaged > 0) putGapOnce(store, damageGap(spool.id, damaged));
    return { ...counts, refused };
  });
}

function putOrRefuse(store: OpenStore, entry: LedgerEntry): AppendResult | Refused {
  try {
    return putEntry(store, entry);
  } catch (error) {
    if (blameFor(error) !== "row") throw error;
    return { ...lossOf(entry), reason: refusalOf(error) };
  }
}

/** Names the error's class alone: messages quote contents. */
export function refusalOf(error: unknown): string {
  return `the store does not take such a row (${error instanceof Error ? error.name : typeof error})`;
}

/** Puts one entry into the store, wherever it comes from. */
export function putEntry(store: OpenStore, entry: LedgerEntry): AppendResult {
  switch (entry.kind) {
    case "execution":
      return store.writer.append(entry.row);
    case "outcome":
      return store.writer.appendOutcome(entry.row);
    case "start":
      return store.writer.appendStart(entry.row);
    case "gap":
      return putGapOnce(store, entry.row);
  }
}

/** Gaps have no ids; one of the same moment and wording is the same one, read from a spool again. */
function putGapOnce({ core, writer }: OpenStore, gap: GapDraft): AppendResult {
  const { at, kind, count, prompt, reason } = gap;
  const body = JSON.stringify([kind, count, prompt, reason]);
  if (core.prepare("SELECT 1 FROM gap WHERE at = ? AND body = ?").get(at, body) !== undefined)
    return "duplicate";
  writer.appendGap(gap);
  return "stored";
}

/** The gap that unreadable lines of a spool leave; the same one each time the spool is read. */
function damageGap(id: string, count: number): GapDraft {
  return {
    at: timeOfId(id),
    kind: "dropped-row",
    count,
    prompt: null,
    reason: `unreadable lines in the spool ${id}`,
  };
}

/** A reader is a source as it stands; a queue in memory becomes one here. */
export function queueSource(queue: readonly LedgerEntry[]): EntrySource {
  let at = 0;
  return {
    next() {
      const entry = queue[at];
      if (entry === undefined) return undefined;
      at += 1;
      return { entry, end: at };
    },
  };
}
