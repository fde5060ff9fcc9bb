/** The embedded sink: a row goes into the store, else into a spool on disk, else into memory; it never waits long. */
import {
  type Clock,
  type ExecutionDraft,
  errorCodeOf,
  type GapKind,
  HarnessError,
  type IdSource,
  type LedgerEntry,
  type LedgerSink,
  type RandomSource,
  type WriteReceipt,
} from "@colophon/kernel";
import { OwnSpool } from "../spool/own-spool.ts";
import { lossOf } from "../spool/spool-entry.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { SinkAdoption } from "./sink-adoption.ts";
import { SinkBacklog } from "./sink-backlog.ts";
import { putEntry, refusalOf } from "./sink-drain.ts";
import { type GapFacts, SinkGaps } from "./sink-gaps.ts";
import { type OpenStore, SinkStore } from "./sink-store.ts";
import { SinkUpkeep } from "./sink-upkeep.ts";
import { SinkVoice } from "./sink-voice.ts";
import type { SqliteCore } from "./sqlite-core.ts";

export interface SqliteSinkOptions {
  readonly file: string;
  /** Where rows wait that the store cannot take. */
  readonly spoolDir: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random?: RandomSource;
  /** Told in one sentence or two when a trouble begins, when it gets worse, and when it is over. */
  readonly onNotice: (message: string) => void;
  /** `kill` survives the end of the process, `power-loss` that of the machine, at the price of an fsync per row. */
  readonly durability?: "kill" | "power-loss";
  /** Bytes the spool may take, 64 MiB unless given. Contents may use half of it: they are dropped before any row is. */
  readonly spoolLimit?: number;
  /** Entries that memory may hold where there is no spool either; 10,000 unless given. */
  readonly memoryLimit?: number;
  /** Milliseconds one statement may wait for another process's lock: at most 10, 4 unless given. */
  readonly busyTimeout?: number;
  /** Milliseconds that `flush` may take; 5,000 unless given. */
  readonly flushTimeout?: number;
  /** Opens the store; openSqliteCore unless given. */
  readonly openCore?: () => SqliteCore;
}

const SPOOL_LIMIT = 64 * 1024 * 1024;
const MEMORY_LIMIT = 10_000;
const BUSY_TIMEOUT_MS = 4;
const LONGEST_BUSY_TIMEOUT_MS = 10;
const FLUSH_TIMEOUT_MS = 5000;
const CLOSE_TIMEOUT_MS = 1000;
/** A write slower than this has waited for somebody. */
const SLOW_MS = 2;
/** What such waits may add up to in one turn of the event loop; further rows meet a lock without waiting. */
const WAITED_LIMIT_MS = 8;
const FIRST_LOOK_MS = 50;
const UPKEEP_MS = 1000;
const GAPS_MS = 3000;
const SPOOLED_GAPS_MS = 30_000;
/** Between two batches of a drain the application has the event loop for itself. */
const BREATH_MS = 4;
/** A lock is nothing to tell a person about, unless it stays. */
const LONG_LOCK_MS = 10_000;
const RETRY_MS = 15;

