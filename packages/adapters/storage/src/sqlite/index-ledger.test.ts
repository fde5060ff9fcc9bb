/** Rows enter their indexes piece by piece, by any process, each of them once; and nobody who asks can tell. */
import { DatabaseSync } from "node:sqlite";
import {
  type Execution,
  type ExecutionDraft,
  type ExecutionFilter,
  errorCodeOf,
  type Pseudonym,
  sha256,
  systemClock,
} from "@colophon/kernel";
import { anActor, anExecution, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eraseSubject } from "./erase-subject.ts";
import { foldLedger, foldPiece } from "./fold-ledger.ts";
import { indexPiece } from "./index-ledger.ts";
import { indexedRows, LATE_COLUMNS, lateIndexOf } from "./late-indexes.ts";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { createSqliteLedgerStore } from "./sqlite-ledger-store.ts";
import { openOn, type StoreFolder, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2026, 0, 10);
const ROWS = 60;
const ids = seededIds({ clock: systemClock, seed: "indexes" });

function openCore({ file, onDone }: StoreFolder): SqliteCore {
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => core.close());
  return core;
}

/** Rows of two users, three documents and two prompts, of which later ones may have begun earlier. */
function rowOf(index: number): ExecutionDraft {
  const at = BEGIN + ((index * 7) % ROWS) * (HOUR_MS / 4);
  const user = [null, "ada", "bob"][index % 3] as string | null;
  const document = [null, "doc-1", "doc-2", "doc-3"][index % 4] as string | null;
  return anExecution(ids, {
    id: ids.next(at) as ExecutionDraft["id"],
    prompt: index % 5 === 0 ? "support.reply" : "support.triage",
    version: 1 + (index % 2),
    subjects: { user, document, tenant: index % 6 === 0 ? "acme" : null },
  });
}

function fill(core: SqliteCore, count = ROWS): void {
  const writer = openLedgerWriter(core);
  writer.batch(() => {
    for (let index = 0; index < count; index++) writer.append(rowOf(index));
  });
}

async function findingsOf({ file }: StoreFolder): Promise<unknown> {
  return (await verifyStore({ file, clock: systemClock }, undefined)).findings;
}

function entriesOf(core: SqliteCore): readonly number[] {
  return LATE_COLUMNS.map((column) => {
    const { entries } = core.prepare(`SELECT count(*) AS entries FROM ${lateIndexOf(column)}`).get() as {
      entries: number;
    };
    return entries;
  });
}

test("A piece is bounded, moves the watermark with the indexes, and says when nothing is left", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  expect(indexPiece(core)).toBe(true);
  fill(core, 1100);
  const marks: unknown[] = [];
  for (let done = false; !done; ) {
    done = indexPiece(core);
    marks.push([indexedRows(core), ...entriesOf(core)]);
    expect(await findingsOf(folder)).toEqual([]);
  }
  expect(marks).toEqual([
    [512, 512, 341, 384],
    [1024, 1024, 682, 768],
    [1100, 1100, 733, 825],
  ]);
});

test("Connections that index at the same time enter each row once", async () => {
  const folder = storeFolder();
  const cores = [openCore(folder), openCore(folder), openCore(folder)] as const;
  fill(cores[0], 2000);
  await Promise.all(cores.map((core) => foldLedger(core, { limit: 10_000 })));
  await foldLedger(cores[0], { limit: 10_000 });
  expect(indexedRows(cores[0])).toBe(2000);
  expect(entriesOf(cores[0])).toEqual([2000, 1333, 1500]);
  expect(await findingsOf(folder)).toEqual([]);
});

test("A piece that meets another's lock or fails leaves indexes and watermark as they were", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  fill(core);
  indexPiece(core, 20);
  const other = new DatabaseSync(folder.file);
  other.exec("BEGIN IMMEDIATE");
  expect(errorOf(() => indexPiece(core))).toBe("store-busy");
  other.exec("ROLLBACK");
  other.close();
  core.db.exec("CREATE TEMP TRIGGER halt BEFORE UPDATE ON indexed BEGIN SELECT RAISE(ABORT, 'halted'); END");
  expect(() => indexPiece(core)).toThrow("halted");
  core.db.exec("DROP TRIGGER temp.halt");
  expect([indexedRows(core), ...entriesOf(core)]).toEqual([20, 20, 13, 15]);
  expect([indexPiece(core), indexPiece(core)]).toEqual([true, true]);
  expect(await findingsOf(folder)).toEqual([]);
});

