/** A store of an older edition is brought forward by whoever opens it for writing, and says the same as before. */
import { spawn } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { errorCodeOf, type Pseudonym, systemClock } from "@colophon/kernel";
import { anExecution, anOutcome, expectMetricsToAddUp, expectRollupsToAddUp } from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import { foldedRows } from "./fold-ledger.ts";
import { measuredEnds } from "./fold-metrics.ts";
import { indexedRows } from "./late-indexes.ts";
import { EDITION, editionOf } from "./migrations.ts";
import { olderStore } from "./older-store.fixture.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { openOn, SYSTEM_IDS, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

test("A store of the first edition had hourly sums and a trigger that kept them, with every row", async () => {
  const folder = storeFolder();
  await olderStore(folder, 1);
  const db = new DatabaseSync(folder.file);
  folder.onDone(() => db.close());
  expect(db.prepare("SELECT sum(calls) AS calls FROM rollup").get()).toMatchObject({ calls: 12 });
  expect(editionOf(db)).toBe(1);
});

test("A store of the second edition had sums that were folded, and no metrics", async () => {
  const folder = storeFolder();
  await olderStore(folder, 2);
  const db = new DatabaseSync(folder.file);
  folder.onDone(() => db.close());
  expect(db.prepare("SELECT n FROM folded").get()).toMatchObject({ n: 12 });
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'metric*'").all()).toEqual([]);
  expect(editionOf(db)).toBe(2);
});

test("A store of the third edition had indexes that SQLite kept with every row", async () => {
  const folder = storeFolder();
  await olderStore(folder, 3);
  const db = new DatabaseSync(folder.file);
  folder.onDone(() => db.close());
  const indexes = db.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'execution'",
  );
  expect(indexes.all().map(({ name }) => name)).toEqual([
    "execution_by_id",
    "execution_by_version",
    "execution_by_user",
    "execution_by_document",
  ]);
  expect(editionOf(db)).toBe(3);
});

describe.each([1, 2, 3] as const)("A store of edition %i", (edition) => {
  test("is left alone by who only reads, who is told what to do", async () => {
    const folder = storeFolder();
    await olderStore(folder, edition);
    const codes: unknown[] = [];
    try {
      openSqliteCore({ file: folder.file, mode: "read", clock: systemClock });
    } catch (error) {
      codes.push(errorCodeOf(error));
    }
    expect(codes).toEqual(["store-unsupported"]);
  });

  test("opens without a row being read, says what it said, takes rows, and verifies clean before and after folding", async () => {
    const folder = storeFolder();
    await olderStore(folder, edition);
    const core = openSqliteCore({ file: folder.file, mode: "write", clock: systemClock });
    folder.onDone(() => core.close());
    expect(editionOf(core.db)).toBe(EDITION);
    expect(foldedRows(core)).toBe(edition === 1 ? 0 : 12);
    expect(measuredEnds(core)).toEqual(
      edition < 3 ? { execution: 0, outcome: 0 } : { execution: 12, outcome: 12 },
    );
    expect(indexedRows(core)).toBe(0);
    const findings = async () =>
      (await verifyStore({ file: folder.file, clock: systemClock }, undefined)).findings;
    expect(await findings()).toEqual([]);
    const store = await openOn(folder);
    const sums = { calls: 12, inputTokens: 12 * 120, latency: 12 * 640 };
    expect(await store.ledger.listRollups({ by: "window" })).toMatchObject([sums]);
    const metrics = await store.ledger.listMetrics({ by: "window" });
    expect(Object.fromEntries(metrics.map(({ metric, count, sum }) => [metric, [count, sum]]))).toMatchObject(
      {
        latency: [12, 12 * 640],
        accepted: [12, 12],
      },
    );
    await expectRollupsToAddUp(store.ledger);
    await expectMetricsToAddUp(store.ledger);
    const user = (await store.records.findPseudonym({ kind: "user", value: "ada" })) as Pseudonym;
    expect(await store.ledger.listExecutions({ user })).toHaveLength(12);
    const row = anExecution(SYSTEM_IDS);
    await store.ledger.append([row]);
    await store.ledger.appendOutcomes([anOutcome(SYSTEM_IDS, row.id)]);
    await store.care.seal();
    expect(foldedRows(core)).toBe(13);
    expect(measuredEnds(core)).toEqual({ execution: 13, outcome: 13 });
    expect(indexedRows(core)).toBe(13);
    expect(await store.ledger.listExecutions({ user })).toHaveLength(12);
    await expectRollupsToAddUp(store.ledger);
    await expectMetricsToAddUp(store.ledger);
    expect(await findings()).toEqual([]);
  });

  test("is brought forward once by processes that open it together", async () => {
    const folder = storeFolder();
    await olderStore(folder, edition);
    const fixture = fileURLToPath(new URL("open-store.fixture.ts", import.meta.url));
    const start = String(Date.now() + 1000);
    const told = await Promise.all(
      Array.from({ length: 4 }, () => outputOf([fixture, folder.file, `write@${start}`])),
    );
    expect(told.map((output) => JSON.parse(output) as unknown)).toEqual(
      Array(4).fill([{ records: 5, findings: [] }]),
    );
  });
});

async function outputOf(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}
