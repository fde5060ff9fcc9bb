/** The embedded sink on real stores: busy, full, damaged and missing ones. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ExecutionDraft, type LedgerSink, systemClock } from "@colophon/kernel";
import { anExecution, anOutcome, aStart } from "@colophon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spoolFiles } from "../spool/spool-files.ts";
import { waitForSpools } from "../spool/wait-for-spools.ts";
import { foldedRows } from "./fold-ledger.ts";
import { indexedRows } from "./late-indexes.ts";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { type SinkPlace, sinkPlace } from "./sink-place.fixture.ts";
import type { SqliteCore } from "./sqlite-core.ts";

const CONTENTS = {
  inputDigest: null,
  outputDigest: null,
  variables: "v".repeat(500),
  output: "o".repeat(500),
  days: null,
};

interface Rows {
  readonly place: SinkPlace;
  readonly count: number;
  readonly fields?: Partial<ExecutionDraft>;
}

function writeRows(sink: LedgerSink, { place, count, fields = {} }: Rows): Map<string, string> {
  const receipts = new Map<string, string>();
  for (let at = 0; at < count; at++) {
    const row = anExecution(place.ids, fields);
    receipts.set(row.id, sink.write(row));
  }
  return receipts;
}

async function expectEachOnce(place: SinkPlace, ids: Iterable<string>): Promise<void> {
  const stored = place.stored();
  const wanted = [...ids];
  expect(wanted.filter((id) => stored.get(id) !== 1)).toEqual([]);
  expect(stored.size).toBe(wanted.length);
  expect(await place.findings()).toEqual([]);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A store whose every try is counted, and whose pages can be limited. */
function watchedCore(
  place: SinkPlace,
  busyTimeout = 4,
): { open: () => SqliteCore; core: () => SqliteCore; tries: () => number } {
  let core: SqliteCore | undefined;
  let tries = 0;
  const open = (): SqliteCore => {
    const opened = openSqliteCore({
      file: place.file,
      mode: "create",
      clock: systemClock,
      ids: place.ids,
      busyTimeout,
      openTimeout: 4,
    });
    const prepare = (sql: string) => {
      if (sql === "BEGIN IMMEDIATE" || sql.startsWith("INSERT OR FAIL INTO execution")) tries += 1;
      return opened.prepare(sql);
    };
    core = Object.create(opened, { prepare: { value: prepare } }) as SqliteCore;
    return core;
  };
  return { open, core: () => core as SqliteCore, tries: () => tries };
}

