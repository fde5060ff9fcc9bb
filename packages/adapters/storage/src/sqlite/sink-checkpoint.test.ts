/** The write-ahead log is moved into the store when it has grown long, wherever the store's name leads. */
import { execFile } from "node:child_process";
import { statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { systemClock } from "@colophon/kernel";
import { anExecution } from "@colophon/testkit";
import { expect, test } from "vitest";
import { openLedgerWriter } from "./ledger-writer.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { SinkCheckpoint } from "./sink-checkpoint.ts";
import { SYSTEM_IDS, storeFolder } from "./store-folder.fixture.ts";

test("a process that waits for a checkpoint at its end stays alive for it", async () => {
  const { file } = storeFolder();
  const script = fileURLToPath(new URL("sink-checkpoint.fixture.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", script, file]);
  expect(stdout).toBe("finished\n");
});

const NINE_MEGABYTES = 9 * 1024 * 1024;

test.each(["itself", "a symbolic link"])("a long log of a store that is named by %s is moved", async (by) => {
  const { folder, file, onDone } = storeFolder();
  openSqliteCore({ file, mode: "create", clock: systemClock }).close();
  const name = by === "itself" ? file : join(folder, "link.db");
  if (name !== file) symlinkSync(file, name);
  const core = openSqliteCore({ file: name, mode: "write", clock: systemClock });
  onDone(() => core.close());
  const checkpoint = new SinkCheckpoint(name);
  checkpoint.prepare(core);
  const output = "x".repeat(NINE_MEGABYTES);
  const contents = { inputDigest: null, outputDigest: null, variables: null, output, days: null };
  openLedgerWriter(core).append(anExecution(SYSTEM_IDS, { contents }));
  expect(statSync(file).size).toBeLessThan(NINE_MEGABYTES);
  checkpoint.nudge();
  await checkpoint.finished();
  expect(statSync(file).size).toBeGreaterThan(NINE_MEGABYTES);
});
