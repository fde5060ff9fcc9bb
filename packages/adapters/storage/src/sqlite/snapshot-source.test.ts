/** Holds the source that feeds from the embedded store to the contract of its port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotSourceContract } from "@colophon/testkit";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { createSqliteSnapshotSource } from "./snapshot-source.ts";

snapshotSourceContract({
  name: "the source of the SQLite store",
  first: "at-once",
  async open(parts) {
    const folder = mkdtempSync(join(tmpdir(), "colophon-source-"));
    const file = join(folder, "store.db");
    const { records, care, close } = await openSqliteStore({ file, mode: "create", ...parts });
    const source = createSqliteSnapshotSource({ file, clock: parts.clock, pollMs: 5 });
    const dispose = async (): Promise<void> => {
      await source.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { source, records, care, dispose };
  },
});
