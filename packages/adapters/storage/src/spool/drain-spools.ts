/** Brings what killed processes left in their spools into the store, for a command that wants all of it there. */
import { type Clock, type IdSource, type RandomSource, systemClock } from "@colophon/kernel";
import { foldLedger, LAST_FOLD_MS } from "../sqlite/fold-ledger.ts";
import { openSqliteCore } from "../sqlite/open-sqlite-core.ts";
import { type AdoptionCounts, SinkAdoption } from "../sqlite/sink-adoption.ts";
import { SinkGaps } from "../sqlite/sink-gaps.ts";
import { SinkStore } from "../sqlite/sink-store.ts";
import { type SpoolFile, spoolFiles } from "./spool-files.ts";

export interface DrainSpoolsOptions {
  readonly file: string;
  readonly spoolDir: string;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly random?: RandomSource;
  /** Milliseconds it may take in all; 5,000 unless given. */
  readonly timeout?: number;
}

export interface DrainSpoolsReport extends AdoptionCounts {
  /** Spools that still hold something: of living processes, or beyond the time. */
  readonly left: readonly SpoolFile[];
  /** Why the store took nothing, where it did not. */
  readonly trouble: Error | undefined;
}

const TIMEOUT_MS = 5000;
const RETRY_MS = 15;
const BUSY_TIMEOUT_MS = 4;

/** Never throws; opens the store only where something is left. */
export async function drainSpools(options: DrainSpoolsOptions): Promise<DrainSpoolsReport> {
  const { spoolDir, timeout = TIMEOUT_MS } = options;
  const store = new SinkStore(options.file, () => openStore(options));
  const adoption = new SinkAdoption(spoolDir);
  const deadline = performance.now() + timeout;
  adoption.look();
  while (adoption.pending && performance.now() < deadline) {
    try {
      const open = store.reach();
      if (open !== undefined) {
        adoption.step(open);
        store.succeeded();
      }
    } catch (error) {
      store.failed(error);
    }
    if (!adoption.pending) adoption.look();
    await new Promise((resolve) => setTimeout(resolve, store.trouble === undefined ? 0 : RETRY_MS));
  }
  adoption.leave();
  await finish(store, adoption.counts, options.clock ?? systemClock);
  store.close();
  const left = spoolFiles(spoolDir).filter(({ bytes }) => bytes > 0);
  return { ...adoption.counts, left, trouble: store.trouble };
}

function openStore({ file, clock = systemClock, ids, random }: DrainSpoolsOptions) {
  return openSqliteCore({
    file,
    mode: "create",
    clock,
    ...(ids === undefined ? undefined : { ids }),
    ...(random === undefined ? undefined : { random }),
    busyTimeout: BUSY_TIMEOUT_MS,
    openTimeout: BUSY_TIMEOUT_MS,
  });
}

/** Counts what no store would take, seals and folds; rows stand without either as well, the next one covers them. */
async function finish(store: SinkStore, { refused }: AdoptionCounts, clock: Clock): Promise<void> {
  const open = store.held;
  if (open === undefined) return;
  const gaps = new SinkGaps(clock);
  for (const { kind, prompt, reason } of refused) gaps.add(kind, { prompt, count: 1, reason });
  try {
    if (!gaps.empty) gaps.writeTo(open.writer);
    if (open.writer.unsealed === 0) return;
    open.writer.seal();
    await foldLedger(open.core, { busyTotal: 0, limit: LAST_FOLD_MS });
  } catch (error) {
    store.failed(error);
  }
}
