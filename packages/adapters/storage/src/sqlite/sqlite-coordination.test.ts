/** Which followers live is seen from their processes, on the same machine. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { systemClock } from "@colophon/kernel";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteCore } from "./open-sqlite-core.ts";
import { hasEnded, ownProcess } from "./process-mark.ts";
import { createSqliteCoordination } from "./sqlite-coordination.ts";
import { storeFolder } from "./store-folder.fixture.ts";

const FOLLOWER = { application: null, environment: "production", revision: 1, appliedAt: 0 };

function openCoordination() {
  const { file, onDone } = storeFolder();
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => core.close());
  return { core, coordination: createSqliteCoordination(core) };
}

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("close", resolve));
  return child.pid as number;
}

test("A follower whose process lives is known to live, one whose process ended is not listed, of another machine's nothing is known", async () => {
  const { core, coordination } = openCoordination();
  const own = ownProcess();
  const marks = {
    living: own,
    ended: { ...own, pid: await endedProcess() },
    elsewhere: { ...own, host: `${own.host}-2` },
  };
  for (const [id, mark] of Object.entries(marks)) {
    await coordination.follow({ id, ...FOLLOWER });
    core.prepare("UPDATE presence SET process = ? WHERE id = ?").run(JSON.stringify(mark), id);
  }
  const followers = await coordination.listFollowers(0);
  expect(followers.map(({ id, ended }) => [id, ended])).toEqual([
    ["elsewhere", null],
    ["living", false],
  ]);
});

test("A process whose number another one got meanwhile is known to have ended", () => {
  const own = ownProcess();
  expect(own.host).toContain(hostname());
  expect(hasEnded(own)).toBe(false);
  expect(hasEnded({ ...own, began: null })).toBe(false);
  expect(hasEnded({ ...own, began: "1" })).toBe(true);
});

test.runIf(process.platform === "linux")(
  "A process that ended is known to have ended also where nobody has buried it",
  async () => {
    // What the shell becomes never asks what became of the process that it left in the background.
    const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
    const fields = (): readonly string[] => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    const mark = { ...ownProcess(), pid, began: fields()[21] as string };
    expect(hasEnded(mark)).toBe(false);
    while (fields()[2] !== "Z") await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hasEnded(mark)).toBe(true);
  },
);

test("A process that may not be asked is taken for living", () => {
  // The first process of the system is somebody else's, or this one's own where it runs as root.
  expect(hasEnded({ ...ownProcess(), pid: 1, began: null })).toBe(false);
});

test("Followers that were silent for a day are forgotten when somebody follows", async () => {
  const { core, coordination } = openCoordination();
  await coordination.follow({ id: "old", ...FOLLOWER });
  core.prepare("UPDATE presence SET seen_at = ?").run(systemClock.now() - 86_400_001);
  expect(await coordination.listFollowers(0)).toHaveLength(1);
  await coordination.follow({ id: "new", ...FOLLOWER });
  expect((await coordination.listFollowers(0)).map(({ id }) => id)).toEqual(["new"]);
});

test("A store that may only be read lists followers, and says that it cannot take one", async () => {
  const { file, onDone } = storeFolder();
  const writing = openSqliteCore({ file, mode: "create", clock: systemClock });
  onDone(() => writing.close());
  await createSqliteCoordination(writing).follow({ id: "one", ...FOLLOWER });
  const core = openSqliteCore({ file, mode: "read", clock: systemClock });
  onTestFinished(() => core.close());
  const coordination = createSqliteCoordination(core);
  expect(await coordination.listFollowers(0)).toHaveLength(1);
  await expect(coordination.follow({ id: "two", ...FOLLOWER })).rejects.toMatchObject({
    code: "store-read-only",
  });
  await expect(coordination.takeLease("job", "one", 1)).rejects.toMatchObject({ code: "store-read-only" });
});
