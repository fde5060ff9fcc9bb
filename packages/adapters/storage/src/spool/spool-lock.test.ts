/** Locks on spools: held by one at a time, also across processes, and gone with their process. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { lockSpool } from "./spool-lock.ts";

function aPath(): { readonly folder: string; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), "colophon-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, path: join(folder, "one.lock") };
}

test("A lock is held by one at a time, and leaves one empty file", () => {
  const { folder, path } = aPath();
  const lock = lockSpool(path);
  expect(lock).toBeDefined();
  expect(lockSpool(path)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["one.lock"]);
  lock?.release();
  const again = lockSpool(path);
  expect(again).toBeDefined();
  again?.release();
});

test("A lock of another process is respected while it lives, and is gone when it is killed", async () => {
  const { path } = aPath();
  const module = new URL("spool-lock.ts", import.meta.url).href;
  const code = `import { lockSpool } from ${JSON.stringify(module)}; globalThis.lock = lockSpool(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(lockSpool(path)).toBeUndefined();
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
  const lock = lockSpool(path);
  expect(lock).toBeDefined();
  lock?.release();
});

test("Who has only begun to come for a lock keeps nobody from it, so that of several one gets it", () => {
  const { path } = aPath();
  // SQLite takes its locks step by step, and everybody's first step is that of a reader.
  const other = new DatabaseSync(path);
  onTestFinished(() => other.close());
  other.exec("BEGIN; SELECT * FROM sqlite_schema");
  const lock = lockSpool(path);
  expect(lock).toBeDefined();
  expect(lockSpool(path)).toBeUndefined();
  lock?.release();
});
