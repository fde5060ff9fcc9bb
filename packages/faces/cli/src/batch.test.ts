/** Runs batches against a simulated model: whole, with faults, and killed in the middle. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type BatchWorld, numbersTo, openBatchWorld } from "./batch/batch-world.fixture.ts";
import { KEY, MAIN } from "./cli-world.fixture.ts";

let desk: BatchWorld;
afterEach(() => desk.close());

function batchArgs(more: readonly string[] = []): readonly string[] {
  return desk.args("gpt-5-nano", ["--base-url", desk.simulator.baseUrl, ...more]);
}

test("each line is called once through the tiers, and its row names subjects and the model that was chosen", async () => {
  desk = await openBatchWorld();
  desk.writeTickets(12);
  await desk.world.run(["override", "set", `${KEY}@v2`, "--user", "ada"]);
  const ran = await desk.world.run([...batchArgs(), "--json"]);
  expect(ran.err).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.json()).toMatchObject({ lines: 12, finished: 12, errors: 0, model: "gpt-5-nano" });
  const lines = desk.outLines();
  expect(lines.map(({ line }) => line).sort((a, b) => a - b)).toEqual(numbersTo(12));
  const rows = await desk.rows();
  expect(rows).toHaveLength(12);
  for (const { executionId, version, output, error } of lines) {
    const row = rows.find(({ id }) => id === executionId);
    expect(error).toBeNull();
    expect(output).not.toBe("");
    expect(row).toMatchObject({ version, requestedModel: "gpt-5-nano" });
    expect(version).toBe(row?.subjects.user === "ada" ? 2 : 1);
  }
  const again = await desk.world.run([...batchArgs(), "--json"]);
  expect(again.json()).toMatchObject({ finished: 12, resumed: 12 });
  expect(desk.simulator.requests).toHaveLength(12);
});

test("faults that pass are tried again, each try with a row of its own", async () => {
  const faults = { rate429: 0.3, retryAfterSeconds: 0 };
  desk = await openBatchWorld({ faults });
  desk.writeTickets(10);
  const ran = await desk.world.run([...batchArgs(), "--json"]);
  expect(ran.json()).toMatchObject({ finished: 10, errors: 0 });
  const rows = await desk.rows();
  expect(rows.length).toBe(desk.simulator.requests.length);
  expect(rows.some(({ attempt }) => attempt > 1)).toBe(true);
  expect(rows.filter(({ status }) => status === "ok")).toHaveLength(10);
});

test("an error that stays is the line's result, and the verdict is negative", async () => {
  desk = await openBatchWorld();
  desk.writeTickets(2);
  const wrong = batchArgs().map((arg) =>
    arg === desk.simulator.baseUrl ? `${desk.simulator.url}/nowhere` : arg,
  );
  const ran = await desk.world.run([...wrong, "--json"]);
  expect(ran.code).toBe(1);
  expect(desk.outLines().every(({ error, output }) => output === null && error?.includes("404"))).toBe(true);
});

test("a bad line is named before anything is sent", async () => {
  desk = await openBatchWorld();
  const good = '{"ticket": "It crashes"}';
  const bad: readonly (readonly [string, string])[] = [
    ['{"ticket": ', "line 3 is no JSON"],
    ["[1]", "line 3 is no JSON object"],
    ['{"tickte": "x"}', "line 3 does not fit"],
    ['{"variables": {"ticket": 4}}', "ticket must be string"],
    ['{"ticket": "x", "user": 7}', "line 3 has a user that is no text"],
  ];
  for (const [line, words] of bad) {
    desk.world.write("in.jsonl", `${good}\n\n${line}\n`);
    const ran = await desk.world.run(batchArgs());
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  }
  expect(desk.simulator.requests).toHaveLength(0);
  expect(existsSync(join(desk.world.folder, "out.jsonl"))).toBe(false);
});

test("a prompt that nobody released is not called", async () => {
  desk = await openBatchWorld();
  desk.writeTickets(1);
  const ran = await desk.world.run(batchArgs().map((arg) => (arg === "production" ? "staging" : arg)));
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("release a version there first");
});

function startBatch(): ChildProcess {
  return spawn(process.execPath, [MAIN, ...batchArgs(["--concurrency", "3"])], {
    cwd: desk.world.folder,
    stdio: "ignore",
  });
}

test("an interrupted batch brings its calls to an end, says so, and goes on later", async () => {
  desk = await openBatchWorld({ latencyMs: { min: 20, max: 40 } });
  desk.writeTickets(40);
  const interrupt = new AbortController();
  const running = desk.world.run([...batchArgs(), "--json"], { signal: interrupt.signal });
  while (desk.simulator.requests.length < 8) await sleep(5);
  interrupt.abort();
  const first = await running;
  expect(first.code).toBe(1);
  const { finished } = first.json<{ finished: number }>();
  expect(finished).toBe(desk.outLines().length);
  expect(finished).toBeLessThan(40);
  expect(desk.simulator.requests.length).toBe(finished);
  const second = await desk.world.run([...batchArgs(), "--json"]);
  expect(second.json()).toMatchObject({ finished: 40, resumed: finished, errors: 0 });
  expect(desk.simulator.requests.length).toBe(40);
});

test("killed again and again, every line is there exactly once in the end", async () => {
  // So slow that also a busy machine sees each aim before the batch is at its end.
  desk = await openBatchWorld({ latencyMs: { min: 60, max: 140 } });
  const count = 60;
  desk.writeTickets(count);
  let kills = 0;
  for (const aim of [5, 16, 28]) {
    const child = startBatch();
    while (desk.written() < aim && child.exitCode === null) await sleep(5);
    if (child.exitCode === null) kills++;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
  }
  expect(kills).toBe(3);
  const last = await desk.world.run([...batchArgs(), "--json"]);
  expect(last.code).toBe(0);
  const lines = desk.outLines();
  expect(lines.map(({ line }) => line).sort((a, b) => a - b)).toEqual(numbersTo(count));
  expect(new Set(lines.map(({ executionId }) => executionId)).size).toBe(count);
  // Every result that was acknowledged has its row, whatever was killed.
  const ids = new Set((await desk.rows()).map(({ id }) => id));
  for (const { executionId } of lines) expect(ids.has(executionId)).toBe(true);
  expect((await desk.world.run(["verify", "--json"])).json()).toMatchObject({ ok: true });
}, 60_000);
