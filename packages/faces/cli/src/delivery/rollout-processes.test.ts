/** Rollouts from end to end: several applications, a simulated model and a watcher that is killed, each in its own process. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Execution, type RegistryRecord, systemClock } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, MAIN, openWorld, Written } from "../cli-world.fixture.ts";
import { runCli } from "../index.ts";
import {
  DEAR_MODEL,
  FIRST,
  LABELLING_KEYS,
  type LabellingKey,
  PLAN,
  PRICES,
  SECOND,
} from "./labelling-prompts.fixture.ts";

const APPLICATION = join(dirname(fileURLToPath(import.meta.url)), "labelling-application.fixture.ts");
const PROD = ["--env", "production"];

let world: CliWorld;
let simulator: RunningSimulator;
let running: ChildProcess[] = [];

beforeEach(async () => {
  world = openWorld();
  simulator = await startSimulator({ latencyMs: 1, models: { [DEAR_MODEL]: "gpt-5" } });
  world.write("plan.json", PLAN);
  world.write(".colophon/prices.yaml", PRICES);
  for (const key of LABELLING_KEYS) {
    world.write("one.json", FIRST(key));
    world.write("two.json", SECOND[key]);
    await run("register", "one.json");
    await run("register", "two.json");
    await run("release", `${key}@v1`, ...PROD, "--reason", "first");
  }
});
afterEach(async () => {
  for (const one of running) one.kill("SIGKILL");
  running = [];
  await simulator.close();
  world.close();
});

/** By the real clock, as the processes beside it. */
async function run(...args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new Written(), new Written()];
  const stdin = (async function* () {})();
  const env = { USER: "grace" };
  const code = await runCli(args, { stdout, stderr, stdin, env, cwd: world.folder, clock: systemClock });
  if (code !== 0) throw new Error(stderr.text);
  return stdout.text;
}

function spawned(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: world.folder, stdio: ["pipe", "pipe", "ignore"] });
  running.push(child);
  child.stdout?.resume();
  return child;
}

function watch(): ChildProcess {
  return spawned([MAIN, "watch", "--json"]);
}

async function serve(name: string): Promise<ChildProcess> {
  const child = spawned([APPLICATION, join(world.folder, ".colophon"), simulator.baseUrl, name]);
  await new Promise<void>((done) => child.stdout?.once("data", () => done()));
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((done) => child.once("exit", done));
  child.stdin?.end();
  await exit;
}

type RolloutRecord = Extract<RegistryRecord, { readonly kind: "rollout" }>;

async function history(key: LabellingKey): Promise<readonly RolloutRecord[]> {
  const harness = await world.open();
  const records = await harness.records.listRecords({ key, kinds: ["rollout"] });
  await harness.close();
  return records.filter((record): record is RolloutRecord => record.kind === "rollout");
}

async function state(key: LabellingKey): Promise<string | undefined> {
  return (await history(key)).at(-1)?.data.state;
}

async function rowsOf(key: LabellingKey): Promise<readonly Execution[]> {
  const harness = await world.open();
  const rows = await harness.ledger.listExecutions({ prompt: key, limit: 100_000 });
  await harness.close();
  return rows;
}

async function alertsOf(key: LabellingKey): Promise<readonly RegistryRecord[]> {
  const harness = await world.open();
  const records = await harness.records.listRecords({ key, kinds: ["alert"] });
  await harness.close();
  return records;
}

test("what breaks goes back, what is dear is held, what is good reaches everybody, while watchers are killed", async () => {
  const applications = await Promise.all(["shop", "desk", "mail"].map(serve));
  let watcher = watch();
  for (const key of LABELLING_KEYS) {
    await run("rollout", "start", `${key}@v2`, ...PROD, "--plan", "plan.json", "--reason", "a test");
  }
  const settled = { timeout: 90_000, interval: 300 };
  await expect.poll(async () => (await history("labels.good")).length, settled).toBeGreaterThan(1);
  watcher.kill("SIGKILL");
  watcher = watch();
  await expect.poll(() => state("labels.broken"), settled).toBe("rolled-back");
  watcher.kill("SIGKILL");
  watcher = watch();
  await expect.poll(() => state("labels.good"), settled).toBe("completed");
  await expect.poll(() => state("labels.dear"), settled).toBe("holding");
  await Promise.all(applications.map(ended));

  const live = async (key: LabellingKey) => JSON.parse(await run("resolve", key, ...PROD, "--json")).version;
  expect(await Promise.all(LABELLING_KEYS.map(live))).toEqual([2, 1, 1]);
  const broken = await history("labels.broken");
  const last = broken.at(-1) as RolloutRecord;
  expect(last.data).toMatchObject({ cause: "guard", arms: [{ version: 2, share: 0 }] });
  const most = Math.max(...broken.map(({ data }) => data.arms[0]?.share ?? 0));
  expect(most).toBeLessThan(1);
  const seen = (await rowsOf("labels.broken")).filter(({ version }) => version === 2);
  expect(seen.length).toBeGreaterThan(20);
  for (const { lane, assignment, revision } of seen) {
    expect(lane).toBe("canary");
    expect(assignment?.draw).toBeLessThan(most);
    // What was on its way when it was rolled back, and nothing that knew of it.
    expect(revision).toBeLessThan(last.revision);
  }
  const [raised] = await alertsOf("labels.broken");
  const executions = raised?.kind === "alert" ? raised.data.executions : [];
  const failed = new Set(seen.filter(({ schemaOk }) => schemaOk === false).map(({ id }) => id as string));
  expect(executions.length).toBeGreaterThan(0);
  expect(executions.every((id) => failed.has(id))).toBe(true);
  const dear = (await history("labels.dear")).at(-1)?.data;
  expect(dear).toMatchObject({ cause: "guard", heldFrom: "ramping" });
  expect(dear?.readings.find(({ metric }) => metric === "cost")).toMatchObject({ state: "fired" });
  // Two watchers died, and nothing was said twice.
  for (const key of LABELLING_KEYS) {
    const steps = (await history(key)).map(({ data }) => `${data.state} ${data.step}`);
    expect(new Set(steps).size).toBe(steps.length);
  }
  expect(JSON.parse(await run("verify", "--json"))).toMatchObject({ ok: true });
}, 240_000);

test("a standing guard goes back by itself", async () => {
  const key = "labels.broken";
  const application = await serve("shop");
  const guard = [
    "--below",
    "0.97",
    "--minimum",
    "60",
    "--action",
    "rollback",
    "--reason",
    "answers are JSON",
  ];
  await run("guards", "set", key, "schemaOk", ...PROD, ...guard);
  watch();
  await run("release", `${key}@v2`, ...PROD, "--reason", "reads better");
  const live = async () => JSON.parse(await run("resolve", key, ...PROD, "--json")).version;
  await expect.poll(live, { timeout: 60_000, interval: 300 }).toBe(1);
  await ended(application);
  const [alert] = (await alertsOf(key)) as [RegistryRecord];
  expect(alert.data).toMatchObject({ metric: "schemaOk", version: 2, action: "rolled-back" });
}, 120_000);