export function createSqliteSink(options: SqliteSinkOptions): LedgerSink {
  const sink = new SqliteSink(options);
  return {
    write: (row) => sink.write(row),
    writeOutcome: (row) => sink.put({ kind: "outcome", row }),
    writeStart: (row) => sink.put({ kind: "start", row }),
    gap: (kind, more) => sink.gap(kind, more),
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

class SqliteSink {
  readonly #options: SqliteSinkOptions;
  readonly #store: SinkStore;
  readonly #spool: OwnSpool;
  readonly #gaps: SinkGaps;
  readonly #backlog: SinkBacklog;
  readonly #adoption: SinkAdoption;
  readonly #upkeep: SinkUpkeep;
  readonly #voice: SinkVoice;
  /** The store to which the first row has gone; before it, several statements may each meet a lock. */
  #warm: OpenStore | undefined;
  #waited = 0;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #gapsDue = 0;
  #looked = false;
  #refused = false;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(options: SqliteSinkOptions) {
    const {
      file,
      spoolDir,
      clock,
      ids,
      durability = "kill",
      spoolLimit = SPOOL_LIMIT,
      memoryLimit = MEMORY_LIMIT,
    } = options;
    this.#options = options;
    this.#store = new SinkStore(file, options.openCore ?? (() => openCore(options)));
    this.#gaps = new SinkGaps(clock);
    this.#spool = new OwnSpool({ spoolDir, ids, limit: spoolLimit, durability });
    this.#backlog = new SinkBacklog({ spool: this.#spool, gaps: this.#gaps, memoryLimit });
    this.#adoption = new SinkAdoption(spoolDir);
    this.#upkeep = new SinkUpkeep({ file, store: this.#store, adoption: this.#adoption });
    this.#voice = new SinkVoice(options.onNotice);
    this.#arm(FIRST_LOOK_MS);
  }

  write(row: ExecutionDraft): WriteReceipt {
    return this.#take(row, undefined);
  }

  put(entry: LedgerEntry): WriteReceipt {
    return this.#take(undefined, entry);
  }

  gap(kind: GapKind, more: GapFacts): void {
    this.#gaps.add(kind, more);
    if (this.#closed) this.#keepForLater();
    else this.#arm(GAPS_MS);
  }

  async flush(): Promise<void> {
    const { flushTimeout = FLUSH_TIMEOUT_MS, spoolDir } = this.#options;
    if (this.#closed || (await this.#settle(flushTimeout))) return;
    const { spooled, inMemory } = this.#backlog;
    const trouble = this.#store.trouble;
    throw new HarnessError(
      errorCodeOf(trouble) ?? "store-busy",
      `After ${flushTimeout} ms ${spooled} rows still wait in the spool ${spoolDir} and ${inMemory} in memory. ${trouble?.message ?? "The store was busy."}`,
      { cause: trouble, details: { spooled, inMemory } },
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  /** One row, as it is for the hot path or as an entry. */
  #take(row: ExecutionDraft | undefined, entry: LedgerEntry | undefined): WriteReceipt {
    const store = this.#closed ? undefined : this.#store.ready();
    const waiting = (): LedgerEntry => entry ?? { kind: "execution", row: row as ExecutionDraft };
    if (store === undefined) return this.#keep(waiting());
    const began = performance.now();
    try {
      if (this.#warm !== store) this.#first(store, waiting());
      else if (row === undefined) putEntry(store, waiting());
      else store.writer.append(row);
    } catch (error) {
      if (this.#store.failed(error) !== "row") return this.#keep(waiting());
      return this.#refuse(waiting(), error);
    }
    this.#store.succeeded();
    const took = performance.now() - began;
    if (took > SLOW_MS) this.#countWait(took);
    if (this.#due > began + UPKEEP_MS) this.#arm(UPKEEP_MS);
    return "stored";
  }

  #first(store: OpenStore, entry: LedgerEntry): void {
    this.#upkeep.opened(store);
    store.writer.batch(() => putEntry(store, entry));
    this.#warm = store;
  }

  #countWait(ms: number): void {
    if (this.#waited === 0) setImmediate(() => this.#newTurn()).unref();
    const before = this.#waited;
    this.#waited += ms;
    if (before <= WAITED_LIMIT_MS && this.#waited > WAITED_LIMIT_MS) this.#store.setPatience(0);
  }

  #newTurn(): void {
    const wasImpatient = this.#waited > WAITED_LIMIT_MS;
    this.#waited = 0;
    if (wasImpatient && !this.#closed) this.#store.setPatience(patienceOf(this.#options));
  }

  #refuse(entry: LedgerEntry, error: unknown): "dropped" {
    this.#backlog.drop(entry, refusalOf(error));
    this.#arm(GAPS_MS);
    if (this.#refused) return "dropped";
    this.#refused = true;
    const { prompt } = lossOf(entry);
    this.#voice.say(
      `A record${prompt === null ? "" : ` of "${prompt}"`} was dropped and counted: ${refusalOf(error)}.`,
    );
    return "dropped";
  }

  #keep(entry: LedgerEntry): WriteReceipt {
    let receipt: WriteReceipt;
    try {
      receipt = this.#backlog.put(entry);
    } catch (error) {
      // What cannot be written as JSON cannot be kept anywhere.
      return this.#refuse(entry, error);
    }
    if (receipt === "spooled") this.#sayStoreTrouble();
    else this.#sayNoPlace();
    if (this.#closed) this.#keepForLater();
    else this.#arm(Math.max(1, this.#store.pause));
    return receipt;
  }

  #sayStoreTrouble(): void {
    const { trouble, troubledFor } = this.#store;
    if (trouble === undefined || (errorCodeOf(trouble) === "store-busy" && troubledFor < LONG_LOCK_MS))
      return;
    const { spoolDir, spoolLimit = SPOOL_LIMIT } = this.#options;
    this.#voice.trouble(
      "spool",
      () => `${trouble.message} Until then rows wait in ${spoolDir}, up to ${spoolLimit} bytes.`,
    );
  }

  #sayNoPlace(): void {
    const { file, spoolDir, memoryLimit = MEMORY_LIMIT } = this.#options;
    const { spoolTrouble } = this.#backlog;
    this.#voice.trouble(
      "memory",
      () =>
        `${this.#store.trouble?.message ?? `The store ${file} is closed.`} The spool ${spoolDir} takes nothing either (${spoolTrouble}): up to ${memoryLimit} rows are kept in memory, more are dropped and counted.`,
    );
  }

  #sayOver(): void {
    const lost = this.#backlog.takeLost();
    this.#voice.over(
      () =>
        `The store ${this.#options.file} takes rows again; ${lost === 0 ? "none was lost" : `${lost} were dropped and are counted in it`}.`,
    );
  }

  #arm(delay: number): void {
    const due = performance.now() + delay;
    if (due >= this.#due || this.#closed) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#tick(), delay);
    this.#timer.unref();
  }

  #tick(): void {
    this.#timer = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    if (this.#closed) return;
    try {
      if (!this.#looked) this.#adoption.look();
      this.#looked = true;
      this.#attempt(this.#store.pause > 0 ? undefined : this.#reachIfNeeded());
    } catch {
      // A folder or file that went away meanwhile is found out by the next row that needs it.
    }
    this.#armNext();
  }

  #reachIfNeeded(): OpenStore | undefined {
    const needed = this.#backlog.entries > 0 || this.#adoption.pending || this.#gapsAreDue();
    return needed ? this.#store.reach() : this.#store.held;
  }

  /** One bounded piece of the work that waits; the event loop turns before the next. */
  #attempt(store: OpenStore | undefined): void {
    if (store === undefined) {
      this.#backlog.rescue();
      if (this.#gapsAreDue()) this.#spoolGaps();
      return;
    }
    try {
      if (this.#backlog.entries > 0) this.#backlog.step(store);
      else if (this.#adoption.pending) this.#countRefused(store);
      else if (this.#gapsAreDue()) this.#writeGaps(store);
      else this.#upkeep.step(store);
      this.#store.succeeded();
      if (this.#backlog.entries === 0) this.#sayOver();
    } catch (error) {
      this.#store.failed(error);
    }
  }

  #countRefused(store: OpenStore): void {
    for (const { kind, prompt, reason } of this.#adoption.step(store))
      this.#gaps.add(kind, { prompt, count: 1, reason });
  }

  #spoolGaps(): void {
    this.#backlog.spoolGaps();
    this.#gapsDue = performance.now() + SPOOLED_GAPS_MS;
  }

  #gapsAreDue(): boolean {
    return !this.#gaps.empty && performance.now() >= this.#gapsDue;
  }

  #writeGaps(store: OpenStore): void {
    this.#gaps.writeTo(store.writer);
    this.#gapsDue = performance.now() + GAPS_MS;
  }

  #armNext(): void {
    if (this.#backlog.entries > 0 || this.#adoption.pending)
      this.#arm(Math.max(BREATH_MS, this.#store.pause));
    if (!this.#gaps.empty) this.#arm(Math.max(1, this.#store.pause, this.#gapsDue - performance.now()));
    const upkeep = this.#upkeep.nextIn(this.#store.held);
    if (upkeep !== undefined) this.#arm(upkeep);
  }

  async #settle(timeout: number): Promise<boolean> {
    const deadline = performance.now() + timeout;
    this.#gapsDue = 0;
    for (;;) {
      if (this.#backlog.entries === 0 && this.#gaps.empty) return true;
      this.#gapsDue = 0;
      this.#attempt(this.#store.reach());
      if (this.#backlog.entries === 0 && this.#gaps.empty) return true;
      if (performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, this.#store.trouble === undefined ? 0 : RETRY_MS));
    }
  }

  async #shut(): Promise<void> {
    const deadline = performance.now() + CLOSE_TIMEOUT_MS;
    const settled = await this.#settle(CLOSE_TIMEOUT_MS);
    if (settled) await this.#adoptUntil(deadline);
    await this.#upkeep.foldRest(this.#store.held);
    const store = this.#store.held;
    try {
      if (store !== undefined && store.writer.unsealed > 0) store.writer.seal();
    } catch (error) {
      this.#store.failed(error);
    }
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#adoption.leave();
    this.#backlog.rescue();
    const lost = this.#backlog.closeMemory();
    if (lost > 0) this.#voice.say(`${lost} rows were in memory alone when the sink was closed and are lost.`);
    this.#keepForLater();
    await this.#upkeep.finished();
    this.#store.close();
  }

  async #adoptUntil(deadline: number): Promise<void> {
    this.#adoption.look();
    while (this.#adoption.pending && performance.now() < deadline) {
      this.#attempt(this.#store.reach());
      await new Promise((resolve) => setTimeout(resolve, this.#store.trouble === undefined ? 0 : RETRY_MS));
    }
  }

  /** What the store did not take in time stays on disk, where there is one, for the next process. */
  #keepForLater(): void {
    try {
      this.#backlog.spoolGaps();
      this.#spool.release();
    } catch {
      // A place that went away has been said already; there is none left for its count.
    }
  }
}

function patienceOf({ busyTimeout = BUSY_TIMEOUT_MS }: SqliteSinkOptions): number {
  return Math.min(busyTimeout, LONGEST_BUSY_TIMEOUT_MS);
}

function openCore(options: SqliteSinkOptions): SqliteCore {
  const { file, clock, ids, random, durability = "kill" } = options;
  const wait = patienceOf(options);
  return openSqliteCore({
    file,
    mode: "create",
    clock,
    ids,
    ...(random === undefined ? undefined : { random }),
    busyTimeout: wait,
    openTimeout: wait,
    durability,
  });
}
