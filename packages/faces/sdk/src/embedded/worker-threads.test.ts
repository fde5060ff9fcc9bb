/** Several worker threads of one process on one store: chains of their own, and nothing lost when some are terminated. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { systemClock } from "@colophon/kernel";
import { openSqliteStore } from "@colophon/storage/sqlite";
import { drainSpools, spoolDirOf, spoolFiles } from "@colophon/storage/sqlite/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const THREADS = ["one", "two", "three", "four"];
const PATIENCE = { timeout: 20_000, interval: 10 };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-threads-"));
  file = join(folder, ".colophon", "store.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Note {
  readonly id: string;
  readonly receipt: string;
}

interface Thread {
  notes(): readonly Note[];
  stop(): Promise<void>;
  terminate(): Promise<unknown>;
}

function start(name: string): Thread {
  const notes = join(folder, `${name}.notes`);
  const workerData = { store: join(folder, ".colophon"), notes };
  const worker = new Worker(new URL("worker-thread.fixture.ts", import.meta.url), {
    workerData,
    execArgv: [],
  });
  const ended = new Promise<number>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", resolve);
  });
  return {
    notes: () =>
      read(notes)
        .split("\n")
        .flatMap((line) => {
          const [id = "", receipt = ""] = line.split(" ");
          return receipt === "" ? [] : [{ id, receipt }];
        }),
    stop: async () => {
      worker.postMessage("stop");
      expect(await ended).toBe(0);
    },
    terminate: () => worker.terminate(),
  };
}

function read(notes: string): string {
  try {
    return readFileSync(notes, "utf8");
  } catch {
    return "";
  }
}

async function untilAll(threads: readonly Thread[], receipt: string, count: number): Promise<void> {
  await vi.waitFor(() => {
    for (const thread of threads) {
      expect(thread.notes().filter((note) => note.receipt === receipt).length).toBeGreaterThan(count);
    }
  }, PATIENCE);
}

it("write under chains of their own, and one that is terminated loses nothing that it was promised", {
  timeout: 60_000,
}, async () => {
  const threads = THREADS.map(start);
  await untilAll(threads, "stored", 20);
  // While somebody holds the store, rows go into the spool of each thread: two are terminated like that.
  const locker = new DatabaseSync(file);
  locker.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
  await untilAll(threads, "spooled", 5);
  const [first, second, ...others] = threads as [Thread, Thread, ...Thread[]];
  await Promise.all([first.terminate(), second.terminate()]);
  const left = spoolFiles(spoolDirOf(file)).filter(({ bytes }) => bytes > 0);
  // A spool that somebody is just looking at counts as live for that moment.
  expect(left.length).toBeGreaterThanOrEqual(2);
  locker.exec("COMMIT");
  locker.close();
  await Promise.all(others.map((thread) => thread.stop()));

  expect(await drainSpools({ file, spoolDir: spoolDirOf(file) })).toMatchObject({ left: [] });
  const store = await openSqliteStore({ file, mode: "write", clock: systemClock });
  try {
    const rows = new Map(
      (await store.ledger.listExecutions({ limit: 1_000_000 })).map((row) => [row.id, row]),
    );
    const promised = threads.flatMap((thread) => thread.notes());
    expect(new Set(promised.map(({ receipt }) => receipt))).toEqual(new Set(["stored", "spooled"]));
    expect(promised.filter(({ id }) => !rows.has(id as never))).toEqual([]);
    const writers = threads.map(
      (thread) =>
        new Set(
          thread
            .notes()
            .flatMap(({ id, receipt }) => (receipt === "stored" ? [rows.get(id as never)?.writer] : [])),
        ),
    );
    expect(writers.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect(new Set(writers.flatMap((own) => [...own])).size).toBe(4);
    const declared = await store.records.listRecords({ kinds: ["declaration"] });
    expect(declared).toHaveLength(1);
    expect((await store.care.verify()).findings).toEqual([]);
  } finally {
    await store.close();
  }
});

it("leave no lock and no half of anything where they are terminated in the middle of their writes", {
  timeout: 60_000,
}, async () => {
  const threads = THREADS.map(start);
  await untilAll(threads, "stored", 5);
  await Promise.all(threads.map((thread) => thread.terminate()));
  const late = start("late");
  await untilAll([late], "stored", 1);
  await late.stop();
  // What threads spooled while others held the store waits there until somebody takes it over.
  expect(await drainSpools({ file, spoolDir: spoolDirOf(file) })).toMatchObject({ left: [] });
  const store = await openSqliteStore({ file, mode: "write", clock: systemClock });
  try {
    const rows = new Set(
      (await store.ledger.listExecutions({ limit: 1_000_000 })).map(({ id }) => id as string),
    );
    const promised = [...threads, late].flatMap((thread) => thread.notes());
    expect(promised.filter(({ id }) => !rows.has(id))).toEqual([]);
    expect((await store.care.verify()).findings).toEqual([]);
  } finally {
    await store.close();
  }
});
