/** A spool of several files on a real disk: in order, within its limit, and never larger than what waits for long. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerEntry } from "@colophon/kernel";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { SegmentedSpool, type SegmentedSpoolOptions } from "./segmented-spool.ts";
import { spoolFiles } from "./spool-files.ts";

const ids = seededIds({ clock: fixedClock(), seed: 5 });
const LONG = { inputDigest: "ab", outputDigest: null, variables: "v".repeat(2000), output: null, days: null };

function openSpool(options: Partial<SegmentedSpoolOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "colophon-segments-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const given: SegmentedSpoolOptions = {
    spoolDir: join(folder, "spool"),
    ids,
    limit: 1_000_000,
    durability: "kill",
    segment: 6_000,
    ...options,
  };
  return { spool: new SegmentedSpool(given), given };
}

function anEntry(contents: typeof LONG | null = null): LedgerEntry & { readonly kind: "execution" } {
  return { kind: "execution", row: anExecution(ids, { contents }) };
}

/** Takes up to so many entries out of the oldest file. */
function take(spool: SegmentedSpool, most: number): readonly string[] {
  const { oldest } = spool;
  const reader = oldest?.reader();
  if (oldest === undefined || reader === undefined) return [];
  const taken: string[] = [];
  let end = 0;
  for (let line = reader.next(); line !== undefined; line = reader.next()) {
    if (line.entry?.kind === "execution") taken.push(line.entry.row.id);
    end = line.end;
    if (taken.length >= most) break;
  }
  spool.drained(oldest, end, taken.length);
  return taken;
}

const bytesOf = (spoolDir: string) => spoolFiles(spoolDir).reduce((sum, { bytes }) => sum + bytes, 0);

test("Entries come out once each and in order, however appending and taking take turns", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -12, max: 12 }), { maxLength: 30 }), (turns) => {
      const { spool, given } = openSpool();
      const written: string[] = [];
      const taken: string[] = [];
      for (const turn of turns) {
        for (let index = 0; index < turn; index++) {
          const entry = anEntry();
          expect(spool.append(entry)).toBe("spooled");
          written.push(entry.row.id);
        }
        if (turn < 0) taken.push(...take(spool, -turn));
        expect(spool.entries).toBe(written.length - taken.length);
      }
      while (spool.entries > 0) taken.push(...take(spool, 5));
      expect(taken).toEqual(written);
      expect(bytesOf(given.spoolDir)).toBe(0);
      spool.release();
      expect(spoolFiles(given.spoolDir)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("What was taken frees its room although something always waits", () => {
  const { spool, given } = openSpool();
  for (let turn = 0; turn < 100; turn++) {
    for (let index = 0; index < 3; index++) spool.append(anEntry());
    take(spool, turn === 0 ? 1 : 3);
    expect(spool.entries).toBeGreaterThan(0);
    expect(bytesOf(given.spoolDir)).toBeLessThan(20_000);
  }
});

test("The limit holds for all files together, those of other processes included", () => {
  const first = openSpool({ limit: 40_000 });
  const results = Array.from({ length: 60 }, () => first.spool.append(anEntry(LONG)));
  expect([...new Set(results)]).toEqual(["spooled", "trimmed", "full"]);
  expect(bytesOf(first.given.spoolDir)).toBeLessThanOrEqual(40_000);
  const second = new SegmentedSpool({ ...first.given, limit: bytesOf(first.given.spoolDir) + 100 });
  expect(second.append(anEntry())).toBe("spooled");
  second.measure();
  expect(second.append(anEntry())).toBe("full");
  first.spool.release();
  second.release();
});
