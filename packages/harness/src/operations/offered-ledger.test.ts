/** Takes entries in behind a server: in parts, each as JSON, and again without doubles. */
import type { LedgerEntry } from "@colophon/kernel";
import { anActor, anExecution, fixedClock } from "@colophon/testkit";
import { expect, test } from "vitest";
import type { RemoteHouse } from "../house.ts";
import { HOUSES } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import { importEntriesOperation } from "./ledger-operations.ts";
import { importEntries } from "./offered-ledger.ts";

test("An import behind a server goes there in parts that a call can hold, in order", async () => {
  const opened = await HOUSES[0]?.open();
  if (opened === undefined) throw new Error("no house");
  const { harness } = opened;
  const sizes: number[] = [];
  const house: RemoteHouse = {
    remote: {
      call: (_, input) => {
        const given = input as { readonly entries: readonly LedgerEntry[] };
        sizes.push(given.entries.length);
        return askOverJson(importEntriesOperation, harness, given);
      },
      follow: () => Promise.reject(new Error("An import is no job.")),
    },
    store: "https://example.org",
    actor: anActor(),
    clock: fixedClock(),
    close: async () => undefined,
  };
  const entries = Array.from({ length: 1_200 }, (): LedgerEntry => {
    return { kind: "execution", row: anExecution(harness.ids) };
  });
  expect(await importEntries(house, entries)).toEqual({ stored: 1_200, duplicates: 0 });
  expect(await importEntries(house, entries.slice(0, 3))).toEqual({ stored: 0, duplicates: 3 });
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_203);
  const rows = await harness.ledger.listExecutions({ limit: 2_000 });
  const all = rows.toSorted((a, b) => a.seq - b.seq);
  expect(all.map(({ id }) => id)).toEqual(entries.map(({ row }) => (row as { readonly id: string }).id));
  await opened.close();
});
