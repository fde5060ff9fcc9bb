/** Runs batches through storms of faults, and kills them there. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type BatchWorld, numbersTo, openBatchWorld } from "./batch/batch-world.fixture.ts";
import { MAIN } from "./cli-world.fixture.ts";

let desk: BatchWorld;
afterEach(() => desk.close());

const CONCURRENCY = 8;
const FAULTS = {
  ...{ rate429: 0.25, rateCut: 0.1, rateStall: 0.03, rate500: 0.04, rate529: 0.02 },
  ...{ rateHangup: 0.03, rateMalformed: 0.02, retryAfterSeconds: 0 },
};
const FLAGS = ["--stream", "--timeout", "0.3", "--retries", "40", "--concurrency", String(CONCURRENCY)];

function startBatch(args: readonly string[]): ChildProcess {
  const { simulator, world } = desk;
  const env = {
    ...process.env,
    OPENAI_BASE_URL: simulator.baseUrl,
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
  };
  return spawn(process.execPath, [MAIN, ...args], { cwd: world.folder, stdio: "ignore", env });
}

/** Kills a run once so many calls more were served. @returns whether it was still at work. */
async function killAfter(args: readonly string[], calls: number): Promise<boolean> {
  const aim = desk.simulator.served().length + calls;
  const child = startBatch(args);
  const gone = new Promise((done) => child.once("exit", done));
  while (desk.simulator.served().length < aim && child.exitCode === null) await sleep(1);
  const atWork = child.exitCode === null;
  child.kill("SIGKILL");
  await gone;
  return atWork;
}

/** What must hold however often a batch was killed. */
async function expectAnsweredOnce(count: number, kills: number): Promise<void> {
  const lines = desk.outLines();
  expect(lines.map(({ line }) => line).sort((a, b) => a - b)).toEqual(numbersTo(count));
  expect(lines.filter(({ error, output }) => error !== null || output === null)).toEqual([]);
  const rows = new Map((await desk.rows()).map((row) => [row.id, row]));
  for (const { executionId, output } of lines) {
    expect(rows.get(executionId)).toMatchObject({ status: "ok", outputLength: output?.length });
  }
  const answered = [...rows.values()].filter(({ status }) => status === "ok").length;
  // What was answered and not yet written down when a kill came is asked for again, and nothing else.
  expect(answered).toBeGreaterThanOrEqual(count);
  expect(answered).toBeLessThanOrEqual(count + kills * CONCURRENCY);
  expect((await desk.world.run(["verify", "--json"])).json()).toMatchObject({ ok: true });
}

const CLIENTS = [
  ["openai", "gpt-5-nano"],
  ["responses", "gpt-5-nano"],
  ["anthropic", "claude-haiku-4-5"],
] as const;

describe.each(CLIENTS)("through %s", (client, model) => {
  test("a storm of 429s, cut streams, stalls and 500s ends with every line answered once", async () => {
    desk = await openBatchWorld({ faults: FAULTS, logLimit: 10_000 });
    const count = 40;
    desk.writeTickets(count);
    const ran = await desk.run(desk.args(model, ["--client", client, ...FLAGS, "--json"]));
    expect(ran.err).toBe("");
    expect(ran.code).toBe(0);
    await expectAnsweredOnce(count, 0);
    const served = desk.simulator.served();
    const report = ran.json<{ troubles: Record<string, number>; spending: Record<string, number> }>();
    const faults = served.filter(({ fault }) => fault !== "none");
    expect(faults.length).toBeGreaterThan(15);
    // An answer that comes too late for a busy machine is a timeout, whatever it says; nothing else is called otherwise.
    const limited = served.filter(({ status }) => status === 429).length;
    expect(report.troubles["rate-limit"]).toBeLessThanOrEqual(limited);
    expect(report.troubles["rate-limit"]).toBeGreaterThanOrEqual(limited - (report.troubles.timeout ?? 0));
    const told = Object.values(report.troubles).reduce((sum, times) => sum + times, 0);
    expect(told).toBe(served.length - count);
    expect(report.spending).toMatchObject({ calls: served.length, retries: served.length - count });
    // A row for each try: all but what was answered are counted as errors or aborted.
    expect((await desk.rows()).length).toBe(served.length);
  }, 120_000);
});

