/** A sink's own spool on a real disk: what it takes, in what order it gives up, and what it leaves. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerEntry } from "@colophon/kernel";
import { anExecution, anOutcome, fixedClock, seededIds } from "@colophon/testkit";
import { expect, onTestFinished, test } from "vitest";
import { OwnSpool, type OwnSpoolOptions } from "./own-spool.ts";
import { spoolFiles } from "./spool-files.ts";

const ids = seededIds({ clock: fixedClock(), seed: 2 });
const LONG = { inputDigest: "ab", outputDigest: null, variables: "v".repeat(2000), output: null, days: null };

function openSpool(options: Partial<OwnSpoolOptions> = {}): {
  readonly spool: OwnSpool;
  readonly spoolDir: string;
} {
  const folder = mkdtempSync(join(tmpdir(), "colophon-spool-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const spoolDir = join(folder, "spool");
  return {
    spool: new OwnSpool({ spoolDir, ids, limit: 1_000_000, durability: "kill", ...options }),
    spoolDir,
  };
}

function anEntry(contents: typeof LONG | null = null): LedgerEntry {
  return { kind: "execution", row: anExecution(ids, { contents }) };
}

function readAll(spool: OwnSpool): readonly (LedgerEntry | undefined)[] {
  const entries: (LedgerEntry | undefined)[] = [];
  const reader = spool.reader();
  for (let line = reader?.next(); line !== undefined; line = reader?.next()) entries.push(line.entry);
  return entries;
}

test("Nothing is made on the disk before the first entry", () => {
  const { spool, spoolDir } = openSpool();
  expect(spool.reader()).toBeUndefined();
  spool.release();
  expect(spoolFiles(spoolDir)).toEqual([]);
});

test("Entries are read back in order, from where the last drain left off, and an emptied file is cut to nothing", () => {
  const { spool, spoolDir } = openSpool();
  const entries = [
    anEntry(),
    { kind: "outcome", row: anOutcome(ids, anExecution(ids).id) } as const,
    anEntry(LONG),
  ];
  for (const entry of entries) expect(spool.append(entry)).toBe("spooled");
  expect(readAll(spool)).toEqual(entries);
  const reader = spool.reader();
  spool.drained(reader?.next()?.end as number, 1);
  expect(spool.entries).toBe(2);
  expect(readAll(spool)).toEqual(entries.slice(1));
  spool.drained(statSync(spoolFiles(spoolDir)[0]?.path as string).size, 2);
  expect([spool.entries, readAll(spool), spoolFiles(spoolDir)[0]?.bytes]).toEqual([0, [], 0]);
  expect(spool.append(entries[0] as LedgerEntry)).toBe("spooled");
  expect(readAll(spool)).toEqual([entries[0]]);
});

test("Lines longer than a chunk are read whole", () => {
  const { spool } = openSpool();
  const entries = [
    anEntry({ ...LONG, variables: "é".repeat(150_000) }),
    anEntry(),
    anEntry({ ...LONG, variables: "x".repeat(100_000) }),
  ];
  for (const entry of entries) spool.append(entry);
  expect(readAll(spool)).toEqual(entries);
});

test("Beyond half of the room entries lose their contents, beyond all of it they are refused, and gaps still fit", () => {
  const { spool } = openSpool({ limit: 20_000 });
  const results = Array.from({ length: 30 }, () => spool.append(anEntry(LONG)));
  const [spooled, trimmed] = [results.indexOf("trimmed"), results.indexOf("full")];
  expect(spooled).toBeGreaterThan(0);
  expect(trimmed).toBeGreaterThan(spooled);
  expect(results).toEqual([
    ...Array(spooled).fill("spooled"),
    ...Array(trimmed - spooled).fill("trimmed"),
    ...Array(30 - trimmed).fill("full"),
  ]);
  const row = { at: 0, kind: "dropped-row", count: 3, prompt: null, reason: "no room" } as const;
  expect(spool.append({ kind: "gap", row })).toBe("spooled");
  const contents = readAll(spool).map((entry) =>
    entry?.kind === "execution" ? entry.row.contents : undefined,
  );
  expect(contents[0]).toEqual(LONG);
  expect(contents[spooled]).toEqual({ ...LONG, variables: null });
});

test("An empty spool is removed when it is let go of, another waits for its heirs", () => {
  const { spool, spoolDir } = openSpool();
  spool.append(anEntry());
  expect(spoolFiles(spoolDir)).toMatchObject([{ live: true }]);
  spool.release();
  const [left] = spoolFiles(spoolDir);
  expect(left).toMatchObject({ live: false });
  expect(spool.append(anEntry())).toBe("spooled");
  expect(spoolFiles(spoolDir)).toHaveLength(2);
  spool.drained(Number.MAX_SAFE_INTEGER, 1);
  spool.release();
  expect(readdirSync(spoolDir).sort()).toEqual([`${left?.id}.lock`, `${left?.id}.spool`]);
});

test("A folder that cannot be is an error that names it, and leaves nothing behind", () => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-spool-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "file"), "");
  const { spool } = openSpool({ spoolDir: join(folder, "file", "spool") });
  expect(() => spool.append(anEntry())).toThrow(/ENOTDIR/);
  expect(spool.entries).toBe(0);
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("");
});
