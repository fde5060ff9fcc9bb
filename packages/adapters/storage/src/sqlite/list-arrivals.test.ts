/** A reader of arrivals beside processes that write, are killed and leave their rows in spools. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ExecutionDraft, type LedgerStore, systemClock } from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { drainSpools } from "../spool/drain-spools.ts";
import { openLedgerWriter } from "./ledger-writer.ts";
import { numberBeforeSql } from "./list-arrivals.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { type SinkPlace, sinkPlace } from "./sink-place.fixture.ts";

/** Keeps its place, and what it has seen. */
class Reader {
  #after: string | undefined;
  readonly executions: string[] = [];
  readonly outcomes: string[] = [];

  async read(ledger: LedgerStore, more: { readonly prompts?: readonly string[] } = {}): Promise<number> {
    for (let pages = 1; ; pages++) {
      const after = this.#after === undefined ? undefined : { after: this.#after };
      const page = await ledger.listArrivals({ ...more, ...after, limit: 50 });
      this.#after = page.cursor;
      this.executions.push(...page.executions.map(({ id }) => id));
      this.outcomes.push(...page.outcomes.map(({ outcome }) => outcome.id));
      if (page.done) return pages;
    }
  }
}

async function openLedger({ file }: SinkPlace): Promise<LedgerStore> {
  const store = await openSqliteStore({ file, mode: "create", clock: systemClock });
  onTestFinished(() => store.close());
  return store.ledger;
}

interface Writer {
  /** The rows that it was promised. */
  promised(): readonly string[];
  kill(): Promise<void>;
}

/** A process that writes until it is killed. */
function startWriter(place: SinkPlace): Writer {
  const path = fileURLToPath(new URL("sink-writer.fixture.ts", import.meta.url));
  const args = [path, place.file, place.spoolDir, JSON.stringify(anExecution(place.ids))];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const gone = new Promise((resolve) => child.once("close", resolve));
  return {
    promised() {
      const lines = printed.split("\n").slice(0, -1);
      return lines.map((line) => line.split(" ")[0] as string);
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

test("Rows of several processes that are killed under a held lock are all met, once, those of their spools too", async () => {
  const place = sinkPlace();
  const ledger = await openLedger(place);
  const reader = new Reader();
  const writers = [startWriter(place), startWriter(place)];
  while (writers.some((writer) => writer.promised().length < 100)) {
    await reader.read(ledger);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const release = place.lock();
  while (!existsSync(place.spoolDir)) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await reader.read(ledger);
  await Promise.all(writers.map((writer) => writer.kill()));
  release();
  const before = reader.executions.length;
  await reader.read(ledger);
  const report = await drainSpools({ file: place.file, spoolDir: place.spoolDir, timeout: 30_000 });
  expect(report.stored).toBeGreaterThan(0);
  await reader.read(ledger);
  expect(reader.executions.length).toBeGreaterThanOrEqual(before + report.stored);
  expect(new Set(reader.executions).size).toBe(reader.executions.length);
  const promised = writers.flatMap((writer) => writer.promised());
  expect(promised.filter((id) => !reader.executions.includes(id))).toEqual([]);
  expect(new Set(reader.executions)).toEqual(new Set(place.stored().keys()));
});

test("An outcome that reaches the store while its row waits in a spool is met with the row", async () => {
  const place = sinkPlace();
  const ledger = await openLedger(place);
  const sink = place.sink();
  const row: ExecutionDraft = anExecution(place.ids);
  const release = place.lock();
  expect(sink.write(row)).toBe("spooled");
  release();
  const reader = new Reader();
  const outcome = anOutcome(place.ids, row.id);
  await ledger.appendOutcomes([outcome]);
  if ((await ledger.findExecution(row.id)) === undefined) {
    await reader.read(ledger);
    expect(reader.outcomes).toEqual([]);
  }
  await sink.flush();
  await reader.read(ledger);
  expect([reader.executions, reader.outcomes]).toEqual([[row.id], [outcome.id]]);
});

describe("A page", () => {
  test("ends after so many rows of other prompts, and the next one goes on there", async () => {
    const place = sinkPlace();
    const core = place.core();
    const writer = openLedgerWriter(core);
    const other = anExecution(place.ids, { prompt: "other" });
    writer.batch(() => {
      for (let row = 0; row < 20_001; row++) {
        writer.append({ ...other, id: place.ids.next() as ExecutionDraft["id"] });
      }
    });
    const wanted = anExecution(place.ids, { prompt: "wanted" });
    writer.append(wanted);
    const ledger = await openLedger(place);
    const first = await ledger.listArrivals({ prompts: ["wanted"] });
    expect(first).toMatchObject({ executions: [], outcomes: [], done: false });
    const reader = new Reader();
    expect(await reader.read(ledger, { prompts: ["wanted"] })).toBe(2);
    expect(reader.executions).toEqual([wanted.id]);
  });

  test("finds where to begin without looking at the rows before", async () => {
    const core = sinkPlace().core();
    for (const table of ["execution", "outcome"] as const) {
      const plan = core.prepare(`EXPLAIN QUERY PLAN ${numberBeforeSql(table)}`).all(1);
      expect(plan).toMatchObject([{ detail: `SEARCH ${table} USING COVERING INDEX ${table}_by_id (at>?)` }]);
    }
  });
});
