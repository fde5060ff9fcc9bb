/** Tests of the upkeep of every project's store, on real installations. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstallationDesk } from "@colophon/harness";
import { createIdSource, type ExecutionId, FIRST_PROJECT, systemRandom } from "@colophon/kernel";
import { anExecution, type FixedClock, fixedClock } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openJobsDesk, type RunningParts, serverParts } from "../jobs/jobs-desk.fixture.ts";
import { keepStores } from "./keep-stores.ts";

const DAY_MS = 86_400_000;
const EVERY_MS = 20;
const PATIENCE = { timeout: 15_000, interval: 10 };
const OTHER_PROJECT = "other";

let folder: string;
let clock: FixedClock;
let desk: InstallationDesk;
let running: { readonly server: RunningParts; readonly done: Promise<void> }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-keeping-"));
  clock = fixedClock();
  desk = await openJobsDesk(folder, clock);
});
afterEach(async () => {
  for (const { server } of running) server.stop.abort();
  await Promise.all(running.map(({ done }) => done));
  running = [];
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

function keep(on: InstallationDesk = desk): RunningParts {
  const server = serverParts(on);
  running.push({ server, done: keepStores(server.parts, { everyMs: EVERY_MS }) });
  return server;
}

/** Of a call whose contents are kept for a day. */
async function capture(project: string): Promise<ExecutionId> {
  const ids = createIdSource({ clock, random: systemRandom });
  const contents = { inputDigest: "ab", outputDigest: "cd", variables: "{}", output: "billing", days: 1 };
  const row = anExecution(ids, { contents });
  await (await desk.project(project)).ledger.append([row]);
  return row.id;
}

async function contentsOf(project: string, id: ExecutionId): Promise<unknown> {
  return (await desk.project(project)).ledger.findContents(id);
}

/** Says of each round of the first project's upkeep who did it. */
function counted(name: string, rounds: string[]): InstallationDesk {
  return {
    ...desk,
    async project(id) {
      const harness = await desk.project(id);
      const keepUp = async (): Promise<void> => {
        if (id === FIRST_PROJECT) rounds.push(name);
        await harness.care.keepUp();
      };
      return { ...harness, care: { ...harness.care, keepUp } };
    },
  };
}

describe("The upkeep of stores", () => {
  test("deletes contents of every project when their days are over, and seals, while only servers run", async () => {
    await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
    const kept = [
      [FIRST_PROJECT, await capture(FIRST_PROJECT)],
      [OTHER_PROJECT, await capture(OTHER_PROJECT)],
    ] as const;
    keep();
    for (const [project, id] of kept) {
      const { care } = await desk.project(project);
      await vi.waitFor(async () => expect((await care.anchor()).seal.heads).toHaveLength(1), PATIENCE);
      expect(await contentsOf(project, id)).toBeDefined();
    }
    clock.advance(DAY_MS + 1);
    for (const [project, id] of kept) {
      await vi.waitFor(async () => expect(await contentsOf(project, id)).toBeUndefined(), PATIENCE);
    }
  });

  test("lets go of jobs a month after their end", async () => {
    const { jobs } = desk.installation;
    const job = {
      project: FIRST_PROJECT,
      operation: "gate.run",
      input: {},
      by: { id: "ada", via: "cli" },
    } as const;
    const ended = await jobs.enqueue(job);
    await jobs.cancel(ended.id);
    const waiting = await jobs.enqueue(job);
    keep();
    clock.advance(29 * DAY_MS);
    const late = await jobs.enqueue(job);
    await jobs.cancel(late.id);
    expect(await jobs.find(ended.id)).toBeDefined();
    clock.advance(2 * DAY_MS);
    await vi.waitFor(async () => expect(await jobs.find(ended.id)).toBeUndefined(), PATIENCE);
    expect(await jobs.list({})).toHaveLength(2);
    expect(await jobs.find(waiting.id)).toMatchObject({ state: "queued" });
  });

  test("is one server's at a time, another's at once where that one ends, and in the end where it dies", async () => {
    const rounds: string[] = [];
    const first = keep(counted("first", rounds));
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(1), PATIENCE);
    keep(counted("second", rounds));
    const before = rounds.length;
    await vi.waitFor(() => expect(rounds.length).toBeGreaterThan(before + 3), PATIENCE);
    expect(new Set(rounds)).toEqual(new Set(["first"]));
    first.stop.abort();
    await running[0]?.done;
    await vi.waitFor(() => expect(rounds).toContain("second"), PATIENCE);
    // The second one dies: its lease runs out on the servers' clock.
    const { coordination } = await desk.project(FIRST_PROJECT);
    running[1]?.server.stop.abort();
    await running[1]?.done;
    await coordination.takeLease("upkeep", "dead", clock.now() + EVERY_MS);
    keep(counted("third", rounds));
    clock.advance(EVERY_MS + 1);
    await vi.waitFor(() => expect(rounds).toContain("third"), PATIENCE);
  });

  test("goes on with the others where a project's store is away, and says it once", async () => {
    await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
    const id = await capture(OTHER_PROJECT);
    clock.advance(DAY_MS + 1);
    let tries = 0;
    const broken: InstallationDesk = {
      ...desk,
      project(project) {
        if (project !== FIRST_PROJECT) return desk.project(project);
        tries += 1;
        return Promise.reject(new Error("away"));
      },
    };
    const { logged } = keep(broken);
    await vi.waitFor(async () => expect(await contentsOf(OTHER_PROJECT, id)).toBeUndefined(), PATIENCE);
    await vi.waitFor(() => expect(tries).toBeGreaterThan(2), PATIENCE);
    expect(logged.filter((line) => line.includes("cannot be kept up"))).toHaveLength(1);
  });
});
