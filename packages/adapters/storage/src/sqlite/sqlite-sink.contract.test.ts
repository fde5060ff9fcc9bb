/** Holds the embedded sink to the contract of its port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ledgerSinkContract } from "@colophon/testkit";
import { spoolDirOf } from "../spool/spool-dir-of.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { createSqliteSink } from "./sqlite-sink.ts";

ledgerSinkContract({
  name: "the SQLite sink",
  receipt: "stored",
  async open(parts) {
    const folder = mkdtempSync(join(tmpdir(), "colophon-sink-"));
    const file = join(folder, "store.db");
    const { ledger, care, close } = await openSqliteStore({ file, mode: "create", ...parts });
    const sink = createSqliteSink({ file, spoolDir: spoolDirOf(file), ...parts, onNotice: () => {} });
    return {
      sink,
      ledger,
      care,
      async dispose() {
        await sink.close();
        await close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
