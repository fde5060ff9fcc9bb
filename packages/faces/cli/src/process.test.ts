/** Runs the command line as a process of its own, with real pipes. */
import { spawn } from "node:child_process";
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
} from "./cli-world.fixture.ts";

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

interface Process {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Closes standard output before anything is read. */
  readonly deaf?: boolean;
}

function run(args: readonly string[], options: Process = {}): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: "1", ...options.env };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: world.folder, env });
  const out = new Written();
  const err = new Written();
  if (options.deaf === true) child.stdout.destroy();
  else child.stdout.on("data", (chunk: Buffer) => out.write(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => err.write(chunk.toString()));
  child.stdin.end(options.input ?? "");
  return new Promise((done) =>
    child.once("close", (code) => done(ranWith(code ?? -1, { out: out.text, err: err.text }))),
  );
}

test("a process answers on stdout, complains on stderr and ends with its code", async () => {
  await fillWorld(world);
  const list = await run(["list", "--json"]);
  expect([list.code, list.err]).toEqual([0, ""]);
  expect(list.rows()).toMatchObject([{ key: KEY }]);
  const unknown = await run(["show", "support.triag"]);
  expect([unknown.code, unknown.out]).toEqual([2, ""]);
  expect(unknown.err).toBe("There is no prompt support.triag: did you mean support.triage?\n");
  expect((await run(["list", "--store", "missing.db"])).code).toBe(5);
});

test("a prompt comes in through a pipe", async () => {
  const yaml = "key: greeting\nmodel: gpt-5-mini\nbody: Say hello.\n";
  expect((await run(["register", "-", "--json"], { input: yaml })).json()).toMatchObject({
    key: "greeting",
    version: 1,
  });
});

test("a closed pipe ends nothing but the output: what was asked for is done", async () => {
  await fillWorld(world);
  const released = await run(["release", `${KEY}@v2`, "--env", "production", "--reason", "better"], {
    deaf: true,
  });
  expect([released.code, released.err]).toEqual([0, ""]);
  const now = await run(["resolve", KEY, "--env", "production", "--json"]);
  expect(now.json()).toMatchObject({ version: 2 });
});

test("colour comes only when asked for or on a terminal", async () => {
  await fillWorld(world);
  const colour = String.fromCharCode(27);
  expect((await run(["list"], { env: { NO_COLOR: "" } })).out).not.toContain(colour);
  expect((await run(["list"], { env: { NO_COLOR: "", FORCE_COLOR: "1" } })).out).toContain(colour);
  expect((await run(["list"], { env: { NO_COLOR: "1", FORCE_COLOR: "1" } })).out).not.toContain(colour);
});

test("an interrupted simulator says that it was a simulation and ends in order", async () => {
  const child = spawn(process.execPath, [MAIN, "simulator", "--seed", "7", "--json"], { cwd: world.folder });
  const line = await new Promise<string>((done) =>
    child.stdout.once("data", (chunk: Buffer) => done(chunk.toString())),
  );
  const { baseUrl, simulation } = JSON.parse(line);
  expect(simulation).toBe(true);
  expect((await fetch(`${baseUrl}/models`)).status).toBe(200);
  const code = new Promise((done) => child.once("exit", done));
  child.kill("SIGINT");
  expect(await code).toBe(0);
});

test("a Node that is too old is told so before anything else is loaded", async () => {
  const old =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.12.0" } })';
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(old)}` };
  const ran = await run(["list"], { env });
  expect([ran.code, ran.out]).toEqual([2, ""]);
  expect(ran.err).toBe(
    "Colophon needs Node 22.13 or newer; this is 22.12.0: install a newer one and try again.\n",
  );
});
