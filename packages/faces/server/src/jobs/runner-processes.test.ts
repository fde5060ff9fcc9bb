/** Tests of job runners that are processes of their own: one dies in the middle of a job. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FIRST_PROJECT, systemClock } from "@colophon/kernel";
import { startSimulator } from "@colophon/simulator";
import { expect, test, vi } from "vitest";
import { fillProject, KEY, nameModels, openJobsDesk } from "./jobs-desk.fixture.ts";
import { startJob } from "./start-job.ts";

const RUNNER = join(dirname(fileURLToPath(import.meta.url)), "runner-process.fixture.ts");
/** Longer than a busy machine keeps a process waiting. */
const LEASE_MS = 5_000;
const PATIENCE = { timeout: 60_000, interval: 20 };

test("a job whose server is killed in the middle is done by another one, once, and paid for once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "colophon-runners-"));
  const simulator = await startSimulator({ latencyMs: 30 });
  const desk = await openJobsDesk(folder, systemClock);
  const harness = await desk.project(FIRST_PROJECT);
  await fillProject(harness, 60);
  await nameModels(desk, simulator.baseUrl);
  const host = new URL(simulator.baseUrl).host;
  const begin = (): ChildProcess =>
    spawn(process.execPath, [RUNNER, folder, host, String(LEASE_MS)], {
      stdio: ["pipe", "ignore", "inherit"],
    });
  const actor = { id: "ada", via: "server" } as const;
  const input = { key: KEY, version: 1, environment: "staging", concurrency: 1 };
  const asked = { operation: { name: "evaluation.run" }, input };
  const { id } = await startJob({ desk }, { actor, project: FIRST_PROJECT }, asked);
  const first = begin();
  try {
    await vi.waitFor(() => expect(simulator.served().length).toBeGreaterThan(4), PATIENCE);
    first.kill("SIGKILL");
    await once(first, "exit");
    expect(await desk.installation.jobs.find(id)).toMatchObject({ state: "running", tries: 1 });
    const [second, third] = [begin(), begin()];
    try {
      const done = await vi.waitFor(async () => {
        const job = await desk.installation.jobs.find(id);
        expect(job?.state).toBe("done");
        return job;
      }, PATIENCE);
      expect(done).toMatchObject({ tries: 2, output: { end: { kind: "complete" }, lines: 20 } });
    } finally {
      for (const one of [second, third]) {
        one.stdin?.end();
        await once(one, "exit");
      }
    }
    const runs = await harness.records.listRecords({ kinds: ["run"] });
    expect(runs).toHaveLength(1);
    // The one call that was under way when its process was killed may be paid for again.
    expect(simulator.served().length).toBeLessThanOrEqual(21);
  } finally {
    first.kill("SIGKILL");
    await desk.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
