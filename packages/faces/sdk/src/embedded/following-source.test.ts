/** An application says which revision it serves: at once, from time to time, and no longer than it lives. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type Follower, systemClock } from "@colophon/kernel";
import { openSqliteStore, type SqliteStore } from "@colophon/storage/sqlite";
import { aMetadataDraft } from "@colophon/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openEmbedded } from "./open-embedded.ts";

let folder: string;
let file: string;
const opened: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-following-"));
  file = join(folder, ".colophon", "store.db");
});

afterEach(async () => {
  vi.useRealTimers();
  for (const one of opened.splice(0).toReversed()) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openStore(): Promise<SqliteStore> {
  const store = await openSqliteStore({ file, mode: "create", clock: systemClock });
  opened.push(store);
  return store;
}

function openApplication(): ReturnType<typeof openEmbedded> {
  const colophon = openEmbedded(
    { store: join(folder, ".colophon"), application: "shop", environment: "production", pollMs: 10 },
    {},
  );
  opened.push(colophon);
  return colophon;
}

/** Its revision. */
async function appendRecord(store: SqliteStore): Promise<number> {
  const { records } = await store.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  return records[0]?.revision as number;
}

/** What the store knows of followers, as soon as it fits. */
async function untilFollowers(
  { coordination }: SqliteStore,
  fits: (followers: readonly Follower[]) => boolean,
): Promise<readonly Follower[]> {
  for (let turn = 0; ; turn++) {
    const followers = await coordination.listFollowers(0);
    if (fits(followers)) return followers;
    if (turn > 1000) throw new Error(`The followers stay ${JSON.stringify(followers)}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it("is listed with the revision that it serves and since when, follows on, and is gone when it closes", async () => {
  const store = await openStore();
  const revision = await appendRecord(store);
  const before = Date.now();
  const colophon = openApplication();
  const [first] = await untilFollowers(store, ([one]) => one?.revision === revision);
  expect(first).toMatchObject({ application: "shop", environment: "production", ended: false });
  expect(first?.appliedAt).toBeGreaterThanOrEqual(before);
  const next = await appendRecord(store);
  const [second] = await untilFollowers(store, ([one]) => one?.revision === next);
  expect(second?.id).toBe(first?.id);
  expect(second?.appliedAt).toBeGreaterThanOrEqual(first?.appliedAt as number);
  await colophon.close();
  expect(await store.coordination.listFollowers(0)).toEqual([]);
});

it("makes no store to say so, and says so once there is one", async () => {
  openApplication();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(file)).toBe(false);
  const store = await openStore();
  const revision = await appendRecord(store);
  await untilFollowers(store, ([one]) => one?.revision === revision);
});

it("is heard of again every ten seconds", async () => {
  const store = await openStore();
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  openApplication();
  await vi.advanceTimersByTimeAsync(100);
  const seenAt = async (): Promise<number> =>
    (await store.coordination.listFollowers(0))[0]?.seenAt as number;
  const first = await seenAt();
  while (Date.now() <= first);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(await seenAt()).toBe(first);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await seenAt()).toBeGreaterThan(first);
});

it("says so as soon as a locked store is free, and resolves meanwhile", async () => {
  const store = await openStore();
  const locker = new DatabaseSync(file);
  locker.exec("BEGIN IMMEDIATE");
  const colophon = openApplication();
  expect(await colophon.ready({ timeoutMs: 5_000 })).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await store.coordination.listFollowers(0)).toEqual([]);
  locker.exec("COMMIT");
  locker.close();
  await untilFollowers(store, (followers) => followers.length === 1);
});

it("is not listed any more when its process was killed", async () => {
  const fixture = fileURLToPath(new URL("application.fixture.ts", import.meta.url));
  const store = await openStore();
  await appendRecord(store);
  const child = spawn(process.execPath, [fixture, join(folder, ".colophon"), "ada"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  await untilFollowers(store, (followers) => followers.length === 1);
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
  expect(await store.coordination.listFollowers(0)).toEqual([]);
});
