/** Rows are folded into the sums piece by piece, by any process, each of them once. */
import { DatabaseSync } from "node:sqlite";
import { errorCodeOf, systemClock } from "@colophon/kernel";
import {
  anExecution,
  anOutcome,
  expectMetricsToAddUp,
  expectRollupsToAddUp,
  fixedClock,
  seededIds,
} from "@colophon/testkit";
import { expect, test } from "vitest";
import { foldedRows, foldLedger, foldPiece } from "./fold-ledger.ts";
import { foldMetrics, measuredEnds } from "./fold-metrics.ts";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";

import type { SqliteCore } from "./sqlite-core.ts";
import { createSqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { openOn, type StoreFolder, SYSTEM_IDS, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

/** Rows of a piece, so that some hundred rows make several. */
const PIECE = 256;

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
      const draft = anExecution(SYSTEM_IDS, { subjects: { tenant }, latency: row });
      const outcome = anOutcome(SYSTEM_IDS, draft.id);
      if (row % 4 === 1) writer.appendOutcome(outcome);
      writer.append(draft);
      if (row % 4 === 0) writer.appendOutcome(outcome);
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
  const marks: unknown[] = [];
  for (let done = false; !done; ) {
    done = foldPiece(core, PIECE);
    marks.push([foldedRows(core), ...Object.values(measuredEnds(core))]);
    await expectRollupsToAddUp(createSqliteLedgerStore(core));
    await expectMetricsToAddUp(createSqliteLedgerStore(core));
    expect(await findingsOf(folder)).toEqual([]);
  }
  expect(marks).toEqual([
    [256, 0, 0],
    [512, 0, 0],
    [600, 512, 256],
    [600, 600, 300],
  ]);
});

test("A piece of the metrics ends early where its rows or outcomes are of many groups", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  const writer = openLedgerWriter(core);
  const rows = Array.from({ length: 10 }, (_, index) =>
    anExecution(SYSTEM_IDS, { version: 1 + (index % 9) }),
  );
  const outcomes = rows.map(({ id }) => anOutcome(SYSTEM_IDS, id));
  writer.batch(() => {
    for (const outcome of outcomes.slice(0, 5)) writer.appendOutcome(outcome);
    for (const row of rows) writer.append(row);
  });
  const marks: unknown[] = [];
  const foldAll = async (): Promise<void> => {
    for (let done = false; !done; ) {
      done = foldMetrics(core, 8);
      marks.push(Object.values(measuredEnds(core)));
      await expectMetricsToAddUp(createSqliteLedgerStore(core));
      expect(await findingsOf(folder)).toEqual([]);
    }
  };
  await foldAll();
  writer.batch(() => {
    for (const outcome of outcomes.slice(5)) writer.appendOutcome(outcome);
  });
  await foldAll();
  expect(marks).toEqual([
    [4, 4],
    [8, 5],
    [10, 5],
    [10, 9],
    [10, 10],
  ]);
});

test("Connections that fold at the same time fold each row once", async () => {
  const folder = storeFolder();
  const cores = [openCore(folder), openCore(folder), openCore(folder)];
  appendRows(cores[0] as SqliteCore, 2000);
  await Promise.all(cores.map((core) => foldLedger(core, { limit: 10_000 })));
  await foldLedger(cores[0] as SqliteCore, { limit: 10_000 });
  expect(foldedRows(cores[0] as SqliteCore)).toBe(2000);
  expect(measuredEnds(cores[0] as SqliteCore)).toEqual({ execution: 2000, outcome: 1000 });
  expect(await findingsOf(folder)).toEqual([]);
});

test("A piece that meets another's lock or fails leaves sums and watermark as they were", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 300);
  foldPiece(core, PIECE);
  const other = new DatabaseSync(folder.file);
  other.exec("BEGIN IMMEDIATE");
  expect(errorOf(() => foldPiece(core))).toBe("store-busy");
  other.exec("ROLLBACK");
  other.close();
  core.db.exec("CREATE TEMP TRIGGER halt BEFORE UPDATE ON folded BEGIN SELECT RAISE(ABORT, 'halted'); END");
  expect(() => foldPiece(core)).toThrow("halted");
  core.db.exec("DROP TRIGGER temp.halt");
  expect(foldedRows(core)).toBe(256);
  core.db.exec("CREATE TEMP TRIGGER halt BEFORE UPDATE ON measured BEGIN SELECT RAISE(ABORT, 'halted'); END");
  expect(() => foldPiece(core)).toThrow("halted");
  core.db.exec("DROP TRIGGER temp.halt");
  expect(foldedRows(core)).toBe(300);
  expect(measuredEnds(core)).toMatchObject({ execution: 0 });
  expect(core.prepare("SELECT count(*) AS sums FROM metric").get()).toMatchObject({ sums: 0 });
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
  foldPiece(core, PIECE);
  const { ledger } = await openOn(folder, "read");
  expect(foldedRows(core)).toBe(256);
  expect(await ledger.listRollups({ by: "window" })).toMatchObject([{ calls: 300 }]);
  await expectRollupsToAddUp(ledger);
  await expectMetricsToAddUp(ledger);
});

test("A process that only appends a few rows and closes leaves them folded", async () => {
  const folder = storeFolder();
  const store = await openOn(folder);
  await store.ledger.append([anExecution(SYSTEM_IDS), anExecution(SYSTEM_IDS)]);
  await store.close();
  expect(foldedRows(openCore(folder))).toBe(2);
  expect(measuredEnds(openCore(folder)).execution).toBe(2);
});

test("Metrics that somebody made illegible are told to those who read and stop no sums", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 3);
  expect(foldPiece(core)).toBe(true);
  core.db.exec("UPDATE metric SET metrics = substr(metrics, 1, 3)");
  appendRows(core, 3);
  expect(() => foldPiece(core)).toThrow(RangeError);
  const store = await openOn(folder);
  await expect(store.ledger.listMetrics({})).rejects.toMatchObject({ code: "store-corrupt" });
  await expectRollupsToAddUp(store.ledger);
  expect(foldedRows(core)).toBe(6);
  expect(await store.care.seal()).toMatchObject({ seq: 1 });
});

test("Outcomes whose value somebody made illegible are found by verify and stop no fold", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  appendRows(core, 5);
  core.db.exec("DROP TRIGGER outcome_no_update; UPDATE outcome SET value = iif(n % 2, '', '-{')");
  expect(foldPiece(core)).toBe(true);
  const accepted = (await createSqliteLedgerStore(core).listMetrics({})).filter(
    ({ source }) => source !== null,
  );
  expect(accepted).toMatchObject([{ metric: "accepted", count: 3, sum: 0 }]);
  expect(await findingsOf(folder)).toContainEqual(expect.objectContaining({ kind: "altered-outcome" }));
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
  core.db.exec(
    "DROP TRIGGER folded_no_delete; DROP TRIGGER measured_no_delete; DELETE FROM folded; DELETE FROM measured",
  );
  expect(foldPiece(core)).toBe(true);
  const store = await openOn(folder);
  await expect(store.ledger.listRollups({})).rejects.toMatchObject({ code: "store-corrupt" });
  await expect(store.ledger.listMetrics({})).rejects.toMatchObject({ code: "store-corrupt" });
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