describe("A store that takes rows", () => {
  test("is made by the first write and not before, and has rows, outcomes and starts at once", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    await new Promise((resolve) => setTimeout(resolve, 80));
    await sink.flush();
    expect(readdirSync(place.folder)).toEqual([]);
    const row = anExecution(place.ids);
    expect(sink.write(row)).toBe("stored");
    expect(sink.writeOutcome(anOutcome(place.ids, row.id))).toBe("stored");
    expect(sink.writeStart(aStart(place.ids))).toBe("stored");
    await expectEachOnce(place, [row.id]);
    expect(existsSync(place.spoolDir)).toBe(false);
  });

  test("takes the rows of two sinks of one process, each with a chain of its own", async () => {
    const place = sinkPlace();
    const [one, two] = [place.sink(), place.sink()];
    const receipts = new Map([
      ...writeRows(one, { place, count: 30 }),
      ...writeRows(two, { place, count: 30 }),
      ...writeRows(one, { place, count: 30 }),
    ]);
    expect(new Set(receipts.values())).toEqual(new Set(["stored"]));
    await Promise.all([one.close(), two.close()]);
    await expectEachOnce(place, receipts.keys());
  });

  test("is sealed every 4,096 rows from the timer, and when the sink is closed", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    const core = place.core();
    const seals = (): number => (core.prepare("SELECT count(*) AS n FROM seal").get() as { n: number }).n;
    writeRows(sink, { place, count: 4100 });
    expect(seals()).toBe(0);
    await until(() => seals() === 1);
    writeRows(sink, { place, count: 1 });
    await sink.close();
    expect(seals()).toBe(2);
  });

  test("is folded into the sums from the timer after each seal, and when the sink is closed", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    const core = place.core();
    const rows = writeRows(sink, { place, count: 4100 });
    expect(foldedRows(core)).toBe(0);
    await until(() => foldedRows(core) === 4100);
    expect(indexedRows(core)).toBe(4100);
    rows.set(...([...writeRows(sink, { place, count: 1 })][0] as [string, string]));
    await sink.close();
    expect(foldedRows(core)).toBe(4101);
    expect(indexedRows(core)).toBe(4101);
    await expectEachOnce(place, rows.keys());
  });

  test("enters its indexes from the timer, long before a seal", async () => {
    const place = sinkPlace();
    const core = place.core();
    const sink = place.sink();
    for (const count of [3, 5]) {
      const indexed = indexedRows(core);
      writeRows(sink, { place, count });
      await until(() => indexedRows(core) === indexed + count);
    }
    expect(core.prepare("SELECT count(*) AS seals FROM seal").get()).toEqual({ seals: 0 });
  });

  test("is folded soon after another sink opens the store, when its own process is gone", async () => {
    const place = sinkPlace();
    const core = place.core();
    const writer = openLedgerWriter(core);
    writer.batch(() => {
      for (let row = 0; row < 700; row++) writer.append(anExecution(place.ids));
    });
    writeRows(place.sink(), { place, count: 1 });
    await until(() => foldedRows(core) === 701);
    expect(indexedRows(core)).toBe(701);
    expect(await place.findings()).toEqual([]);
  });

  test("loses contents whose days are over, soon after it was opened", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    const old = place.ids.next(Date.now() - 3 * 86_400_000) as ExecutionDraft["id"];
    sink.write(anExecution(place.ids, { id: old, contents: { ...CONTENTS, days: 2 } }));
    sink.write(anExecution(place.ids, { contents: { ...CONTENTS, days: 2 } }));
    const contents = place.core().prepare("SELECT count(*) AS n FROM content");
    expect(contents.get()).toEqual({ n: 2 });
    await until(() => (contents.get() as { n: number }).n === 1);
  });

  test("that was removed while the sink held it is made anew, so that rows do not go where nobody finds them", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    writeRows(sink, { place, count: 3 });
    for (const ending of ["", "-wal", "-shm"]) rmSync(place.file + ending, { force: true });
    await until(() => {
      writeRows(sink, { place, count: 1 });
      return existsSync(place.file);
    });
    const row = anExecution(place.ids);
    expect(sink.write(row)).toBe("stored");
    expect(place.stored().get(row.id)).toBe(1);
  });
});

