/** What a row keeps of the numbers it is given. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";
import { SYSTEM_IDS } from "../sqlite/store-folder.fixture.ts";

const ODD = [2 ** 53, 2 ** 60, 1e300, -1, -0, 0.4, Number.NaN, Number.POSITIVE_INFINITY] as const;

test("Whatever numbers a provider states, the row is kept and the whole ledger stays legible", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-place-"));
  const store = await openSqliteStore({ file: join(folder, "store.db"), mode: "create", clock: systemClock });
  const number = fc.oneof(fc.constantFrom(...ODD), fc.double(), fc.integer());
  const drafts = fc.record({
    tokens: fc.record({
      input: number,
      output: number,
      reasoning: number,
      cacheRead: number,
      cacheWrite: number,
    }),
    latency: number,
    firstToken: number,
    outputLength: number,
    attempt: number,
    step: number,
    revision: number,
  });
  let count = 0;
  try {
    await fc.assert(
      fc.asyncProperty(drafts, async (fields) => {
        expect(await store.ledger.append([anExecution(SYSTEM_IDS, fields)])).toMatchObject({ stored: 1 });
        count += 1;
      }),
    );
    expect(await store.ledger.listExecutions({ limit: count + 1 })).toHaveLength(count);
    expect((await store.ledger.listRollups({})).reduce((sum, { calls }) => sum + calls, 0)).toBe(count);
    expect((await store.care.verify()).findings).toEqual([]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
