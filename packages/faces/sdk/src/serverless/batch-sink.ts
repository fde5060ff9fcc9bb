/** A sink that collects rows and sends them in batches: for functions and edges, which have no disk of their own. */
import {
  type Clock,
  type GapDraft,
  HarnessError,
  type LedgerEntry,
  type LedgerSink,
  systemClock,
  type WriteReceipt,
} from "@colophon/kernel";
import { keepAwake } from "./keep-awake.ts";

/** What `batchSink` takes; only `send` must be given. */
export interface BatchSinkOptions {
  /**
   * Sends a batch; rejects when it may not have arrived. It is then sent again, whole: whoever takes it
   * in stores each row once, by its id. Entries are plain JSON; `colophon import` reads them one a line.
   */
  readonly send: (entries: readonly LedgerEntry[]) => Promise<unknown>;
  /** Entries of one batch at most; 100 when left out. A full batch is sent at once. */
  readonly maxBatch?: number;
  /** Milliseconds that an entry waits for others; 1,000 when left out. */
  readonly maxWaitMs?: number;
  /** Entries kept while sending fails; 10,000 when left out. What comes beyond is dropped, counted and said. */
  readonly maxKept?: number;
  /** Tries of a batch before `flush` gives up on it for now; 3 when left out. */
  readonly tries?: number;
  /** Keeps the platform from freezing the function while a batch is on its way. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** Told once when sending begins to fail, and what was lost; `console.warn` when left out. */
  readonly onNotice?: (message: string) => void;
  /** Stamps counted gaps; the platform's when left out. */
  readonly clock?: Clock;
}

/** Milliseconds before a batch is tried again, doubled with each try. */
const FIRST_PAUSE_MS = 100;
/** Milliseconds that close() waits for what is left. */
const CLOSE_MS = 5_000;
/** Beyond so many, gaps that wait are counted without their prompt and reason. */
const MOST_GAPS = 500;

/**
 * Collects what a runtime writes and sends it in batches, in order. `await colophon.flush()` before a
 * function returns sends everything; it rejects with `store-unavailable` when a batch did not arrive,
 * and the batch is kept for the next time.
 *
 * @example
 * import { batchSink } from "colophon/serverless";
 *
 * const sink = batchSink({
 *   send: async (entries) => {
 *     const answer = await fetch("https://collector.example/ledger", { method: "POST", body: JSON.stringify(entries) });
 *     if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
 *   },
 * });
 */
export function batchSink(options: BatchSinkOptions): LedgerSink {
  return new BatchSink(options);
}

class BatchSink implements LedgerSink {
  readonly #options: BatchSinkOptions;
  readonly #maxBatch: number;
  readonly #kept: LedgerEntry[] = [];
  /** Gaps by what they say, until a batch takes them along: sums, which take no more room for more of the same. */
  readonly #gaps = new Map<string, Omit<GapDraft, "at">>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #failing = false;
  #closed = false;

  constructor(options: BatchSinkOptions) {
    this.#options = options;
    this.#maxBatch = Math.max(1, options.maxBatch ?? 100);
  }

  write(row: Extract<LedgerEntry, { kind: "execution" }>["row"]): WriteReceipt {
    return this.#take({ kind: "execution", row });
  }

  writeOutcome(row: Extract<LedgerEntry, { kind: "outcome" }>["row"]): WriteReceipt {
    return this.#take({ kind: "outcome", row });
  }

  writeStart(row: Extract<LedgerEntry, { kind: "start" }>["row"]): WriteReceipt {
    return this.#take({ kind: "start", row });
  }

  gap(kind: GapDraft["kind"], more: Omit<GapDraft, "at" | "kind">): void {
    // A gap is counted even where rows no longer fit: it says that they did not.
    this.#count({ kind, ...more });
    this.#later();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      // One that runs already may have begun before the last row came.
      while (this.#waiting > 0) await this.#send();
    } catch (error) {
      this.#later();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.flush().catch(() => undefined), patience]);
    clearTimeout(timer);
    clearTimeout(this.#timer);
    if (this.#waiting > 0)
      this.#say(`${this.#waiting} entries of the ledger could not be sent and are lost.`);
  }

  get #waiting(): number {
    return this.#kept.length + this.#gaps.size;
  }

  #take(entry: LedgerEntry): WriteReceipt {
    if (this.#closed || this.#kept.length >= (this.#options.maxKept ?? 10_000)) {
      const lost = {
        kind: "dropped-row",
        prompt: null,
        count: 1,
        reason: "the collector took nothing",
      } as const;
      if (this.#count(lost) === 1)
        this.#say("the ledger's collector takes nothing, so rows are dropped and counted.");
      return "dropped";
    }
    this.#kept.push(entry);
    if (this.#kept.length >= this.#maxBatch && !this.#failing) this.#background();
    else this.#later();
    return "memory";
  }

  #later(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#background();
    }, this.#options.maxWaitMs ?? 1_000);
    // A process that has nothing else to do ends; it flushes before, or loses nothing but memory.
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }

  #background(): void {
    // Who sends already goes on until nothing is left.
    if (this.#sending !== undefined) return;
    const work = this.flush().catch(() => undefined);
    keepAwake(work, this.#options.waitUntil);
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    if (this.#kept.length < this.#maxBatch) this.#keepGaps();
    const batch = this.#kept.slice(0, this.#maxBatch);
    const tries = Math.max(1, this.#options.tries ?? 3);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#options.send(batch);
        this.#kept.splice(0, batch.length);
        this.#failing = false;
        return;
      } catch (cause) {
        if (attempt < tries) {
          await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
          continue;
        }
        throw this.#failed(cause);
      }
    }
  }

  /** @returns how many there are of it now. */
  #count(gap: Omit<GapDraft, "at">): number {
    const name = gapName(gap);
    const isCrowded = this.#gaps.size >= MOST_GAPS && !this.#gaps.has(name);
    const said = isCrowded ? { ...gap, prompt: null, reason: "various" } : gap;
    const key = isCrowded ? gapName(said) : name;
    const count = said.count + (this.#gaps.get(key)?.count ?? 0);
    this.#gaps.set(key, { ...said, count });
    return count;
  }

  /** Only behind the last rows, so that batches that fail over and over do not pile gaps up. */
  #keepGaps(): void {
    const at = this.#now();
    for (const gap of this.#gaps.values()) this.#kept.push({ kind: "gap", row: { at, ...gap } });
    this.#gaps.clear();
  }

  #failed(cause: unknown): HarnessError {
    const message = cause instanceof Error ? cause.message : String(cause);
    const sentence = `${this.#waiting} entries of the ledger wait for their collector: ${message}; they are kept and sent again.`;
    if (!this.#failing) this.#say(sentence);
    this.#failing = true;
    return new HarnessError("store-unavailable", sentence, { cause });
  }

  #now(): number {
    return (this.#options.clock ?? systemClock).now();
  }

  #say(message: string): void {
    (this.#options.onNotice ?? ((text) => console.warn(`colophon: ${text}`)))(message);
  }
}

function gapName({ kind, prompt, reason }: Omit<GapDraft, "at">): string {
  return JSON.stringify([kind, prompt, reason]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
