/** Stores that keep every row say so, and keep it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdSource, systemClock, systemRandom } from "@colophon/kernel";
import { anActor, anExecution } from "@colophon/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryStore } from "../memory/create-memory-store.ts";
import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";

const ids = createIdSource({ clock: systemClock, random: systemRandom });

async function sqliteStore() {
  const folder = mkdtempSync(join(tmpdir(), "colophon-retain-"));
  const store = await openSqliteStore({ file: join(folder, "store.db"), mode: "create", clock: systemClock });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

test.each([
  ["memory", async () => createMemoryStore({ clock: systemClock, ids })],
  ["SQLite", sqliteStore],
] as const)("A store in %s lets go of no row", async (_, open) => {
  const { care, ledger } = await open();
  const row = anExecution(ids);
  await ledger.append([row]);
  const retained = care.retain(systemClock.now() + 1, anActor());
  await expect(retained).rejects.toMatchObject({ code: "store-unsupported" });
  expect(await ledger.findExecution(row.id)).toBeDefined();
});
