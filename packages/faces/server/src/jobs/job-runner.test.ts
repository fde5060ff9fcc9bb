/** Tests of the job runner on a real installation, with a simulated model behind real HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type InstallationDesk, importEvalSet, OPERATIONS } from "@colophon/harness";
import { FIRST_PROJECT, type Job, type JobState } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { type FixedClock, fixedClock } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { JobRunner, type JobRunnerOptions } from "./job-runner.ts";
import {
  fillProject,
  KEY,
  nameModels,
  openJobsDesk,
  type RunningParts,
  serverParts,
} from "./jobs-desk.fixture.ts";
import { startJob } from "./start-job.ts";

/** Looked for often, and given up only where a busy machine would have had it long ago. */
const SOON = { timeout: 20_000, interval: 10 };

const BY = { id: "clp_key_1", via: "server" } as const;
const EVALUATE = { key: KEY, version: 1, environment: "staging" };
const LEASE_MS = 30_000;
const CASES = 12;
const OWN_CASES = '{"variables":{"ticket":"x"},"split":"dev"}\n{"variables":{"ticket":"y"},"split":"test"}';

let folder: string;
let clock: FixedClock;
let desk: InstallationDesk;
let simulator: RunningSimulator;
let running: { readonly server: RunningParts; readonly done: Promise<void> }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-jobs-"));
  clock = fixedClock();
  desk = await openJobsDesk(folder, clock);
  simulator = await startSimulator({ latencyMs: 0 });
  await fillProject(await desk.project(FIRST_PROJECT), CASES);
  await nameModels(desk, simulator.baseUrl);
});
afterEach(async () => {
  for (const { server } of running) server.stop.abort();
  await Promise.all(running.map(({ done }) => done));
  running = [];
  await desk.close();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(options: JobRunnerOptions = {}): RunningParts {
  const server = serverParts(desk);
  const allow = [new URL(simulator.baseUrl).host];
  const runner = new JobRunner(server.parts, { allow, lookMs: 10, renewMs: 10, graceMs: 2_000, ...options });
  running.push({ server, done: runner.run() });
  return server;
}

function start(input: object, name = "evaluation.run"): Promise<Job> {
  return startJob({ desk }, { actor: BY, project: FIRST_PROJECT }, { operation: { name }, input });
}

async function find(id: string): Promise<Job> {
  const job = await desk.installation.jobs.find(id);
  if (job === undefined) throw new Error(`There is no job ${id}.`);
  return job;
}

function becomes(id: string, state: JobState): Promise<Job> {
  const look = async (): Promise<Job> => {
    const job = await find(id);
    expect(job).toMatchObject({ state });
    return job;
  };
  return vi.waitFor(look, { timeout: 20_000, interval: 10 });
}

const asked = (): number => simulator.served().length;

describe("A job", () => {
  test("is done as whoever asked for it, tells its way, and ends with its operation's output", async () => {
    const server = run();
    const { id } = await start(EVALUATE);
    const { output, tries } = await becomes(id, "done");
    const operation = OPERATIONS.find(({ name }) => name === "evaluation.run");
    expect(operation?.output.parse(output)).toMatchObject({
      subject: "v1",
      end: { kind: "complete" },
      cases: 4,
    });
    expect(tries).toBe(1);
    const harness = await desk.project(FIRST_PROJECT);
    const [record] = await harness.records.listRecords({ kinds: ["run"] });
    expect(record?.by).toEqual(BY);
    const events = await desk.installation.jobs.listEvents(id, 0);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1));
    expect(events[0]).toMatchObject({ kind: "estimate", data: { calls: 4 } });
    expect(events.at(-1)).toMatchObject({ kind: "progress", data: { done: 4, planned: 4 } });
    expect(server.logged.join("")).not.toContain("sk-very-secret");
  });

  test("that fails says why, with the code that the command line would have", async () => {
    run();
    const failures: readonly (readonly [object, string, string])[] = [
      [{ ...EVALUATE, version: 9 }, "evaluation.run", "version-unknown"],
      [{ ...EVALUATE, environment: 7 }, "evaluation.run", "input-malformed"],
      [{}, "evaluation.of-tomorrow", "usage"],
      [{ ...EVALUATE, model: { provider: "anthropic", id: "claude-haiku-4-5" } }, "evaluation.run", "usage"],
    ];
    for (const [input, operation, code] of failures) {
      const { error } = await becomes((await start(input, operation)).id, "failed");
      expect([operation, error?.code]).toEqual([operation, code]);
      expect(error?.message).toMatch(/\.$/);
    }
    expect(asked()).toBe(0);
  });

  test("that meets a fault of the server tells it to the log alone", async () => {
    const broken = { ...desk, project: () => Promise.reject(new Error("the disk at /secret/place is full")) };
    const server = serverParts(broken);
    running.push({ server, done: new JobRunner(server.parts, { lookMs: 10 }).run() });
    const { error } = await becomes((await start(EVALUATE)).id, "failed");
    expect(error).toMatchObject({ code: "bug", message: expect.not.stringContaining("/secret") });
    expect(server.logged.join("")).toContain("/secret/place");
  });

  test("asks models with its project's secrets, and nothing of the server's environment", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-of-the-server");
    vi.stubEnv("OPENAI_BASE_URL", simulator.baseUrl);
    try {
      for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL"]) {
        await desk.installation.secrets.remove(FIRST_PROJECT, name);
      }
      run();
      const { error } = await becomes((await start(EVALUATE)).id, "failed");
      expect(error?.message).toContain("OPENAI_API_KEY is not set");
      expect(asked()).toBe(0);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("asks no model inside the operator's network unless it is allowed", async () => {
    run({ allow: [] });
    const { output } = await becomes((await start(EVALUATE)).id, "done");
    expect(output).toMatchObject({ end: { kind: "barred", why: expect.stringContaining("--allow-host") } });
    expect(asked()).toBe(0);
  });

  test("runs no scorer of anybody's own", async () => {
    await importEvalSet(await desk.project(FIRST_PROJECT), {
      file: { file: "own.jsonl", format: "jsonl", text: OWN_CASES },
      name: "own",
      scorers: ['{"scorer":"custom","options":{"file":"score.ts"}}'],
    });
    run();
    const { error } = await becomes((await start({ ...EVALUATE, set: "own" })).id, "failed");
    expect(error).toMatchObject({ code: "not-allowed", message: expect.stringContaining("score.ts") });
  });

  test("that asks no model is done where the secrets cannot be read", async () => {
    const other = await openJobsDesk(folder, clock, "another key of thirty-two characters and more");
    const server = serverParts(other);
    const done = new JobRunner(server.parts, { lookMs: 10 }).run();
    try {
      const drill = { environment: "staging", timeout: 10 };
      await becomes((await start(drill, "drill.all")).id, "done");
      const { error } = await becomes((await start(EVALUATE)).id, "failed");
      expect(error?.code).toBe("usage");
    } finally {
      server.stop.abort();
      await done;
      await other.close();
    }
  });
});

describe("Jobs of several servers", () => {
  test("are each done once, a bounded number at a time", async () => {
    const most: number[] = [];
    const onRunning = (jobs: number): void => void most.push(jobs);
    const ids: string[] = [];
    for (let version = 1; version <= 2; version++) {
      for (let repeats = 1; repeats <= 3; repeats++) {
        ids.push((await start({ ...EVALUATE, version, repeats })).id);
      }
    }
    run({ atOnce: 2, onRunning });
    run({ atOnce: 1, onRunning });
    for (const id of ids) expect((await becomes(id, "done")).tries).toBe(1);
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
    const harness = await desk.project(FIRST_PROJECT);
    expect(await harness.records.listRecords({ kinds: ["run"] })).toHaveLength(ids.length);
  });

  test("of one that died are taken over when its lease is over, and not before", async () => {
    const { id } = await start(EVALUATE);
    expect(await desk.installation.jobs.take("dead", LEASE_MS)).toMatchObject({ id });
    run();
    const second = await start({ ...EVALUATE, version: 2 });
    await becomes(second.id, "done");
    expect(await find(id)).toMatchObject({ state: "running", tries: 1 });
    clock.advance(LEASE_MS + 1);
    expect(await becomes(id, "done")).toMatchObject({ tries: 2 });
  });

  test("stop where their lease was lost, and write nothing any more", async () => {
    simulator.failNext("stall;pause=300;times=1");
    const { id } = await start({ ...EVALUATE, concurrency: 1 });
    const server = run();
    await becomes(id, "running");
    await vi.waitFor(async () => {
      clock.advance(LEASE_MS + 1);
      expect(await desk.installation.jobs.take("thief", LEASE_MS)).toMatchObject({ id });
    }, SOON);
    await vi.waitFor(() => expect(server.logged.join("")).toContain('"end":"lost"'), { timeout: 10_000 });
    expect(await find(id)).toMatchObject({ state: "running" });
    expect(asked()).toBeLessThan(4);
    expect(await desk.installation.jobs.finish(id, "thief", { state: "done", output: 1 })).toBe(true);
  });

  test("that a server forgot to renew are ended there before it does them anew", async () => {
    simulator.failNext("stall;pause=300;times=1");
    const { id } = await start({ ...EVALUATE, concurrency: 1 });
    const server = run({ renewMs: 3_600_000 });
    await becomes(id, "running");
    await vi.waitFor(() => expect(server.logged.join("")).toContain("a job begins"), SOON);
    clock.advance(LEASE_MS + 1);
    const { tries, output } = await becomes(id, "done");
    expect([tries, output]).toMatchObject([2, { end: { kind: "complete" }, lines: 4 }]);
    expect(server.logged.join("")).toContain('"end":"lost"');
    expect(asked()).toBeLessThanOrEqual(5);
  });

  test("that ended a server three times end no fourth", async () => {
    const { id } = await start(EVALUATE);
    for (let time = 0; time < 3; time++) {
      await desk.installation.jobs.take(`dead ${time}`, LEASE_MS);
      clock.advance(LEASE_MS + 1);
    }
    run();
    const { error, tries } = await becomes(id, "failed");
    expect([tries, error?.message]).toEqual([4, expect.stringContaining("begun 3 times")]);
    expect(asked()).toBe(0);
  });
});

describe("A runner whose database is away", () => {
  test("says it once, and takes jobs when it is back", async () => {
    let tries = 0;
    const { jobs } = desk.installation;
    const take: typeof jobs.take = (holder, leaseMs) => {
      tries += 1;
      return tries > 5 ? jobs.take(holder, leaseMs) : Promise.reject(new Error("away"));
    };
    const away = { ...desk, installation: { ...desk.installation, jobs: { ...jobs, take } } };
    const server = serverParts(away);
    const allow = [new URL(simulator.baseUrl).host];
    running.push({ server, done: new JobRunner(server.parts, { allow, lookMs: 5 }).run() });
    await becomes((await start(EVALUATE)).id, "done");
    expect(server.logged.filter((line) => line.includes("cannot be taken"))).toHaveLength(1);
  });
});

describe("A job that servers gave back in order", () => {
  test("is done however often they were restarted", async () => {
    const { jobs } = desk.installation;
    const { id } = await start(EVALUATE);
    for (let time = 0; time < 5; time++) {
      await jobs.take(`orderly ${time}`, LEASE_MS);
      expect(await jobs.giveBack(id, `orderly ${time}`)).toBe(true);
    }
    run();
    expect(await becomes(id, "done")).toMatchObject({ tries: 1 });
  });
});

describe("A job under way", () => {
  test("ends when it is cancelled, with what was recorded", async () => {
    simulator.failNext("stall;pause=200;times=100");
    const { id } = await start(EVALUATE);
    run();
    await becomes(id, "running");
    expect(await desk.installation.jobs.cancel(id)).toBe(true);
    const job = await becomes(id, "cancelled");
    expect(job).not.toHaveProperty("output");
  });

  test("is given back when the server stops, and another one pays for nothing twice", async () => {
    const slow = await startSimulator({ latencyMs: 40 });
    await nameModels(desk, slow.baseUrl);
    try {
      const allow = [new URL(slow.baseUrl).host];
      const { id } = await start({ ...EVALUATE, repeats: 3, concurrency: 1 });
      const server = run({ allow });
      await vi.waitFor(() => expect(slow.served().length).toBeGreaterThan(2), { timeout: 10_000 });
      server.stop.abort();
      await running[0]?.done;
      expect(await find(id)).toMatchObject({ state: "queued" });
      const paid = slow.served().length;
      expect(paid).toBeLessThan(12);
      run({ allow });
      const { output } = await becomes(id, "done");
      expect(output).toMatchObject({ end: { kind: "complete" }, lines: 12 });
      expect(slow.served().length).toBe(12);
    } finally {
      await slow.close();
    }
  });

  test("is given back though a model does not answer any more, and the answer that was cut is no failure", async () => {
    let asked = 0;
    const silent = createServer(async (request, response) => {
      asked += 1;
      if (asked === 1) return;
      const body = await text(request);
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${simulator.url}${request.url}`, { method: "POST", headers, body });
      response.writeHead(answer.status, headers).end(await answer.text());
    });
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    try {
      const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      await nameModels(desk, `http://${host}/v1`);
      const { id } = await start({ ...EVALUATE, concurrency: 1 });
      const server = run({ allow: [host], graceMs: 50 });
      await vi.waitFor(() => expect(asked).toBe(1), { timeout: 10_000 });
      server.stop.abort();
      await running[0]?.done;
      expect(await find(id)).toMatchObject({ state: "queued" });
      run({ allow: [host] });
      const { output } = await becomes(id, "done");
      expect(output).toMatchObject({ end: { kind: "complete" }, lines: 4, errors: 0 });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