test("A store whose watermark somebody took away takes rows, and says so to who asks", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  core.db.exec("DROP TRIGGER indexed_no_delete; DELETE FROM indexed");
  fill(core);
  expect(indexPiece(core)).toBe(true);
  const { ledger, care } = await openOn(folder);
  const corrupt = { code: "store-corrupt" };
  await expect(ledger.listExecutions({ prompt: "support.triage" })).rejects.toMatchObject(corrupt);
  await expect(care.erase({ kind: "user", value: "ada" }, anActor())).rejects.toMatchObject(corrupt);
});

function errorOf(task: () => unknown): unknown {
  try {
    return task();
  } catch (error) {
    return errorCodeOf(error);
  }
}

const few = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.constantFrom(undefined, ...values);
const time = fc.option(
  fc.integer({ min: -2, max: ROWS + 2 }).map((step) => BEGIN + step * (HOUR_MS / 4)),
  { nil: undefined },
);
const question = fc.record({
  prompt: few("support.triage", "support.reply", "support.other"),
  version: few(1, 2),
  user: few("ada", "bob", "eve"),
  document: few("doc-1", "doc-2"),
  tenant: few("acme"),
  since: time,
  until: time,
  limit: few(1, 7, 100),
  order: few("newest-first", "oldest-first") as fc.Arbitrary<ExecutionFilter["order"]>,
});

/** The filter's meaning, said once more in the plainest way. */
function expected(rows: readonly Execution[], filter: ExecutionFilter): readonly string[] {
  const { prompt, version, user, document, tenant, since, until, limit = 100, order } = filter;
  const found = rows.filter(
    (row) =>
      (prompt === undefined || row.prompt === prompt) &&
      (version === undefined || row.version === version) &&
      (user === undefined || row.subjects.user === user) &&
      (document === undefined || row.subjects.document === document) &&
      (tenant === undefined || row.subjects.tenant === tenant) &&
      (since === undefined || row.at >= since) &&
      (until === undefined || row.at < until),
  );
  const sorted = found.map(({ id }) => id).sort();
  return (order === "oldest-first" ? sorted : sorted.toReversed()).slice(0, limit);
}

test("However far the indexes are, every question finds the same rows in the same order", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  fill(core);
  const { ledger, records } = await openOn(folder);
  const rows = await ledger.listExecutions({ limit: ROWS });
  expect(rows).toHaveLength(ROWS);
  const pseudonym = async (kind: "user" | "document" | "tenant", value: string | undefined) =>
    value && ((await records.findPseudonym({ kind, value })) ?? ("0".repeat(32) as Pseudonym));
  for (let done = false; ; ) {
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const filter = {
          ...asked,
          user: await pseudonym("user", asked.user),
          document: await pseudonym("document", asked.document),
          tenant: await pseudonym("tenant", asked.tenant),
        } as ExecutionFilter;
        const found = await ledger.listExecutions(filter);
        expect(found.map(({ id }) => id)).toEqual(expected(rows, filter));
      }),
      { numRuns: 60 },
    );
    if (done) break;
    done = indexPiece(core, 17);
  }
});

test("However far the indexes are, the sums of a prompt are the same in a window that cuts hours", async () => {
  const folder = storeFolder();
  const core = openCore(folder);
  fill(core);
  while (!foldPiece(core)) {}
  const ledger = createSqliteLedgerStore(core);
  const window = { since: BEGIN + HOUR_MS / 3, until: BEGIN + 8.6 * HOUR_MS } as const;
  const rows = await ledger.listExecutions({ ...window, prompt: "support.triage", limit: ROWS });
  expect(rows.length).toBeGreaterThan(20);
  for (let done = false; ; ) {
    const sums = await ledger.listRollups({ ...window, prompt: "support.triage", by: "window" });
    expect(sums.reduce((calls, sum) => calls + sum.calls, 0)).toBe(rows.length);
    if (done) break;
    done = indexPiece(core, 11);
  }
});

test("An erasure reaches rows that are indexed and rows that are not", async () => {
  for (const indexed of [0, 31, ROWS]) {
    const folder = storeFolder();
    const core = openCore(folder);
    const writer = openLedgerWriter(core);
    const digest = sha256("in");
    const contents = { inputDigest: digest, outputDigest: digest, variables: "{}", output: "x", days: null };
    for (let index = 0; index < ROWS; index++) writer.append({ ...rowOf(index), contents });
    if (indexed > 0) indexPiece(core, indexed);
    const subject = { kind: "user", value: "ada" } as const;
    const counts = await eraseSubject({ core, spoolDir: `${folder.folder}/spool` }, subject, anActor());
    expect(counts).toMatchObject({ executions: 20, contents: 20 });
    expect(core.prepare("SELECT count(*) AS left FROM content").get()).toEqual({ left: 40 });
  }
});
