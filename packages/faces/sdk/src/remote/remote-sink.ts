/** The sink of a server: a row goes into a spool on disk at once, and from there to the server in batches. */
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
import {
  lossOf,
  type Refused,
  SegmentedSpool,
  SinkGaps,
  SinkVoice,
  SpoolBacklog,
} from "@colophon/storage/spool";
import { backoff } from "./backoff.ts";
import { holdProcess } from "./hold-process.ts";
import { type LedgerBatch, rememberedBatch, spooledBatch } from "./ledger-batch.ts";
import { LedgerPost } from "./ledger-post.ts";
import type { RemotePace } from "./remote-pace.ts";
import { refusedFor, type ServerCalls } from "./server-calls.ts";
import { SpoolLegacies } from "./spool-legacies.ts";

export interface RemoteSinkParts {
  readonly calls: ServerCalls;
  readonly spoolDir: string;
  /** Further folders whose left rows are for the same project and environment; asked anew from time to time. */
  readonly otherSpoolDirs?: () => readonly string[];
  /** Bytes that all spools of the folder may take together; contents may use half of it. */
  readonly spoolLimit: number;
  readonly durability: "kill" | "power-loss";
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: RandomSource;
  readonly pace: RemotePace;
  readonly onNotice: (message: string) => void;
  /** Entries that memory may hold where there is no spool; 10,000 unless given. */
  readonly memoryLimit?: number;
}

const MEMORY_LIMIT = 10_000;
const BUSY_TRIES = 10;
/** Between two tries while somebody waits for them. */
const URGENT_MS = 100;

