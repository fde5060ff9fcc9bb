/** Starts small projects in a temporary folder, with an npm that only notes that it ran, at once, killed midway and in error. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const scripts = dirname(fileURLToPath(import.meta.url));
let project = "";

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "colophon start "));
  mkdirSync(join(project, "scripts"));
  mkdirSync(join(project, "npm"));
  for (const name of ["start.mjs", "setup.mjs"]) cpSync(join(scripts, name), join(project, "scripts", name));
  write("package-lock.json", JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
  writeNpm({ ms: 300, code: 0 });
  write("job.mjs", 'console.log("ran", process.version, ...process.argv.slice(2));');
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

/** An npm that appends a line when it starts and when it ends, and fails when two run at once. */
function writeNpm({ ms, code }: { readonly ms: number; readonly code: number }): void {
  const lines = [
    'const fs = require("node:fs");',
    'fs.mkdirSync("busy");',
    'fs.appendFileSync("npm.log", "started " + process.argv[2] + "\\n");',
    'fs.mkdirSync("node_modules", { recursive: true });',
    `setTimeout(() => { fs.rmdirSync("busy"); fs.appendFileSync("npm.log", "ended\\n"); process.exit(${code}); }, ${ms});`,
  ];
  write("npm/npm-cli.js", lines.join("\n"));
}

function npmLog(): readonly string[] {
  const log = join(project, "npm.log");
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly said: string }>;
}

function start(...args: readonly string[]): Run {
  const env = { ...process.env, npm_execpath: join(project, "npm/npm-cli.js") };
  const child = spawn(process.execPath, [join(project, "scripts/start.mjs"), ...args], {
    cwd: tmpdir(),
    env,
  });
  let out = "";
  let said = "";
  child.stdout.on("data", (part) => (out += part));
  child.stderr.on("data", (part) => (said += part));
  return { child, ended: new Promise((settle) => child.on("close", (code) => settle({ code, out, said }))) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((wake) => setTimeout(wake, 10));
}

test("The first start installs once, later ones not at all, and a changed lock file installs again", async () => {
  expect((await start("job.mjs", "first").ended).out).toBe(`ran ${process.version} first\n`);
  expect((await start("job.mjs", "second").ended).out).toBe(`ran ${process.version} second\n`);
  expect(npmLog()).toEqual(["started ci", "ended"]);
  write("package-lock.json", "{}");
  await start("job.mjs").ended;
  expect(npmLog()).toEqual(["started ci", "ended", "started ci", "ended"]);
});

test("Several first starts at once install once, and all of them run", async () => {
  const runs = await Promise.all([1, 2, 3, 4].map((each) => start("job.mjs", String(each)).ended));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(runs.map(({ out }) => out.trim().at(-1))).toEqual(["1", "2", "3", "4"]);
  expect(npmLog()).toEqual(["started ci", "ended"]);
  expect(existsSync(join(project, ".setup-lock"))).toBe(false);
});

test("A start killed while it installs is taken over by the waiting ones, after its npm has ended", async () => {
  writeNpm({ ms: 1_000, code: 0 });
  const first = start("job.mjs");
  await until(() => npmLog().length === 1);
  const others = [start("job.mjs", "a"), start("job.mjs", "b"), start("job.mjs", "c")];
  first.child.kill("SIGKILL");
  const codes = (await Promise.all(others.map(({ ended }) => ended))).map(({ code }) => code);
  expect(codes).toEqual([0, 0, 0]);
  expect(npmLog()).toEqual(["started ci", "ended", "started ci", "ended"]);
});

test("A lock left by a dead process is taken over by one of several starts", async () => {
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  write(".setup-lock", JSON.stringify({ host: hostname(), pid: dead }));
  const runs = await Promise.all([start("job.mjs").ended, start("job.mjs").ended, start("job.mjs").ended]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(npmLog()).toEqual(["started ci", "ended"]);
});

test("What npm itself recorded as installed from this lock file is taken as it is", async () => {
  mkdirSync(join(project, "node_modules/a"), { recursive: true });
  cpSync(join(project, "package-lock.json"), join(project, "node_modules/.package-lock.json"));
  expect((await start("job.mjs").ended).code).toBe(0);
  expect(npmLog()).toEqual([]);
});

test("An installation that fails is said in one sentence, runs nothing, and is tried again next time", async () => {
  writeNpm({ ms: 10, code: 9 });
  const { code, out, said } = await start("job.mjs").ended;
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(said).toContain("Colophon's set-up failed: npm ci ended with 9");
  writeNpm({ ms: 10, code: 0 });
  expect((await start("job.mjs").ended).code).toBe(0);
});

test("The job's exit code is handed on, and one that dies by a signal does not look well", async () => {
  write(
    "job.mjs",
    'if (process.argv[2] === "die") process.kill(process.pid, "SIGKILL"); else process.exitCode = 7;',
  );
  expect((await start("job.mjs").ended).code).toBe(7);
  expect((await start("job.mjs", "die").ended).code).toBe(137);
});

test("A signal reaches the job", async () => {
  write(
    "job.mjs",
    'process.on("SIGTERM", () => process.exit(5)); setInterval(() => {}, 1000); console.log("up");',
  );
  const { child, ended } = start("job.mjs");
  await new Promise((settle) => child.stdout?.once("data", settle));
  child.kill("SIGTERM");
  expect((await ended).code).toBe(5);
});

test("The job finds its Node and the project's tools first on the path", async () => {
  write(
    "job.mjs",
    "console.log(process.env.PATH.split(process.platform === 'win32' ? ';' : ':').slice(0, 2).join());",
  );
  const { out } = await start("job.mjs").ended;
  expect(out.trim()).toBe([dirname(process.execPath), join(project, "node_modules/.bin")].join());
});

test("Without a file to run, one sentence says what to name", async () => {
  const { code, said } = await start().ended;
  expect({ code, said }).toEqual({
    code: 2,
    said: "Name a file to run: node scripts/start.mjs FILE [ARGUMENTS].\n",
  });
});
