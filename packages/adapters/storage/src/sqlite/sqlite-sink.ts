/** The embedded sink: a row goes into the store, else into a spool on disk, else into memory; the event loop is never held. */
import {
  type Clock,
  createIdSource,
  type GapKind,
  HarnessError,
  type IdSource,
  type LedgerSink,
  type RandomSource,
  systemRandom,
  type WriteReceipt,
} from "@colophon/kernel";
import type { SpoolItem } from "../spool/spool-frame.ts";
import { spoolDirOf } from "../spool/spool-name.ts";
import { createWaitingRows, droppedKind, promptOf } from "../spool/waiting-rows.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { createGapCounter } from "./gap-counter.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { SqliteCoreOptions } from "./open-sqlite-core.ts";
import { createStoreLink } from "./store-link.ts";

export interface SqliteSinkOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly ids?: IdSource;
  readonly random?: RandomSource;
  /** Where rows wait that the store cannot take; beside the store unless given. */
  readonly spoolDir?: string;
  /** Told in one sentence, once per incident, what a person should know. */
  readonly onNotice?: (message: string) => void;
  readonly durability?: SqliteCoreOptions["durability"];
  /** False leaves a missing store missing. */
  readonly create?: boolean;
  readonly spoolBytes?: number;
  readonly memoryRows?: number;
}

const SPOOL_BYTES = 64 * 1024 * 1024;
const MEMORY_ROWS = 2000;
/** Longest wait of one statement for another process's lock, and what waits may add up to in one tick. */
const BUSY_TIMEOUT_MS = 8;
/** A write slower than this has waited for somebody. */
const WAITED_MS = 2;
const TICK_MS = 50;
/** Of a tick, what draining may take from the event loop. */
const DRAIN_MS = 8;
const DRAIN_ROWS = 50;
const SEAL_ROWS = 4096;
const SEAL_MS = 60_000;
const HOUSEKEEPING_MS = 1000;
const ADOPT_MS = 30_000;
const FLUSH_MS = 5000;
const CLOSE_MS = 2000;