export function createRemoteSink(parts: RemoteSinkParts): LedgerSink {
  const sink = new RemoteSink(parts);
  return {
    write: (row: ExecutionDraft) => sink.put({ kind: "execution", row }),
    writeOutcome: (row) => sink.put({ kind: "outcome", row }),
    writeStart: (row) => sink.put({ kind: "start", row }),
    gap: (kind, more) => sink.gap(kind, more),
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

class RemoteSink {
  readonly #parts: RemoteSinkParts;
  readonly #spool: SegmentedSpool;
  readonly #gaps: SinkGaps;
  readonly #backlog: SpoolBacklog;
  readonly #legacies: SpoolLegacies;
  readonly #post: LedgerPost;
  readonly #voice: SinkVoice;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #lookTimer: NodeJS.Timeout | undefined;
  #shipping: Promise<void> | undefined;
  #trouble: Error | undefined;
  #failures = 0;
  #waitUntil = 0;
  /** Until when the server itself asked for a pause. */
  #askedUntil = 0;
  /** Own entries that arrived, and whoever waits for the next of them. */
  #shipped = 0;
  readonly #watching: (() => void)[] = [];
  #wasLegacy = false;
  #saidDropped = false;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RemoteSinkParts) {
    const { spoolDir, ids, durability, clock, spoolLimit: limit, memoryLimit = MEMORY_LIMIT } = parts;
    this.#parts = parts;
    this.#spool = new SegmentedSpool({ spoolDir, ids, limit, durability });
    this.#gaps = new SinkGaps(clock);
    this.#backlog = new SpoolBacklog({ spool: this.#spool, gaps: this.#gaps, memoryLimit });
    this.#legacies = new SpoolLegacies(() => [spoolDir, ...(parts.otherSpoolDirs?.() ?? [])]);
    this.#post = new LedgerPost({ ...parts, client: ids.next() });
    this.#voice = new SinkVoice(parts.onNotice);
    this.#lookLater(parts.pace.gatherMs);
  }

  put(entry: LedgerEntry): WriteReceipt {
    const receipt = this.#keep(entry);
    if (this.#closed) this.#keepForLater();
    else this.#arm(this.#parts.pace.gatherMs);
    return receipt;
  }

  gap(
    kind: GapKind,
    more: { readonly prompt: string | null; readonly count: number; readonly reason: string },
  ): void {
    this.#gaps.add(kind, more);
    if (this.#closed) this.#keepForLater();
    else this.#arm(this.#parts.pace.gatherMs);
  }

  async flush(): Promise<void> {
    const { pace, spoolDir, calls } = this.#parts;
    if (this.#closed || (await this.#settle(pace.flushMs))) return;
    const { spooled, inMemory } = this.#backlog;
    const trouble = this.#trouble;
    throw new HarnessError(
      errorCodeOf(trouble) ?? "store-busy",
      `After ${pace.flushMs} ms ${spooled} rows still wait in the spool ${spoolDir} and ${inMemory} in memory. ${trouble?.message ?? `The server ${calls.place.name} takes them too slowly.`}`,
      { cause: trouble, details: { spooled, inMemory } },
    );
  }

  close(): Promise<void> {
    this.#closing ??= holdProcess(this.#shut());
    return this.#closing;
  }

  #keep(entry: LedgerEntry): WriteReceipt {
    try {
      const receipt = this.#backlog.put(entry);
      if (receipt !== "spooled") this.#sayNoPlace(receipt);
      return receipt;
    } catch (error) {
      // What cannot be written as JSON cannot be kept anywhere.
      const reason = `it is no JSON (${error instanceof Error ? error.name : typeof error})`;
      this.#backlog.drop(entry, reason);
      this.#sayDropped({ ...lossOf(entry), reason });
      return "dropped";
    }
  }

  #arm(delay: number): void {
    const now = performance.now();
    const due = Math.max(now + delay, this.#waitUntil);
    if (due >= this.#due || this.#closed) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      // It was set before a failure asked for a longer pause.
      if (performance.now() < this.#waitUntil) this.#arm(0);
      else void this.#ship();
    }, due - now).unref();
  }

  #lookLater(delay: number): void {
    this.#lookTimer = setTimeout(() => {
      this.#lookLater(this.#parts.pace.adoptMs);
      this.#spool.measure();
      this.#legacies.look();
      if (this.#legacies.pending || this.#backlog.inMemory > 0) this.#arm(0);
    }, delay).unref();
  }

  /** Sends until nothing waits or something fails; whoever comes meanwhile waits for the same. */
  #ship(): Promise<void> {
    this.#shipping ??= this.#shipAll().finally(() => {
      this.#shipping = undefined;
      if (this.#closed) return;
      if (this.#trouble !== undefined) this.#arm(this.#pause());
      else if (this.#backlog.entries > 0 || !this.#gaps.empty) this.#arm(this.#parts.pace.gatherMs);
    });
    return this.#shipping;
  }

  async #shipAll(): Promise<void> {
    try {
      this.#rescue();
      this.#backlog.spoolGaps();
      for (let batch = this.#next(); batch !== undefined && !this.#closed; batch = this.#next()) {
        const { refused } = await this.#post.send(batch.bodies, this.#ending.signal);
        this.#countRefused(refused);
        batch.arrived();
        this.#shipped += batch.own;
        this.#succeeded();
        for (const resume of this.#watching.splice(0)) resume();
      }
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#failed(error as Error);
    }
  }

  #rescue(): void {
    try {
      this.#backlog.rescue();
    } catch {
      // An entry that is no JSON: it is told when it is sent.
    }
  }

  /** What dead processes left takes turns with what comes now. */
  #next(): LedgerBatch | undefined {
    this.#wasLegacy = !this.#wasLegacy;
    if (this.#wasLegacy) {
      const legacy = this.#legacies.next();
      if (legacy !== undefined) return legacy;
    }
    return spooledBatch(this.#spool) ?? rememberedBatch(this.#backlog) ?? this.#legacies.next();
  }

  #succeeded(): void {
    this.#trouble = undefined;
    this.#failures = 0;
    this.#waitUntil = 0;
    const { name } = this.#parts.calls.place;
    this.#voice.over(() => {
      const lost = this.#backlog.takeLost();
      return `The server ${name} takes rows again; ${lost === 0 ? "none was lost" : `${lost} were dropped and are counted in it`}.`;
    });
  }

  #failed(error: Error): void {
    const { pace, random, spoolDir, spoolLimit } = this.#parts;
    this.#trouble = error;
    this.#failures += 1;
    const asked = refusedFor(error);
    this.#askedUntil = performance.now() + asked;
    this.#waitUntil = performance.now() + Math.max(asked, backoff(this.#failures, pace.ship, random));
    // A server that is only busy is nothing to tell a person about.
    if (errorCodeOf(error) === "too-many-requests" && this.#failures < BUSY_TRIES) return;
    this.#voice.trouble(
      "spool",
      () =>
        `${error.message} Until then rows wait in ${spoolDir}, up to ${spoolLimit} bytes, beyond half of them without contents.`,
    );
  }

  #pause(): number {
    return Math.max(0, this.#waitUntil - performance.now());
  }

  #countRefused(refused: readonly Refused[]): void {
    const [first] = refused;
    if (first === undefined) return;
    this.#backlog.countRefused(refused);
    // On disk before the rows are let go of.
    this.#backlog.spoolGaps();
    this.#sayDropped(first);
  }

  #sayDropped({ prompt, reason }: Refused): void {
    if (this.#saidDropped) return;
    this.#saidDropped = true;
    const whose = prompt === null ? "" : ` of "${prompt}"`;
    this.#voice.say(`A record${whose} was dropped and counted: ${reason}.`);
  }

  #sayNoPlace(receipt: "memory" | "dropped"): void {
    const { spoolDir, memoryLimit = MEMORY_LIMIT } = this.#parts;
    const { spoolTrouble = "it takes nothing" } = this.#backlog;
    const rule = "until the server has them, more are dropped and counted.";
    this.#voice.trouble(
      "memory",
      () =>
        `The spool ${spoolDir} takes no rows (${spoolTrouble}): up to ${memoryLimit} are kept in memory ${rule}`,
    );
    if (receipt === "dropped")
      this.#sayDropped({ kind: "dropped-row", prompt: null, reason: "there was no room left" });
  }

  /** True when all that was taken before has arrived. */
  async #settle(timeout: number, isPatient = true): Promise<boolean> {
    const deadline = performance.now() + timeout;
    const goal = this.#shipped + this.#backlog.entries;
    let isFirst = true;
    for (;;) {
      const { entries, inMemory } = this.#backlog;
      if (entries === 0 && this.#gaps.empty) return true;
      if (!isFirst && this.#shipped >= goal && inMemory === 0) return true;
      if (!isFirst && this.#trouble !== undefined) {
        if (!isPatient && inMemory === 0) return false;
        await pauseFor(Math.max(URGENT_MS, Math.min(this.#pause(), deadline - performance.now())));
      }
      isFirst = false;
      if (performance.now() >= deadline) return false;
      if (performance.now() >= this.#askedUntil) await this.#shipWithin(deadline - performance.now());
    }
  }

  /** Until a batch arrived or sending ended. Holds the process for as long as it takes, and no longer. */
  async #shipWithin(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    const arrival = new Promise<void>((resolve) => this.#watching.push(resolve));
    await Promise.race([this.#ship(), arrival, patience]);
    clearTimeout(timer);
  }

  async #shut(): Promise<void> {
    clearTimeout(this.#lookTimer);
    await this.#settle(this.#parts.pace.closeMs, false);
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#shipping;
    this.#legacies.leave();
    this.#rescue();
    const lost = this.#backlog.closeMemory();
    if (lost > 0) this.#voice.say(`${lost} rows were in memory alone when the sink was closed and are lost.`);
    this.#keepForLater();
  }

  /** What did not arrive in time stays on disk, where there is one, for the next process. */
  #keepForLater(): void {
    try {
      this.#backlog.spoolGaps();
      this.#spool.release();
    } catch {
      // A place that went away has been said already; there is none left for its count.
    }
  }
}

function pauseFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
