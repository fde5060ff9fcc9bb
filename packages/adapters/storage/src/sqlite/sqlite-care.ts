/** Looks after the embedded store: verifies, seals, anchors, erases, purges. */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type Anchor,
  type EpochMs,
  HarnessError,
  type Seal,
  type StoreCare,
  type WriterHead,
} from "@colophon/kernel";
import { refuseRetention } from "../shared/refuse-retention.ts";
import { readSeal } from "../shared/stored-seal.ts";
import { eraseSubject } from "./erase-subject.ts";
import { foldLedger } from "./fold-ledger.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { purgeContents } from "./purge-contents.ts";
import { retryBusy } from "./retry-busy.ts";
import { lastSeal, sealLedger } from "./seal-ledger.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { withStoreErrors } from "./sqlite-error.ts";
import { verifyStore } from "./verify/verify-store.ts";

/** What a caller who seals waits for the sums at most. */
const FOLD_MS = 1000;

export interface SqliteCareParts {
  readonly core: SqliteCore;
  readonly writer: LedgerWriter;
  readonly spoolDir: string;
  readonly busyTotal?: number;
}

export function createSqliteCare({ core, writer, spoolDir, busyTotal }: SqliteCareParts): StoreCare {
  const write = <T>(task: () => T): Promise<T> =>
    retryBusy(() => withStoreErrors(core.file, task), busyTotal);
  const sealAndFold = async (): Promise<Seal | undefined> => {
    const seal = await write(() => sealLedger(core));
    const patience = busyTotal === undefined ? undefined : { busyTotal };
    // The seal stands whatever becomes of the sums; the next one who folds covers the rows.
    await foldLedger(core, { ...patience, limit: FOLD_MS }).catch(() => undefined);
    return seal;
  };
  const purge = async (now: EpochMs): Promise<number> => {
    for (let purged = 0; ; await nextTurn()) {
      const piece = await write(() => purgeContents(core, now));
      purged += piece.purged;
      if (piece.done) return purged;
    }
  };
  return {
    verify: (more) => verifyStore({ file: core.file, clock: core.clock }, more?.anchor),
    seal: sealAndFold,
    async anchor() {
      if (core.mode !== "read") await sealAndFold();
      return withStoreErrors(core.file, () => anchorOf(core));
    },
    async erase(subject, by) {
      const parts = { core, spoolDir, ...(busyTotal === undefined ? undefined : { busyTotal }) };
      const counts = await eraseSubject(parts, subject, by);
      writer.forget();
      return counts;
    },
    async keepUp() {
      await sealAndFold();
      await purge(core.clock.now());
    },
    purgeContents: purge,
    retain: () => refuseRetention(core.file),
  };
}

/** Every writer's head as the last seal saw it: the newest seal that lists it. */
function anchorOf(core: SqliteCore): Anchor {
  const last = lastSeal(core);
  if (last === undefined) {
    throw new HarnessError(
      "store-read-only",
      `The store ${core.file} has no seal yet; open it for writing to make one.`,
    );
  }
  const heads = new Map<string, WriterHead>();
  for (const row of core.prepare("SELECT * FROM seal ORDER BY seq").iterate() as Iterable<SqlRow>) {
    for (const head of readSeal(row).seal.heads) heads.set(head.writer, head);
  }
  return { format: 1, at: core.clock.now(), seal: last.seal, heads: [...heads.values()] };
}