describe("A store that another process has locked", () => {
  test("is tried a few times only, while 500 rows take the spool, and has each once when it is free", async () => {
    const place = sinkPlace();
    const watched = watchedCore(place);
    const sink = place.sink({ openCore: watched.open });
    const receipts = writeRows(sink, { place, count: 1 });
    const release = place.lock();
    const before = watched.tries();
    const spooled = writeRows(sink, { place, count: 500, fields: { contents: CONTENTS } });
    expect(new Set(spooled.values())).toEqual(new Set(["spooled"]));
    expect(watched.tries() - before).toBeLessThan(10);
    await new Promise((resolve) => setTimeout(resolve, 600));
    release();
    await sink.flush();
    await expectEachOnce(place, [...receipts.keys(), ...spooled.keys()]);
    expect(place.core().prepare("SELECT count(*) AS n FROM content").get()).toEqual({ n: 500 });
    expect(spoolFiles(place.spoolDir).map(({ bytes }) => bytes)).toEqual([0]);
    expect(place.notices).toEqual([]);
  });

  test("is drained by itself, without a flush, and the emptied spool goes with the sink", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    writeRows(sink, { place, count: 1 });
    const release = place.lock();
    const row = anExecution(place.ids);
    expect(sink.write(row)).toBe("spooled");
    expect(sink.writeOutcome(anOutcome(place.ids, row.id))).toBe("spooled");
    expect(sink.writeStart(aStart(place.ids))).toBe("spooled");
    expect(spoolFiles(place.spoolDir)).toMatchObject([{ live: true }]);
    release();
    expect(await waitForSpools(place.spoolDir, 5000)).toEqual([]);
    const counts = place
      .core()
      .prepare(
        "SELECT (SELECT count(*) FROM execution) AS e, (SELECT count(*) FROM outcome) AS o, (SELECT count(*) FROM start) AS s",
      );
    expect(counts.get()).toEqual({ e: 2, o: 1, s: 1 });
    await sink.close();
    expect(readdirSync(place.spoolDir)).toEqual([]);
  });

  test("makes a flush give up after its time, saying how many rows still wait, and loses none of them", async () => {
    const place = sinkPlace();
    const sink = place.sink({ flushTimeout: 100 });
    const receipts = writeRows(sink, { place, count: 1 });
    const release = place.lock();
    for (const [id, receipt] of writeRows(sink, { place, count: 7 })) receipts.set(id, receipt);
    await expect(sink.flush()).rejects.toMatchObject({
      code: "store-busy",
      message: expect.stringContaining("7 rows still wait"),
    });
    await sink.close();
    expect(spoolFiles(place.spoolDir)).toMatchObject([{ live: false }]);
    release();
    const next = place.sink();
    await until(() => spoolFiles(place.spoolDir).length === 0);
    await next.close();
    await expectEachOnce(place, receipts.keys());
  });

  test("still gets what is written to a closed sink, through the next one", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    const receipts = writeRows(sink, { place, count: 2 });
    await sink.close();
    await sink.close();
    const late = anExecution(place.ids);
    expect(sink.write(late)).toBe("spooled");
    expect(spoolFiles(place.spoolDir)).toMatchObject([{ live: false }]);
    const next = place.sink();
    next.write(anExecution(place.ids, { prompt: "other" }));
    await next.close();
    expect(place.stored().get(late.id)).toBe(1);
    expect(place.stored().size).toBe(receipts.size + 2);
  });
});

describe("A spool with little room", () => {
  test("drops contents first and counts them, then takes rows alone, then counts what found no place", async () => {
    const place = sinkPlace();
    const sink = place.sink({ spoolLimit: 60_000, memoryLimit: 5 });
    writeRows(sink, { place, count: 1 });
    const release = place.lock();
    const receipts = writeRows(sink, { place, count: 100, fields: { contents: CONTENTS } });
    const sorted = [...receipts.values()];
    const spooled = sorted.filter((receipt) => receipt === "spooled").length;
    expect(sorted).toEqual([
      ...Array(spooled).fill("spooled"),
      ...Array(5).fill("memory"),
      ...Array(95 - spooled).fill("dropped"),
    ]);
    expect(spoolFiles(place.spoolDir)[0]?.bytes).toBeLessThanOrEqual(60_000);
    expect(place.notices).toHaveLength(1);
    release();
    await sink.flush();
    expect(place.stored().size).toBe(1 + spooled + 5);
    const withContents = (place.core().prepare("SELECT count(*) AS n FROM content").get() as { n: number }).n;
    expect(withContents).toBeGreaterThan(5);
    const gaps = new Map(place.gaps().map(([kind, count]) => [kind, count]));
    expect(gaps.get("dropped-contents")).toBe(spooled + 5 - withContents);
    expect(gaps.get("dropped-row")).toBe(95 - spooled);
    await until(() => place.notices.length === 2);
    expect(place.notices[1]).toContain(`${95 - spooled} were dropped`);
  });
});

