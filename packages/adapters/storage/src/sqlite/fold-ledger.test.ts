/** Rows are folded into the sums piece by piece, by any process, each of them once. */
import { DatabaseSync } from "node:sqlite";
import { errorCodeOf, systemClock } from "@colophon/kernel";
import { anExecution, expectRollupsToAddUp, fixedClock, seededIds } from "@colophon/testkit";
import { expect, test } from "vitest";
import { foldedRows, foldLedger, foldPiece } from "./fold-ledger.ts";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";

import type { SqliteCore } from "./sqlite-core.ts";
import { createSqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { openOn, type StoreFolder, SYSTEM_IDS, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

function openCore({ file, onDone }: StoreFolder): SqliteCore {
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => core.close());
  return core;
}

function appendRows(core: SqliteCore, count: number): void {
  const writer = openLedgerWriter(core);
  writer.batch(() => {
    for (let row = 0; row < count; row++) {
      const tenant = row % 3 === 0 ? null : `tenant-${row % 7}`;
      writer.append(anExecution(SYSTEM_IDS, { subjects: { tenant } }));
    }
  });
}

async function findingsOf({ file }: StoreFolder): Promise<unknown> {
  return (await verifyStore({ file, clock: systemClock }, undefined)).findings;
}

test("A piece is bounded, moves the watermark with the sums, and says when nothing is left", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  expect(foldPiece(core)).toBe(true);
  appendRows(core, 600);
  const marks: number[] = [];
  for (let done = false; !done; ) {
    done = foldPiece(core);
    marks.push(foldedRows(core));
    await expectRollupsToAddUp(createSqliteLedgerStore(core));
    expect(await findingsOf(folder)).toEqual([]);
  }
  expect(marks).toEqual([256, 512, 600]);
});

test("Connections that fold at the same time fold each row once", async () => {
  const folder = storeFolder();
  const cores = [openCore(folder), openCore(folder), openCore(folder)];
  appendRows(cores[0] as SqliteCore, 2000);
  await Promise.all(cores.map((core) => foldLedger(core, { limit: 10_000 })));
  await foldLedger(cores[0] as SqliteCore, { limit: 10_000 });
  expect(foldedRows(cores[0] as SqliteCore)).toBe(2000);
  expect(await findingsOf(folder)).toEqual([]);
});

test("A piece that meets another's lock or fails leaves sums and watermark as they were", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 300);
  foldPiece(core);
  const other = new DatabaseSync(folder.file);
  other.exec("BEGIN IMMEDIATE");
  expect(errorOf(() => foldPiece(core))).toBe("store-busy");
  other.exec("ROLLBACK");
  other.close();
  core.db.exec("CREATE TEMP TRIGGER halt BEFORE UPDATE ON folded BEGIN SELECT RAISE(ABORT, 'halted'); END");
  expect(() => foldPiece(core)).toThrow("halted");
  core.db.exec("DROP TRIGGER temp.halt");
  expect(foldedRows(core)).toBe(256);
  expect(foldPiece(core)).toBe(true);
  expect(await findingsOf(folder)).toEqual([]);
});

function errorOf(task: () => unknown): unknown {
  try {
    return task();
  } catch (error) {
    return errorCodeOf(error);
  }
}

test("A reader adds the rows that nobody has folded, also on a store that it may only read", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 300);
  foldPiece(core);
  const { ledger } = await openOn(folder, "read");
  expect(foldedRows(core)).toBe(256);
  expect(await ledger.listRollups({ by: "window" })).toMatchObject([{ calls: 300 }]);
  await expectRollupsToAddUp(ledger);
});

test("A process that only appends a few rows and closes leaves them folded", async () => {
  const folder = storeFolder();
  const store = await openOn(folder);
  await store.ledger.append([anExecution(SYSTEM_IDS), anExecution(SYSTEM_IDS)]);
  await store.close();
  expect(foldedRows(openCore(folder))).toBe(2);
});

test("Rows whose extra part somebody made illegible are found by verify and stop no fold", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  const clock = fixedClock();
  openLedgerWriter(core).append(anExecution(seededIds({ clock, seed: 1 }), { step: 2 }));
  core.db.exec("DROP TRIGGER execution_no_update; UPDATE execution SET extra = '{'");
  expect(foldPiece(core)).toBe(true);
  expect(await createSqliteLedgerStore(core).listRollups({})).toMatchObject([{ calls: 1 }]);
});

test("A watermark that somebody took away is told to those who read and stops no writer", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 300);
  core.db.exec("DROP TRIGGER folded_no_delete; DELETE FROM folded");
  expect(foldPiece(core)).toBe(true);
  const store = await openOn(folder);
  await expect(store.ledger.listRollups({})).rejects.toMatchObject({ code: "store-corrupt" });
  expect(await store.care.seal()).toMatchObject({ seq: 1 });
});

test("A seal stands where the sums could not be folded after it", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 10);
  core.db.exec("CREATE TRIGGER halt BEFORE UPDATE ON folded BEGIN SELECT RAISE(ABORT, 'halted'); END");
  const store = await openOn(folder);
  expect(await store.care.seal()).toMatchObject({ seq: 1 });
  expect(foldedRows(core)).toBe(0);
});
