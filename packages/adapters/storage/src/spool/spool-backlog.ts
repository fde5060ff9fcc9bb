/** Entries on their way to the store: in the spool while there is room, then in memory, then dropped and counted. */
import type { LedgerEntry, WriteReceipt } from "@colophon/kernel";
import type { SinkGaps } from "../sqlite/sink-gaps.ts";
import type { SpoolResult } from "./own-spool.ts";
import { lossOf, type Refused, withoutContents } from "./spool-entry.ts";

export interface SpoolBacklogOptions {
  readonly spool: Appendable;
  readonly gaps: SinkGaps;
  /** Entries that memory may hold where there is no spool. */
  readonly memoryLimit: number;
}

/** A spool, as far as entries come into it. */
interface Appendable {
  readonly entries: number;
  append(entry: LedgerEntry): SpoolResult;
}

/** Contents that memory may hold, in characters; beyond it entries lose theirs. */
const MEMORY_CONTENT_LIMIT = 8 * 1024 * 1024;
/** A spool that failed is left alone for a moment: a row should not pay for each attempt. */
const SPOOL_PAUSE_MS = 1000;

export class SpoolBacklog {
  readonly #spool: Appendable;
  readonly #gaps: SinkGaps;
  #memoryLimit: number;
  #memory: LedgerEntry[] = [];
  #memoryContents = 0;
  #spoolTrouble: string | undefined;
  #spoolPausedUntil = 0;
  #lost = 0;

  constructor({ spool, gaps, memoryLimit }: SpoolBacklogOptions) {
    this.#spool = spool;
    this.#gaps = gaps;
    this.#memoryLimit = memoryLimit;
  }

  get spooled(): number {
    return this.#spool.entries;
  }

  get inMemory(): number {
    return this.#memory.length;
  }

  /** What waits in memory, oldest first. */
  get memory(): readonly LedgerEntry[] {
    return this.#memory;
  }

  get entries(): number {
    return this.#spool.entries + this.#memory.length;
  }

  /** Why the spool took nothing the last time; undefined while it does. */
  get spoolTrouble(): string | undefined {
    return this.#spoolTrouble;
  }

  put(entry: LedgerEntry): Exclude<WriteReceipt, "stored"> {
    if (this.#putInSpool(entry)) return "spooled";
    if (this.#memory.length < this.#memoryLimit) {
      this.#remember(entry);
      return "memory";
    }
    this.drop(entry, "neither store nor spool nor memory had room");
    return "dropped";
  }

  drop(entry: LedgerEntry, reason: string): void {
    const { kind, prompt } = lossOf(entry);
    this.#lost += 1;
    this.#gaps.add(kind, { prompt, count: entry.kind === "gap" ? entry.row.count : 1, reason });
  }

  /** Entries dropped since this was last asked. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Moves what is in memory to the spool, as far as that takes it. */
  rescue(): void {
    if (performance.now() < this.#spoolPausedUntil) return;
    let moved = 0;
    for (const entry of this.#memory) {
      if (!this.#putInSpool(entry)) break;
      moved += 1;
    }
    this.forget(moved);
  }

  /** Nothing will come back for what is in memory: from now on it takes nothing. Returns how much is lost so. */
  closeMemory(): number {
    const lost = this.#memory.length;
    this.#memory = [];
    this.#memoryLimit = 0;
    return lost;
  }

  /** Keeps counted gaps on disk, so that they survive the process; those that found no place are counted on. */
  spoolGaps(): void {
    for (const row of this.#gaps.take()) {
      if (!this.#putInSpool({ kind: "gap", row })) this.#gaps.add(row.kind, row);
    }
  }

  /** The first entries of memory have found their place. */
  forget(count: number): void {
    for (const entry of this.#memory.splice(0, count)) this.#memoryContents -= contentSize(entry);
  }

  /** Counts entries that the store refused. */
  countRefused(refused: readonly Refused[]): void {
    this.#lost += refused.length;
    for (const { kind, prompt, reason } of refused) this.#gaps.add(kind, { prompt, count: 1, reason });
  }

  #putInSpool(entry: LedgerEntry): boolean {
    if (this.#spoolTrouble !== undefined && performance.now() < this.#spoolPausedUntil) return false;
    try {
      const result = this.#spool.append(entry);
      if (result === "trimmed") this.#trimmed(entry, "the spool was more than half full");
      this.#spoolTrouble = result === "full" ? "it is full" : undefined;
      return result !== "full";
    } catch (error) {
      if (isEntrysOwn(error)) throw error;
      this.#spoolTrouble = reasonOf(error);
      this.#spoolPausedUntil = performance.now() + SPOOL_PAUSE_MS;
      return false;
    }
  }

  #remember(entry: LedgerEntry): void {
    const size = contentSize(entry);
    if (size > 0 && this.#memoryContents + size > MEMORY_CONTENT_LIMIT) {
      this.#memory.push(withoutContents(entry) as LedgerEntry);
      this.#trimmed(entry, "memory held too many contents");
      return;
    }
    this.#memoryContents += size;
    this.#memory.push(entry);
  }

  #trimmed(entry: LedgerEntry, reason: string): void {
    this.#gaps.add("dropped-contents", { prompt: lossOf(entry).prompt, count: 1, reason });
  }
}

function contentSize(entry: LedgerEntry): number {
  if (entry.kind !== "execution" || entry.row.contents === null) return 0;
  const { variables, output } = entry.row.contents;
  return (variables?.length ?? 0) + (output?.length ?? 0);
}

/** JSON's own refusal (a cycle, a bigint): no other place takes such an entry either. */
function isEntrysOwn(error: unknown): boolean {
  return error instanceof TypeError && !("code" in error);
}

function reasonOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