describe("A store that cannot be written", () => {
  test("is full: rows take the spool, one notice is given, and all are stored when there is room", async () => {
    const place = sinkPlace();
    const watched = watchedCore(place);
    const sink = place.sink({ openCore: watched.open });
    const receipts = writeRows(sink, { place, count: 1 });
    const pages = watched.core().db.prepare("PRAGMA page_count").get() as { page_count: number };
    watched.core().db.exec(`PRAGMA max_page_count = ${pages.page_count}`);
    for (const [id, receipt] of writeRows(sink, { place, count: 300 })) receipts.set(id, receipt);
    expect(new Set(receipts.values())).toEqual(new Set(["stored", "spooled"]));
    expect(place.notices).toEqual([expect.stringContaining("disk is full")]);
    watched.core().db.exec("PRAGMA max_page_count = 1000000");
    await sink.flush();
    await until(() => place.notices.length === 2);
    expect(place.notices[1]).toContain("takes rows again; none was lost");
    await expectEachOnce(place, receipts.keys());
  });

  test("is damaged: rows take the spool with one notice, nothing is thrown, and a restored store gets them", async () => {
    const place = sinkPlace();
    writeFileSync(place.file, "this is no database, however long one looks at it ".repeat(200));
    const sink = place.sink({ flushTimeout: 300 });
    const receipts = writeRows(sink, { place, count: 20 });
    expect(new Set(receipts.values())).toEqual(new Set(["spooled"]));
    await expect(sink.flush()).rejects.toMatchObject({
      code: expect.stringMatching(/^store-(corrupt|unsupported)$/),
    });
    expect(place.notices).toHaveLength(1);
    rmSync(place.file);
    await until(() => place.notices.length === 2);
    await expectEachOnce(place, receipts.keys());
  });

  test("has no place at all: memory takes a bounded number of rows, the rest is counted, one warning is given", async () => {
    const place = sinkPlace();
    const blocked = join(place.folder, "blocked");
    writeFileSync(blocked, "");
    const options = {
      file: join(blocked, "store.db"),
      spoolDir: join(blocked, "spool"),
      memoryLimit: 50,
      flushTimeout: 50,
    };
    const sink = place.sink(options);
    const receipts = writeRows(sink, { place, count: 60 });
    expect([...receipts.values()].filter((receipt) => receipt === "memory")).toHaveLength(50);
    expect([...receipts.values()].filter((receipt) => receipt === "dropped")).toHaveLength(10);
    await expect(sink.flush()).rejects.toMatchObject({ code: expect.stringMatching(/^store-/) });
    expect(place.notices).toEqual([expect.stringContaining("kept in memory")]);
    rmSync(blocked);
    mkdirSync(blocked);
    await until(() => place.notices.length === 2);
    await sink.flush();
    expect(readFileSync(options.file).length).toBeGreaterThan(0);
    const core = openSqliteCore({ file: options.file, mode: "read", clock: systemClock });
    expect(core.prepare("SELECT count(*) AS n FROM execution").get()).toEqual({ n: 50 });
    expect(core.prepare("SELECT body FROM gap").all()).toMatchObject([
      { body: expect.stringContaining('dropped-row",10') },
    ]);
    core.close();
  });

  test("and has no spool either when it is closed: what memory held is said to be lost", async () => {
    const place = sinkPlace();
    const blocked = join(place.folder, "blocked");
    writeFileSync(blocked, "");
    const sink = place.sink({ file: join(blocked, "store.db"), spoolDir: join(blocked, "spool") });
    writeRows(sink, { place, count: 3 });
    await sink.close();
    expect(place.notices).toHaveLength(2);
    expect(place.notices[1]).toContain("3 rows were in memory alone");
    expect(sink.write(anExecution(place.ids))).toBe("dropped");
  });

  test("takes no row that is none: it is dropped, counted and said once, and its neighbours are stored", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    const broken = { ...anExecution(place.ids), considered: null } as unknown as ExecutionDraft;
    const receipts = writeRows(sink, { place, count: 2 });
    expect([sink.write(broken), sink.write(broken)]).toEqual(["dropped", "dropped"]);
    const release = place.lock();
    for (const [id, receipt] of writeRows(sink, { place, count: 2 })) receipts.set(id, receipt);
    expect(sink.write(broken)).toBe("spooled");
    release();
    await sink.flush();
    await sink.close();
    await expectEachOnce(place, receipts.keys());
    expect(place.gaps().reduce((sum, [, count]) => sum + count, 0)).toBe(3);
    expect(place.notices).toHaveLength(1);
  });
});