export function createSqliteSink(options: SqliteSinkOptions): LedgerSink {
  const { file, clock, random = systemRandom } = options;
  const ids = options.ids ?? createIdSource({ clock, random });
  const say = createNotices(options.onNotice ?? (() => {}));
  const gaps = createGapCounter(clock);
  const checkpointer = createCheckpointer(file);
  const waiting = createWaitingRows({
    folder: options.spoolDir ?? spoolDirOf(file),
    nextId: () => ids.next(),
    spoolBytes: options.spoolBytes ?? SPOOL_BYTES,
    memoryRows: options.memoryRows ?? MEMORY_ROWS,
    onDropped: (gap) => dropped(gap),
  });
  let timer: NodeJS.Timeout | undefined;
  let waited = 0;
  let sealedAt = performance.now();
  let keptHouseAt = 0;
  let adoptedAt = 0;
  let closed = false;

  const link = createStoreLink(
    {
      file,
      mode: options.create === false ? "write" : "create",
      clock,
      ids,
      random,
      busyTimeout: BUSY_TIMEOUT_MS,
      ...(options.durability === undefined ? undefined : { durability: options.durability }),
    },
    { opened: () => queueMicrotask(opened), retried: () => tick() },
  );

  function opened(): void {
    if (closed) return;
    adoptedAt = performance.now();
    waiting.adopt();
    wake();
  }

  function dropped({ kind, prompt, reason }: { kind: GapKind; prompt: string | null; reason: string }): void {
    gaps.add(kind, { prompt, count: 1, reason });
    say(kind, `Some of what was recorded is lost (${kind}): ${reason}; \`colophon doctor\` has the counts.`);
  }

  function wake(): void {
    if (timer !== undefined || closed) return;
    timer = setInterval(tick, TICK_MS);
    timer.unref();
  }

  /** Waits add up over the rows of one turn of the event loop; beyond the limit rows take the spool. */
  function countWait(ms: number): void {
    if (ms < WAITED_MS) return;
    if (waited === 0) setImmediate(() => (waited = 0)).unref();
    waited += ms;
  }

  function put(item: SpoolItem): WriteReceipt {
    if (closed) {
      dropped({ kind: droppedKind(item), prompt: promptOf(item), reason: "the sink was closed" });
      return "dropped";
    }
    wake();
    const writer = waited < BUSY_TIMEOUT_MS ? link.writer : undefined;
    if (writer !== undefined) {
      const began = performance.now();
      try {
        appendItem(writer, item);
        countWait(performance.now() - began);
        return "stored";
      } catch (error) {
        countWait(performance.now() - began);
        if (!link.failed(error)) return refuse(item, error);
      }
    }
    return putAside(item);
  }

  function refuse(item: SpoolItem, error: unknown): "dropped" {
    const reason = `the row cannot be stored (${(error as Error).message})`;
    dropped({ kind: droppedKind(item), prompt: promptOf(item), reason });
    return "dropped";
  }

  function putAside(item: SpoolItem): WriteReceipt {
    const receipt = waiting.put(item);
    const why = link.trouble?.message ?? "";
    if (receipt === "memory") {
      say("memory", `${why} The spool cannot be written either (${waiting.spoolTrouble?.message ?? "it is full"}): rows stay in memory and are lost when the process ends.`);
    } else if (receipt === "spooled" && link.trouble !== undefined && !isBusy(link.trouble)) {
      say("spool", `${why} Until then rows wait in ${options.spoolDir ?? spoolDirOf(file)}.`);
    }
    return receipt;
  }

  /** Puts a group into the store in one transaction; a row that no store would take is dropped alone. */
  function storeItems(items: readonly SpoolItem[]): boolean {
    const { writer } = link;
    if (writer === undefined) return false;
    try {
      writer.batch(() => items.forEach((item) => appendItem(writer, item)));
      return true;
    } catch (error) {
      if (link.failed(error)) return false;
    }
    return items.every((item) => {
      try {
        appendItem(writer, item);
        return true;
      } catch (error) {
        if (link.failed(error)) return false;
        refuse(item, error);
        return true;
      }
    });
  }

  function drain(): void {
    const until = performance.now() + DRAIN_MS;
    while (performance.now() < until && waiting.drainGroup(DRAIN_ROWS, storeItems));
    const { writer } = link;
    if (writer === undefined || gaps.empty) return;
    try {
      writer.batch(() => gaps.list().forEach((gap) => writer.appendGap(gap)));
      gaps.clear();
    } catch (error) {
      link.failed(error);
    }
  }

  function seal(atOnce: boolean): void {
    const { writer } = link;
    if (writer === undefined || writer.unsealed === 0) return;
    const now = performance.now();
    if (!atOnce && writer.unsealed < SEAL_ROWS && now - sealedAt < SEAL_MS) return;
    try {
      writer.seal();
      sealedAt = now;
    } catch (error) {
      link.failed(error);
    }
  }

  function isIdle(): boolean {
    return waiting.bytes === 0 && waiting.inMemory === 0 && gaps.empty && (link.writer?.unsealed ?? 0) === 0;
  }

  function tick(): void {
    if (closed) return;
    drain();
    seal(false);
    const now = performance.now();
    if (now - keptHouseAt > HOUSEKEEPING_MS) {
      keptHouseAt = now;
      keepHouse(now);
    }
    if (isIdle()) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function keepHouse(now: number): void {
    link.checkFile();
    if (link.trouble === undefined && waiting.bytes === 0) say.recovered();
    checkpointer.nudge();
    try {
      if (now - adoptedAt > ADOPT_MS) opened();
      waiting.touch();
    } catch {
      // A spool folder that vanished is found out by the next row that needs it.
    }
  }

  async function settle(ms: number): Promise<boolean> {
    const until = performance.now() + ms;
    for (;;) {
      drain();
      if (waiting.bytes === 0 && waiting.inMemory === 0 && gaps.empty) return true;
      if (performance.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, link.writer === undefined ? 10 : 0));
    }
  }

  return {
    write: (row) => put({ kind: "execution", row }),
    writeOutcome: (row) => put({ kind: "outcome", row }),
    writeStart: (row) => put({ kind: "start", row }),
    gap(kind, more) {
      gaps.add(kind, more);
      wake();
    },
    async flush() {
      if (closed || (await settle(FLUSH_MS))) return;
      throw new HarnessError(
        "store-unavailable",
        `Not everything reached the store ${file}: ${waiting.bytes} bytes wait in the spool, ${waiting.inMemory} rows in memory. ${link.trouble?.message ?? ""}`,
        { cause: link.trouble },
      );
    },
    async close() {
      if (closed) return;
      const settled = await settle(CLOSE_MS);
      seal(true);
      closed = true;
      clearInterval(timer);
      if (!settled) keepForLater();
      waiting.close();
      await checkpointer.close();
      link.close();
    },
  };

  /** What the store did not take in time stays on disk, where there is one, for the next process. */
  function keepForLater(): void {
    for (const row of gaps.list()) waiting.put({ kind: "gap", row });
    if (waiting.inMemory > 0) {
      say("lost", `${waiting.inMemory} rows were in memory when the process ended and are lost.`);
    }
  }
}

function appendItem(writer: LedgerWriter, item: SpoolItem): void {
  switch (item.kind) {
    case "execution":
      writer.append(item.row);
      return;
    case "outcome":
      writer.appendOutcome(item.row);
      return;
    case "start":
      writer.appendStart(item.row);
      return;
    case "gap":
      writer.appendGap(item.row);
  }
}

function isBusy(trouble: Error): boolean {
  return "code" in trouble && trouble.code === "store-busy";
}

interface Notices {
  (incident: string, message: string): void;
  recovered(): void;
}

/** Says each kind of incident once until it is over. */
function createNotices(tell: (message: string) => void): Notices {
  const said = new Set<string>();
  const say = (incident: string, message: string): void => {
    if (said.has(incident)) return;
    said.add(incident);
    tell(message);
  };
  return Object.assign(say, { recovered: () => said.clear() });
}
