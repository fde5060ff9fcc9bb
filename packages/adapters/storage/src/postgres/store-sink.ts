/** The runtime's way into a store that answers later: rows wait in memory and are appended in batches, as fast as it takes them. */
import { setTimeout as pause } from "node:timers/promises";
import {
  type Clock,
  errorCodeOf,
  type GapDraft,
  HarnessError,
  type LedgerEntry,
  type LedgerSink,
  type LedgerStore,
  readLedgerEntry,
  type StoreCare,
  type WriteReceipt,
} from "@colophon/kernel";

export interface StoreSinkOptions {
  readonly ledger: LedgerStore;
  readonly care: Pick<StoreCare, "seal">;
  readonly clock: Clock;
  readonly onNotice?: (message: string) => void;
}

/** What waits at most; beyond it rows are dropped and counted, so that memory does not grow. */
const MOST_WAITING = 10_000;
const ENTRIES_AT_ONCE = 1000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
/** How long a sink that closes goes on trying. */
const CLOSE_TRIES = 5;

/** Writes into a store of the caller's, which stays open. */
export function createStoreSink(options: StoreSinkOptions): LedgerSink {
  return new StoreSink(options);
}

class StoreSink implements LedgerSink {
  readonly #options: StoreSinkOptions;
  #waiting: LedgerEntry[] = [];
  #gaps: GapDraft[] = [];
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #told = false;

  constructor(options: StoreSinkOptions) {
    this.#options = options;
  }

  write: LedgerSink["write"] = (row) => this.#take({ kind: "execution", row });
  writeOutcome: LedgerSink["writeOutcome"] = (row) => this.#take({ kind: "outcome", row });
  writeStart: LedgerSink["writeStart"] = (row) => this.#take({ kind: "start", row });

  gap: LedgerSink["gap"] = (kind, { prompt, count, reason }) => {
    this.#gaps.push({ at: this.#options.clock.now(), kind, count, prompt, reason });
    if (this.#closing === undefined) this.#begin();
  };

  async flush(): Promise<void> {
    await this.#draining?.catch(() => undefined);
    try {
      await this.#drain();
    } catch (error) {
      const left = this.#waiting.length + this.#gaps.length;
      throw new HarnessError(
        "store-unavailable",
        `${left} row(s) wait in memory for the store: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (let left = CLOSE_TRIES; ; left--) {
      try {
        await this.flush();
        await this.#options.care.seal();
        return;
      } catch (error) {
        if (left <= 1) {
          this.#options.onNotice?.((error as Error).message);
          return;
        }
        await pause(FIRST_PAUSE_MS);
      }
    }
  }

  #take(entry: LedgerEntry): WriteReceipt {
    const dropped = entry.kind === "outcome" ? "dropped-outcome" : "dropped-row";
    const drop = (reason: string): WriteReceipt => {
      const prompt = "prompt" in entry.row && typeof entry.row.prompt === "string" ? entry.row.prompt : null;
      this.gap(dropped, { prompt, count: 1, reason });
      return "dropped";
    };
    if (this.#closing !== undefined) return drop("the sink was closed");
    if (this.#waiting.length >= MOST_WAITING) return drop("too many rows wait for the store");
    try {
      // A copy that the caller does not hold.
      this.#waiting.push(readLedgerEntry(structuredClone(entry)));
    } catch {
      // The port may not throw: a recorder never harms the call it records.
      return drop("no store could hold it");
    }
    this.#begin();
    return "memory";
  }

  #begin(): void {
    if (this.#draining !== undefined) return;
    this.#draining = this.#drainWithPatience().finally(() => {
      this.#draining = undefined;
    });
    this.#draining.catch(() => undefined);
  }

  async #drainWithPatience(): Promise<void> {
    // What is written in the same turn goes together.
    await pause(0);
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.#drain();
        this.#told = false;
        return;
      } catch (error) {
        if (!this.#told) this.#options.onNotice?.(`${(error as Error).message} Rows wait in memory.`);
        this.#told = true;
        if (this.#closing !== undefined) throw error;
        await pause(wait, undefined, { ref: false });
      }
    }
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const entries = this.#waiting.slice(0, ENTRIES_AT_ONCE);
      await this.#append(entries);
      // Rows are stored once by id, so a batch that failed half-way is sent whole again.
      this.#waiting.splice(0, entries.length);
    }
    const gaps = this.#gaps.splice(0);
    try {
      if (gaps.length > 0) await this.#options.ledger.appendGaps(gaps);
    } catch (error) {
      this.#gaps.unshift(...gaps);
      throw error;
    }
  }

  async #append(entries: readonly LedgerEntry[]): Promise<void> {
    const { ledger } = this.#options;
    const rows = <K extends LedgerEntry["kind"]>(kind: K) =>
      entries.flatMap((entry) =>
        entry.kind === kind ? [entry.row as Extract<LedgerEntry, { readonly kind: K }>["row"]] : [],
      );
    try {
      await ledger.appendStarts(rows("start"));
      await ledger.append(rows("execution"));
      await ledger.appendOutcomes(rows("outcome"));
    } catch (error) {
      if (errorCodeOf(error) !== "input-malformed") throw error;
      // One row that cannot be kept must not hold up the others.
      if (entries.length > 1) for (const entry of entries) await this.#append([entry]);
      else this.gap("dropped-row", { prompt: null, count: 1, reason: "no store could hold it" });
    }
  }
}
