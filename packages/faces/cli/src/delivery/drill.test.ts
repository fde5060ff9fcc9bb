/** Tests of drills with real processes: applications that follow, one that hangs, and a drill that is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type CliWorld,
  fillWorld,
  KEY,
  MAIN,
  openWorld,
  type Ran,
  ranWith,
  Written,
} from "../cli-world.fixture.ts";

const APPLICATION = join(dirname(fileURLToPath(import.meta.url)), "drilled-application.fixture.ts");
const DRILL = ["drill", KEY, "--env", "production", "--json"];

interface Application {
  readonly process: ChildProcess;
  /** Versions that it came to serve, in their order. */
  readonly served: readonly string[];
}

let world: CliWorld;
let running: ChildProcess[] = [];

beforeEach(async () => {
  world = openWorld();
  await fillWorld(world);
  await world.run(["release", `${KEY}@v2`, "--env", "production", "--reason", "better"]);
});
afterEach(() => {
  for (const one of running) one.kill("SIGKILL");
  running = [];
  world.close();
});

async function start(name: string): Promise<Application> {
  const served: string[] = [];
  const child = spawn(process.execPath, [APPLICATION, join(world.folder, ".colophon"), name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.push(child);
  child.stdout.on("data", (chunk: Buffer) => served.push(...chunk.toString().trim().split("\n")));
  await expect.poll(() => served, { timeout: 20_000 }).toEqual(["v2"]);
  await expect.poll(async () => (await followers()).includes(name), { timeout: 20_000 }).toBe(true);
  return { process: child, served };
}

async function followers(): Promise<readonly (string | null)[]> {
  const harness = await world.open();
  try {
    return (await harness.coordination.listFollowers(0)).map(({ application }) => application);
  } finally {
    await harness.close();
  }
}

async function live(): Promise<unknown> {
  return (await world.run(["resolve", KEY, "--env", "production", "--json"])).json().version;
}

function drill(...flags: readonly string[]): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  const child = spawn(process.execPath, [MAIN, ...DRILL, ...flags], { cwd: world.folder });
  running.push(child);
  const [out, err] = [new Written(), new Written()];
  child.stdout.on("data", (chunk: Buffer) => out.write(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => err.write(chunk.toString()));
  const ran = new Promise<Ran>((done) =>
    child.once("close", (code) => done(ranWith(code ?? -1, { out: out.text, err: err.text }))),
  );
  return { child, ran };
}

test("every process goes back and comes forth again, and the record says how long it took", async () => {
  const applications = [await start("shop"), await start("desk")];
  const answer = await drill().ran;
  expect([answer.code, answer.err]).toEqual([0, ""]);
  expect(answer.json()).toMatchObject({ status: "followed", from: 2, to: 1, processes: 2, late: [] });
  for (const { served } of applications) await expect.poll(() => served).toEqual(["v2", "v1", "v2"]);
  const { lastFollowed, lastReturned } = answer.json<Record<string, number>>();
  // How long it takes is for the benchmarks to say, on a machine that does nothing else.
  for (const ms of [lastFollowed, lastReturned]) expect(ms).toBeGreaterThanOrEqual(0);
  const people = await world.run(["show", `${KEY}@v2`, "--env", "production"]);
  expect(people.out).toMatch(/rehearsed 20/);
}, 60_000);

test("a process that hangs is named, and a drill that is killed meanwhile is finished by the next", async () => {
  const application = await start("shop");
  application.process.kill("SIGSTOP");
  const late = await drill("--timeout", "1s").ran;
  expect(late.code).toBe(1);
  expect(late.json()).toMatchObject({
    status: "late",
    lastFollowed: null,
    late: [expect.stringMatching(/^shop \(process /)],
  });
  expect(await live()).toBe(2);
  const { child, ran } = drill("--timeout", "60s");
  await expect.poll(live, { timeout: 20_000 }).toBe(1);
  child.kill("SIGKILL");
  await ran;
  expect(await live()).toBe(1);
  application.process.kill("SIGCONT");
  // Until its lease is over nobody can know that it was killed.
  await expect.poll(async () => (await drill().ran).code, { timeout: 30_000, interval: 500 }).toBe(0);
  expect(await live()).toBe(2);
}, 60_000);
