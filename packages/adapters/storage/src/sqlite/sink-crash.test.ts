/** Sinks of processes that are killed: what they acknowledged is there, and its heirs store it once. */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { anExecution } from "@colophon/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { drainSpools } from "../spool/drain-spools.ts";
import { spoolFiles } from "../spool/spool-files.ts";
import { frameEntry } from "../spool/spool-frame.ts";
import { type SinkPlace, sinkPlace } from "./sink-place.fixture.ts";

function start(fixture: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(fixture, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function startWriter(place: SinkPlace): { readonly child: ChildProcess; readonly printed: () => string } {
  const child = start(
    "sink-writer.fixture.ts",
    place.file,
    place.spoolDir,
    JSON.stringify(anExecution(place.ids)),
  );
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return { child, printed: () => printed };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function acknowledged(printed: string): ReadonlyMap<string, string> {
  const whole = printed.slice(0, printed.lastIndexOf("\n"));
  return new Map(whole.split("\n").map((line) => line.split(" ") as [string, string]));
}

/** A spool that a killed process left: its whole lines, and what follows them. */
function leaveSpool(place: SinkPlace, lines: readonly Buffer[], rest = ""): string {
  const id = place.ids.next();
  const path = `${place.spoolDir}/${id}.spool`;
  const descriptor = openSync(path, "w");
  for (const line of lines) writeSync(descriptor, line);
  writeSync(descriptor, rest);
  return path;
}

async function withSpoolDir(): Promise<SinkPlace> {
  const place = sinkPlace();
  const sink = place.sink();
  sink.write(anExecution(place.ids, { prompt: "first" }));
  const release = place.lock();
  sink.write(anExecution(place.ids, { prompt: "first" }));
  release();
  await sink.close();
  return place;
}

function someLines(
  place: SinkPlace,
  count: number,
): { readonly ids: readonly string[]; readonly lines: readonly Buffer[] } {
  const rows = Array.from({ length: count }, () => anExecution(place.ids));
  return { ids: rows.map(({ id }) => id), lines: rows.map((row) => frameEntry({ kind: "execution", row })) };
}

describe("kill -9 of a writing process", () => {
  test.each([30, 70, 110, 170, 230, 290])(
    "after %i ms under a held lock leaves every acknowledged row to the next opening",
    async (ms) => {
      const place = sinkPlace();
      const release = place.lock();
      const { child, printed } = startWriter(place);
      await until(() => printed().includes("\n"));
      await new Promise((resolve) => setTimeout(resolve, ms * Math.random() + ms / 2));
      // Half of the time it dies while the spool is being drained.
      if (ms % 20 === 10) {
        release();
        await new Promise((resolve) => setTimeout(resolve, ms));
      }
      await killed(child);
      if (ms % 20 !== 10) release();
      const receipts = acknowledged(printed());
      expect([...receipts.values()].every((receipt) => receipt === "stored" || receipt === "spooled")).toBe(
        true,
      );
      const next = place.sink();
      await until(() => spoolFiles(place.spoolDir).length === 0);
      await next.close();
      const stored = place.stored();
      expect([...receipts.keys()].filter((id) => stored.get(id) !== 1)).toEqual([]);
      expect([...stored.values()].every((times) => times === 1)).toBe(true);
      expect(await place.findings()).toEqual([]);
      expect(place.gaps()).toEqual([]);
    },
  );

  test("leaves a living process's spool alone", async () => {
    const place = sinkPlace();
    const release = place.lock();
    const { child, printed } = startWriter(place);
    await until(() => printed().includes("spooled"));
    expect(spoolFiles(place.spoolDir)).toMatchObject([{ live: true }]);
    const report = await drainSpools({ file: place.file, spoolDir: place.spoolDir, timeout: 100 });
    expect(report).toMatchObject({ files: 0, stored: 0, left: [{ live: true }] });
    await killed(child);
    expect(spoolFiles(place.spoolDir)).toMatchObject([{ live: false }]);
    release();
  });
});

describe("A spool that was left", () => {
  test("is read to its last whole line; a torn one was never acknowledged and counts as nothing", async () => {
    const place = await withSpoolDir();
    const { ids, lines } = someLines(place, 5);
    const torn = (lines[4] as Buffer).subarray(0, 200).toString();
    const path = leaveSpool(place, lines.slice(0, 4), torn);
    const report = await drainSpools({ file: place.file, spoolDir: place.spoolDir });
    expect(report).toMatchObject({ files: 1, stored: 4, duplicates: 0, damaged: 0, left: [] });
    expect(ids.map((id) => place.stored().get(id))).toEqual([1, 1, 1, 1, undefined]);
    expect(existsSync(path)).toBe(false);
    expect(place.gaps()).toEqual([]);
  });

  test("has its damaged lines counted as a gap, once, however often it is read", async () => {
    const place = await withSpoolDir();
    const { ids, lines } = someLines(place, 5);
    const path = leaveSpool(place, lines);
    const bytes = readFileSync(path);
    bytes[(lines[0] as Buffer).length + 300] = 0x21;
    writeFileSync(path, bytes);
    for (let time = 0; time < 2; time++) {
      const { damaged } = await drainSpools({ file: place.file, spoolDir: place.spoolDir });
      expect(damaged).toBe(1);
      writeFileSync(path, bytes);
    }
    expect(ids.map((id) => place.stored().get(id))).toEqual([1, undefined, 1, 1, 1]);
    expect(place.gaps()).toMatchObject([["dropped-row", 1, null, expect.stringContaining("unreadable")]]);
  });

  test("is taken by one of several heirs, and read again by the next where an heir died over it", async () => {
    const place = await withSpoolDir();
    const { ids, lines } = someLines(place, 12_000);
    const path = leaveSpool(place, lines);
    const heirs = await Promise.all([startHeir(place), startHeir(place), startHeir(place)]);
    for (const { child } of heirs) child.stdin?.write("go\n");
    const rows = place.core().prepare("SELECT count(*) AS n FROM execution");
    await until(() => (rows.get() as { n: number }).n > 500);
    for (const { child } of heirs) await killed(child);
    // Were they quicker than the signal, there is nothing left for the next.
    const left = existsSync(path);
    const [one, two] = await Promise.all([startHeir(place), startHeir(place)]);
    for (const { child } of [one, two]) child.stdin?.write("go\n");
    const reports = await Promise.all([one.report, two.report]);
    await drainSpools({ file: place.file, spoolDir: place.spoolDir });
    expect(reports.reduce((sum, { stored, duplicates }) => sum + stored + duplicates, 0)).toBe(
      left ? ids.length : 0,
    );
    expect(reports.map(({ files }) => files).sort()).toEqual([0, left ? 1 : 0]);
    const stored = place.stored();
    expect(ids.filter((id) => stored.get(id) !== 1)).toEqual([]);
    expect(await place.findings()).toEqual([]);
    expect(spoolFiles(place.spoolDir)).toEqual([]);
  });

  test("of another kind of file is nothing but damage, and does not stop the next", async () => {
    const place = await withSpoolDir();
    const foreign = leaveSpool(place, []);
    appendFileSync(foreign, "somebody's notes\nmore of them\n");
    const { ids, lines } = someLines(place, 2);
    leaveSpool(place, lines);
    const report = await drainSpools({ file: place.file, spoolDir: place.spoolDir });
    expect(report).toMatchObject({ files: 2, stored: 2, damaged: 2, left: [] });
    expect(ids.map((id) => place.stored().get(id))).toEqual([1, 1]);
  });
});

interface HeirReport {
  readonly files: number;
  readonly stored: number;
  readonly duplicates: number;
}

/** A process that waits for the word to adopt, so that several begin at once. */
async function startHeir(
  place: SinkPlace,
): Promise<{ readonly child: ChildProcess; readonly report: Promise<HeirReport> }> {
  const child = start("sink-drainer.fixture.ts", place.file, place.spoolDir);
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const report = new Promise<HeirReport>((resolve) => {
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(printed.slice("ready\n".length)) as HeirReport);
    });
  });
  await until(() => printed.startsWith("ready\n"));
  return { child, report };
}