test("killed in the storm at any moments, it ends with every line answered once", async () => {
  const count = 24;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CLIENTS),
      fc.integer({ min: 1, max: 1_000 }),
      fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 3 }),
      async ([client, model], seed, moments) => {
        if (runs++ > 0) await desk.close();
        desk = await openBatchWorld({
          seed,
          faults: FAULTS,
          logLimit: 10_000,
          latencyMs: { min: 0, max: 15 },
        });
        desk.writeTickets(count);
        const args = desk.args(model, ["--client", client, ...FLAGS]);
        let kills = 0;
        for (const calls of moments) if (await killAfter(args, calls)) kills++;
        expect(kills).toBeGreaterThan(0);
        const last = await desk.run([...args, "--json"]);
        expect(last.code).toBe(0);
        await expectAnsweredOnce(count, kills);
      },
    ),
    { numRuns: 3, endOnFailure: true },
  );
}, 240_000);

test("interrupted in the storm, it leaves what is not answered to the next run", async () => {
  desk = await openBatchWorld({ faults: { schedule: ["none", "429;retry-after=60"] } });
  desk.writeTickets(5);
  const interrupt = new AbortController();
  const args = desk.args("gpt-5-nano", ["--concurrency", "1", "--json"]);
  const running = desk.run(args, { signal: interrupt.signal });
  while (desk.simulator.served().length < 2) await sleep(1);
  interrupt.abort();
  const first = await running;
  expect(first.code).toBe(1);
  // The wait of a minute ended with the interrupt, and its line was not written down.
  expect(first.json()).toMatchObject({ finished: 1, errors: 0, barred: null });
  expect(desk.written()).toBe(1);
  const second = await desk.run(args);
  expect(second.json()).toMatchObject({ finished: 5, resumed: 1, errors: 0 });
});

test("a provider that asks for hours ends the run, says so, and keeps the lines for later", async () => {
  desk = await openBatchWorld({ faults: { schedule: ["none", "429;retry-after=7200"] } });
  desk.writeTickets(6);
  const args = desk.args("gpt-5-nano", ["--concurrency", "1"]);
  const first = await desk.run(args);
  expect(first.code).toBe(1);
  expect(first.out).toContain("The provider asks to wait 7200 s; nothing more was sent.");
  expect(first.out).toContain("Run the same command again to go on.");
  expect(desk.simulator.served()).toHaveLength(2);
  const second = await desk.run([...args, "--json"]);
  expect(second.code).toBe(0);
  expect(second.json()).toMatchObject({ finished: 6, resumed: 1, errors: 0, barred: null });
});

test("a key that is refused ends the run before lines are spent on it", async () => {
  desk = await openBatchWorld();
  desk.writeTickets(6);
  const refusing = createServer((_request, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"error":{"message":"Incorrect API key provided."}}');
  });
  await new Promise<void>((done) => refusing.listen(0, "127.0.0.1", done));
  const { port } = refusing.address() as AddressInfo;
  const flags = ["--base-url", `http://127.0.0.1:${port}/v1`, "--json"];
  const ran = await desk.run(desk.args("gpt-5-nano", flags));
  refusing.close();
  expect(ran.code).toBe(1);
  expect(ran.json()).toMatchObject({
    finished: 0,
    barred: "The provider takes no calls (401 Incorrect API key provided.)",
  });
});

test("lines that stay in trouble are the verdict, and the summary says what it took", async () => {
  const schedule = ["429;retry-after=0", "none", "500;times=2"];
  desk = await openBatchWorld({ faults: { schedule } });
  desk.writeTickets(3);
  const args = desk.args("gpt-5-nano", ["--concurrency", "1", "--retries", "1"]);
  const ran = await desk.run(args);
  expect(ran.code).toBe(1);
  const rows = await desk.rows();
  const sum = (kind: "input" | "output"): number =>
    rows.reduce((all, { tokens }) => all + (tokens[kind] ?? 0), 0);
  expect(ran.out).toContain("3 of 3 lines are finished");
  expect(ran.out).toContain("1 of them with an error.");
  expect(ran.out).toContain("5 calls, 2 of them retries (errors on the way: server 2, rate-limit 1).");
  expect(ran.out).toMatch(
    new RegExp(
      `${sum("input")} input and ${sum("output")} output tokens, cost \\$0\\.0\\d+ \\(without 3 calls`,
    ),
  );
  expect(ran.out).toContain("remove them from the output and run the same command again");
  // As the sentence says.
  const kept = desk.outLines().filter(({ error }) => error === null);
  desk.world.write("out.jsonl", kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const again = await desk.run([...args, "--json"]);
  expect(again.json()).toMatchObject({ finished: 3, errors: 0, resumed: 2 });
});
