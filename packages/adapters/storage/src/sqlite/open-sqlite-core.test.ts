/** Opening a store: what is made, what is refused, and in which words. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type ErrorCode, errorCodeOf, systemClock } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { EDITION, editionOf } from "./migrations.ts";
import { openSqliteCore } from "./open-sqlite-core.ts";
import type { StoreMode } from "./sqlite-core.ts";
import { filledStore, storeFolder } from "./store-folder.fixture.ts";
import { verifyStore } from "./verify/verify-store.ts";

function codeOfOpening(file: string, mode: StoreMode): ErrorCode | undefined {
  try {
    openSqliteCore({ file, mode, clock: systemClock, openTimeout: 20 }).close();
    return undefined;
  } catch (error) {
    expect((error as Error).message).toContain(file);
    return errorCodeOf(error);
  }
}

describe("Opening a store", () => {
  test("makes it with its first environments, for its owner alone, when it may create", () => {
    const { folder } = storeFolder();
    const file = join(folder, "app", ".colophon", "store.db");
    const core = openSqliteCore({ file, mode: "create", clock: systemClock });
    expect(
      core
        .prepare("SELECT body ->> '$.data.name' AS name FROM record")
        .all()
        .map(({ name }) => name),
    ).toEqual(["development", "staging", "production"]);
    expect(editionOf(core.db)).toBe(EDITION);
    core.close();
  });

  test.each<StoreMode>(["read", "write"])("to %s makes nothing where there is none", (mode) => {
    const { folder } = storeFolder();
    const file = join(folder, ".colophon", "store.db");
    expect(codeOfOpening(file, mode)).toBe("store-unavailable");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("to read does not take an empty file for a store", () => {
    const { file } = storeFolder();
    writeFileSync(file, "");
    expect(codeOfOpening(file, "read")).toBe("store-unavailable");
  });

  test.each<StoreMode>(["read", "write", "create"])(
    "to %s refuses what is no database, and leaves it alone",
    (mode) => {
      const { file } = storeFolder();
      writeFileSync(file, "# notes\n".repeat(100));
      expect(codeOfOpening(file, mode)).toBe("store-corrupt");
    },
  );

  test("refuses another program's database, and leaves it alone", () => {
    const { file } = storeFolder();
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE cookies (name TEXT)");
    other.close();
    expect(codeOfOpening(file, "create")).toBe("store-unsupported");
  });

  test.each<StoreMode>(["read", "create"])("to %s refuses a store of a newer edition", async (mode) => {
    const folder = storeFolder();
    await filledStore(folder);
    const newer = new DatabaseSync(folder.file);
    newer.exec(`PRAGMA user_version = ${EDITION + 1}`);
    newer.close();
    expect(codeOfOpening(folder.file, mode)).toBe("store-newer");
  });

  test("to create says that it is busy when somebody is in the way of making it", () => {
    const { file } = storeFolder();
    const other = new DatabaseSync(file);
    other.exec("BEGIN EXCLUSIVE");
    expect(codeOfOpening(file, "create")).toBe("store-busy");
    other.close();
  });
});

describe("A disk without room", () => {
  test("is what is said when the store cannot be made for it", async () => {
    const { file } = storeFolder();
    const fixture = fileURLToPath(new URL("open-store.fixture.ts", import.meta.url));
    // Room for the first pages, not for all tables: SQLite ends the transaction by itself then.
    const limited = `ulimit -f 100; exec "$0" "$@"`;
    const child = spawn("sh", ["-c", limited, process.execPath, fixture, file, "create"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    expect(JSON.parse(await outputOf(child))).toEqual(["store-unavailable"]);
  });
});

/** Runs a fixture as somebody who may not write what root made. */
function asNobody(fixture: string, args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(fixture, import.meta.url));
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  return outputOf(
    spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "inherit"], ...nobody }),
  );
}

async function outputOf(child: ReturnType<typeof spawn>): Promise<string> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}

describe("A store that may not be written", () => {
  test("opens for reading, also in a folder that may not be written, and is refused for writing", async () => {
    const folder = storeFolder();
    await filledStore(folder);
    chmodSync(folder.file, 0o444);
    chmodSync(folder.folder, 0o555);
    folder.onDone(() => chmodSync(folder.folder, 0o755));
    const told = JSON.parse(
      await asNobody("open-store.fixture.ts", [folder.file, "read", "write", "create"]),
    ) as unknown;
    expect(told).toEqual([{ records: 5, findings: [] }, "store-read-only", "store-read-only"]);
  });
});

describe("Processes that make one store at the same time", () => {
  test("agree on one, whole", async () => {
    for (let round = 0; round < 3; round++) {
      const { file } = storeFolder();
      const fixture = fileURLToPath(new URL("open-store.fixture.ts", import.meta.url));
      const start = String(Date.now() + 1000);
      const outputs = await Promise.all(
        Array.from({ length: 4 }, () =>
          outputOf(
            spawn(process.execPath, [fixture, file, `create@${start}`], {
              stdio: ["ignore", "pipe", "inherit"],
            }),
          ),
        ),
      );
      expect(outputs.map((output) => JSON.parse(output) as unknown)).toEqual(
        Array(4).fill([{ records: 3, findings: [] }]),
      );
      expect(existsSync(file)).toBe(true);
      expect((await verifyStore({ file, clock: systemClock }, undefined)).findings).toEqual([]);
    }
  });
});
