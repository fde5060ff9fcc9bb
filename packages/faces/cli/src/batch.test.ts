/** Runs batches against a simulated model: whole, with faults, and killed in the middle. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningSimulator, startSimulator, ticketCorpus } from "@colophon/simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, MAIN, openWorld } from "./cli-world.fixture.ts";

let world: CliWorld;
let simulator: RunningSimulator;
beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
});
afterEach(async () => {
  await simulator?.close();
  world.close();
});

function batchArgs(more: readonly string[] = []): readonly string[] {
  const fixed = ["batch", KEY, "--input", "in.jsonl", "--out", "out.jsonl", "--model", "gpt-5-nano"];
  return [...fixed, "--base-url", simulator.baseUrl, "--env", "production", ...more];
}

function writeTickets(count: number): void {
  const lines = ticketCorpus(1, count).map(({ ticket, user, id }) =>
    JSON.stringify({ variables: { ticket }, user, document: id, session: `s-${id}` }),
  );
  world.write("in.jsonl", `${lines.join("\n")}\n`);
}

interface OutLine {
  readonly line: number;
  readonly executionId: string;
  readonly version: number;
  readonly output: string | null;
  readonly error: string | null;
}

function outLines(): readonly OutLine[] {
  return readFileSync(join(world.folder, "out.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("each line is called once through the tiers, and its row names subjects and the model that was chosen", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  writeTickets(12);
  await world.run(["override", "set", `${KEY}@v2`, "--user", "ada"]);
  const ran = await world.run([...batchArgs(), "--json"]);
  expect(ran.err).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.json()).toMatchObject({ lines: 12, finished: 12, errors: 0, model: "gpt-5-nano" });
  const lines = outLines();
  expect(lines.map(({ line }) => line).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  const rows = (await world.run(["ledger", "--json", "--limit", "100"])).rows<{
    id: string;
    version: number;
    requestedModel: string;
    subjects: { user: string };
    tier: string;
  }>();
  expect(rows).toHaveLength(12);
  for (const { executionId, version, output, error } of lines) {
    const row = rows.find(({ id }) => id === executionId);
    expect(error).toBeNull();
    expect(output).not.toBe("");
    expect(row).toMatchObject({ version, requestedModel: "gpt-5-nano" });
    expect(version).toBe(row?.subjects.user === "ada" ? 2 : 1);
  }
  const again = await world.run([...batchArgs(), "--json"]);
  expect(again.json()).toMatchObject({ finished: 12, resumed: 12 });
  expect(simulator.requests).toHaveLength(12);
});

test("faults that pass are tried again, each try with a row of its own", async () => {
  const faults = { rate429: 0.3, retryAfterSeconds: 0 };
  simulator = await startSimulator({ latencyMs: 0, faults });
  writeTickets(10);
  const ran = await world.run([...batchArgs(), "--json"]);
  expect(ran.json()).toMatchObject({ finished: 10, errors: 0 });
  const rows = (await world.run(["ledger", "--json", "--limit", "1000"])).rows<{
    attempt: number;
    status: string;
  }>();
  expect(rows.length).toBe(simulator.requests.length);
  expect(rows.some(({ attempt }) => attempt > 1)).toBe(true);
  expect(rows.filter(({ status }) => status === "ok")).toHaveLength(10);
});

test("an error that stays is the line's result, and the verdict is negative", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  writeTickets(2);
  const wrong = batchArgs().map((arg) => (arg === simulator.baseUrl ? `${simulator.url}/nowhere` : arg));
  const ran = await world.run([...wrong, "--json"]);
  expect(ran.code).toBe(1);
  expect(outLines().every(({ error, output }) => output === null && error?.includes("404"))).toBe(true);
});

test("a bad line is named before anything is sent", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  const good = '{"ticket": "It crashes"}';
  const bad: readonly (readonly [string, string])[] = [
    ['{"ticket": ', "line 3 is no JSON"],
    ["[1]", "line 3 is no JSON object"],
    ['{"tickte": "x"}', "line 3 does not fit"],
    ['{"variables": {"ticket": 4}}', "ticket must be string"],
    ['{"ticket": "x", "user": 7}', "line 3 has a user that is no text"],
  ];
  for (const [line, words] of bad) {
    world.write("in.jsonl", `${good}\n\n${line}\n`);
    const ran = await world.run(batchArgs());
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  }
  expect(simulator.requests).toHaveLength(0);
  expect(existsSync(join(world.folder, "out.jsonl"))).toBe(false);
});

test("a prompt that nobody released is not called", async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  writeTickets(1);
  const ran = await world.run(batchArgs().map((arg) => (arg === "production" ? "staging" : arg)));
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("release a version there first");
});

function startBatch(): ChildProcess {
  return spawn(process.execPath, [MAIN, ...batchArgs(["--concurrency", "3"])], {
    cwd: world.folder,
    stdio: "ignore",
  });
}

test("an interrupted batch brings its calls to an end, says so, and goes on later", async () => {
  simulator = await startSimulator({ latencyMs: { min: 20, max: 40 } });
  writeTickets(40);
  const interrupt = new AbortController();
  const running = world.run([...batchArgs(), "--json"], { signal: interrupt.signal });
  while (simulator.requests.length < 8) await sleep(5);
  interrupt.abort();
  const first = await running;
  expect(first.code).toBe(1);
  const { finished } = first.json<{ finished: number }>();
  expect(finished).toBe(outLines().length);
  expect(finished).toBeLessThan(40);
  expect(simulator.requests.length).toBe(finished);
  const second = await world.run([...batchArgs(), "--json"]);
  expect(second.json()).toMatchObject({ finished: 40, resumed: finished, errors: 0 });
  expect(simulator.requests.length).toBe(40);
});

test("killed again and again, every line is there exactly once in the end", async () => {
  simulator = await startSimulator({ latencyMs: { min: 20, max: 60 } });
  const count = 60;
  writeTickets(count);
  const out = join(world.folder, "out.jsonl");
  const finished = (): number => (existsSync(out) ? readFileSync(out, "utf8").split("\n").length - 1 : 0);
  let kills = 0;
  for (const aim of [5, 22, 40]) {
    const child = startBatch();
    while (finished() < aim && child.exitCode === null) await sleep(5);
    if (child.exitCode === null) kills++;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
  }
  expect(kills).toBe(3);
  const last = await world.run([...batchArgs(), "--json"]);
  expect(last.code).toBe(0);
  const lines = outLines();
  expect(lines.map(({ line }) => line).sort((a, b) => a - b)).toEqual(
    Array.from({ length: count }, (_, index) => index + 1),
  );
  expect(new Set(lines.map(({ executionId }) => executionId)).size).toBe(count);
  // Every result that was acknowledged has its row, whatever was killed.
  const rows = (await world.run(["ledger", "--json", "--limit", "1000"])).rows<{ id: string }>();
  const ids = new Set(rows.map(({ id }) => id));
  for (const { executionId } of lines) expect(ids.has(executionId)).toBe(true);
  expect((await world.run(["verify", "--json"])).json()).toMatchObject({ ok: true });
}, 60_000);
