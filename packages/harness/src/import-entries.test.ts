/** What was sent elsewhere is taken in once, however often it was sent. */
import type { LedgerEntry } from "@colophon/kernel";
import { anExecution, seededIds } from "@colophon/testkit";
import { expect, test } from "vitest";
import { importEntries, readEntries } from "./import-entries.ts";
import { openMemoryHarness } from "./open-harness.ts";

const clock = { now: () => 1_768_574_000_000, elapsed: () => 0 };

function someEntries(): readonly LedgerEntry[] {
  const row = anExecution(seededIds({ clock, seed: "import" }));
  const gap = { at: 1, kind: "dropped-row", count: 2, prompt: null, reason: "full" } as const;
  return [
    { kind: "execution", row },
    { kind: "gap", row: gap },
  ];
}

test("A batch that its file holds twice, as one that was sent again, is taken in once", async () => {
  const harness = await openMemoryHarness({ actor: { id: "ada", via: "cli" } });
  const line = JSON.stringify(someEntries());
  const entries = readEntries(`${line}\n${line}\n`, "rows.jsonl");
  expect(await importEntries(harness, entries)).toEqual({ stored: 2, duplicates: 2 });
  expect(await importEntries(harness, entries)).toEqual({ stored: 0, duplicates: 4 });
  expect(await harness.ledger.listGaps()).toMatchObject([{ count: 2 }]);
  expect(await harness.ledger.listRollups({ by: "window" })).toMatchObject([{ calls: 1 }]);
});