describe("Gaps", () => {
  test("are added up and written with a flush", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    for (const count of [2, 3])
      sink.gap("rendered-not-recorded", { prompt: "support.triage", count, reason: "left" });
    await sink.flush();
    expect(place.gaps()).toEqual([["rendered-not-recorded", 5, "support.triage", "left"]]);
  });

  test("of a locked store are kept in the spool when the sink is closed", async () => {
    const place = sinkPlace();
    const sink = place.sink();
    writeRows(sink, { place, count: 1 });
    const release = place.lock();
    sink.gap("rendered-not-recorded", { prompt: null, count: 4, reason: "left" });
    await sink.close();
    sink.gap("rendered-not-recorded", { prompt: null, count: 1, reason: "late" });
    release();
    await place.sink().close();
    expect(place.gaps()).toEqual([
      ["rendered-not-recorded", 4, null, "left"],
      ["rendered-not-recorded", 1, null, "late"],
    ]);
  });
});

test("Whatever phases a store goes through, what was acknowledged is in it exactly once", async () => {
  const phase = fc.record({
    store: fc.constantFrom("free", "busy", "full"),
    rows: fc.integer({ min: 0, max: 40 }),
    pause: fc.constantFrom(0, 0, 20, 300),
    contents: fc.boolean(),
    reopen: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 6 }), async (phases) => {
      const place = sinkPlace();
      const watched = watchedCore(place, 1);
      const acknowledged = new Set<string>();
      const lost = new Set<string>();
      let sink = place.sink({ openCore: watched.open, spoolLimit: 40_000, memoryLimit: 10 });
      sink.write(anExecution(place.ids, { prompt: "first" }));
      for (const { store, rows, pause, contents, reopen } of phases) {
        const release = store === "busy" ? place.lock() : undefined;
        const limit =
          store === "full"
            ? (watched.core().db.prepare("PRAGMA page_count").get() as { page_count: number }).page_count
            : 1_000_000;
        watched.core().db.exec(`PRAGMA max_page_count = ${limit}`);
        const fields = contents ? { contents: CONTENTS } : {};
        for (const [id, receipt] of writeRows(sink, { place, count: rows, fields })) {
          (receipt === "dropped" ? lost : acknowledged).add(id);
        }
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        release?.();
        watched.core().db.exec("PRAGMA max_page_count = 1000000");
        if (!reopen) continue;
        await sink.close();
        sink = place.sink({ openCore: watched.open, spoolLimit: 40_000, memoryLimit: 10 });
        sink.write(anExecution(place.ids, { prompt: "again" }));
      }
      await sink.flush();
      await sink.close();
      const stored = place.stored();
      expect([...acknowledged].filter((id) => stored.get(id) !== 1)).toEqual([]);
      expect([...lost].filter((id) => stored.has(id))).toEqual([]);
      expect(await place.findings()).toEqual([]);
      const counted = place.gaps().filter(([kind]) => kind === "dropped-row");
      expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(lost.size);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test("The spool's folder and files can be read by their owner alone", () => {
  const place = sinkPlace();
  const sink = place.sink();
  writeRows(sink, { place, count: 1 });
  const release = place.lock();
  writeRows(sink, { place, count: 1 });
  expect(statSync(place.spoolDir).mode & 0o777).toBe(0o700);
  expect(statSync(spoolFiles(place.spoolDir)[0]?.path as string).mode & 0o777).toBe(0o600);
  release();
});
