/** Runs `eval` and `gate` on the command line against a simulated model: whole, killed, and asked for what cannot be. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type RunningSimulator,
  type SimulatorOptions,
  startSimulator,
  ticketCorpus,
  triageBodies,
} from "@colophon/simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, KEY, MAIN, openWorld, promptFile, type Ran } from "../cli-world.fixture.ts";

let world: CliWorld;
let simulator: RunningSimulator;
beforeEach(() => {
  world = openWorld();
});
afterEach(async () => {
  await simulator?.close();
  world.close();
});

const LABEL = JSON.stringify({ scorer: "label", options: { labels: ["billing", "bug", "other"] } });

async function run(...args: readonly string[]): Promise<Ran> {
  return world.run(args, { env: { OPENAI_BASE_URL: simulator.baseUrl } });
}

async function done(...args: readonly string[]): Promise<Ran> {
  const ran = await run(...args);
  if (ran.code !== 0) throw new Error(ran.err);
  return ran;
}

/** Two versions, the first of them live, and a set of which two thirds are for the gate. */
async function fill(cases: number, options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator({ latencyMs: 0, ...options });
  world.write("bare.json", promptFile(triageBodies.bare));
  world.write("good.json", promptFile(triageBodies.exemplified));
  world.write("worse.json", promptFile(triageBodies.worse));
  const lines = ticketCorpus(1, cases).map(({ id, ticket, label, documentType }, at) =>
    JSON.stringify({
      id,
      variables: { ticket },
      expected: label,
      split: at % 3 === 0 ? "dev" : "test",
      tags: [documentType],
    }),
  );
  world.write("tickets.jsonl", lines.join("\n"));
  await done("evalset", "import", "tickets.jsonl", "--name", "tickets", "--scorer", LABEL);
  for (const file of ["bare.json", "good.json", "worse.json"]) await done("register", file);
  await done("release", `${KEY}@v1`, "--env", "production", "--reason", "first");
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

const GUARDS_OFF = ["cost", "latencyP50", "latencyP95", "length"].flatMap((name) => [
  "--guard",
  `${name}=off`,
]);

describe("eval", () => {
  test("scores a version, shows where it fails, and records the run", async () => {
    await fill(90);
    const text = await run("eval", `${KEY}@v1`, "--set", "tickets");
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/support\.triage@v1 on tickets@v1, dev split: done/);
    expect(text.out).toMatch(/^label +\d+\.\d/m);
    expect(text.out).toContain("Cases, worst first");
    const json = (await run("eval", `${KEY}@v1`, "--set", "tickets", "--json")).json<{
      readonly run: string;
      readonly progress: { readonly spent: { readonly calls: number; readonly cached: number } };
    }>();
    expect(json.progress.spent).toMatchObject({ calls: 0, cached: 30 });
    const file = join(world.folder, ".colophon", "runs", `${json.run}.jsonl`);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(30);
    const rows = (await run("ledger", "--json", "--limit", "200")).rows<{ readonly purpose: string }>();
    expect(rows).toHaveLength(simulator.served().length);
    expect(rows.every(({ purpose }) => purpose === "eval")).toBe(true);
  });

  test("writes its report in every format, to a file where one is named", async () => {
    await fill(30);
    const report = async (format: string): Promise<string> =>
      (await done("eval", `${KEY}@v1`, "--set", "tickets", "--format", format)).out;
    expect(await report("markdown")).toMatch(/^## support\.triage/);
    expect(await report("junit")).toMatch(/<testsuites name="colophon" tests="1" failures="0" errors="0"/);
    await done("eval", `${KEY}@v1`, "--set", "tickets", "--format", "html", "-o", "report.html");
    const page = readFileSync(join(world.folder, "report.html"), "utf8");
    expect(page).toContain("<svg");
    expect(page).not.toMatch(/<script|https?:|src=/);
  });

  test.each([
    [["--set", "nothing"], /no eval set nothing/],
    [["--set", "tickets", "--budget", "5"], /--budget takes amounts/],
    [["--set", "tickets", "--budget", "5eur"], /budget in EUR cannot be kept/],
    [["--set", "tickets", "--repeats", "0"], /--repeats takes a whole number/],
    [["--set", "tickets", "--format", "pdf"], /--format pdf is unknown/],
    [["--set", "tickets", "--split", "all"], /--split all is unknown/],
    [[], /names no eval set/],
    [["--set", "tickets", "--model", "nowhere/model"], /Nobody knows where nowhere\/model is asked/],
  ])("with %j is refused before anything is paid for", async (flags, sentence) => {
    await fill(30);
    const ran = await run("eval", `${KEY}@v1`, ...flags);
    expect(ran.err).toMatch(sentence);
    expect(ran.code).toBe(2);
    expect(simulator.served()).toEqual([]);
  });

  test("says which case a version cannot be asked with", async () => {
    await fill(30);
    const input = { type: "object", properties: { ticket: {}, tone: {} }, required: ["ticket", "tone"] };
    world.write("toned.json", promptFile("Answer in a {{tone}} tone: {{ticket}}", { input }));
    await done("register", "toned.json");
    const ran = await run("eval", `${KEY}@v4`, "--set", "tickets");
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/Case ticket-\d+ of tickets@v1 does not fit support\.triage@v4: .*"tone"/);
  });

  test("scores with a function of the user's own, and with none from outside of the folder", async () => {
    await fill(30);
    world.write(
      "short.mjs",
      "export function score({ text }) { return { score: (text ?? '').length < 10, why: 'length' }; }",
    );
    const scorer = (file: string) => JSON.stringify({ scorer: "custom", metric: "short", options: { file } });
    await done("evalset", "import", "tickets.jsonl", "--name", "own", "--scorer", scorer("short.mjs"));
    const scored = await done("eval", `${KEY}@v2`, "--set", "own", "--json");
    expect(scored.json()).toMatchObject({ scores: { short: { samples: 10 } } });
    await done("evalset", "import", "tickets.jsonl", "--name", "foreign", "--scorer", scorer("../short.mjs"));
    const foreign = await run("eval", `${KEY}@v2`, "--set", "foreign");
    expect(foreign.err).toContain("lies outside of");
    expect(foreign.code).toBe(2);
  });
});

describe("gate", () => {
  test("ends with 0 for ship, 1 for block, 3 for inconclusive and 4 for invalid", async () => {
    await fill(180);
    const about = ["--set", "tickets", "--env", "production", ...GUARDS_OFF];
    const ship = await run("gate", `${KEY}@v2`, ...about, "--json");
    expect(ship.json()).toMatchObject({
      verdict: "ship",
      mode: "noninferiority",
      ratchet: "ship",
      vetoes: [],
    });
    expect(ship.json()).toHaveProperty("evidenceId");
    expect(ship.code).toBe(0);
    const block = await run("gate", `${KEY}@v3`, ...about);
    expect(block.out).toContain("support.triage@v3 against v1: block");
    expect(block.code).toBe(1);
    const open = await run("gate", `${KEY}@v2`, ...about, "--margin", "0.001", "--minimum", "500");
    expect(open.out).toContain("inconclusive");
    expect(open.code).toBe(3);
    simulator.failNext("500;times=2000");
    const invalid = await run(
      "gate",
      `${KEY}@v2`,
      ...about,
      "--against",
      "v3",
      "--model",
      "gpt-5",
      "--budget",
      "1tokens",
    );
    expect(invalid.out).toContain("The budget ended before any answer");
    expect(invalid.code).toBe(4);
  });

  test("judges a candidate as it judges a version", async () => {
    await fill(90);
    world.write("idea.json", promptFile(triageBodies.defined));
    await done("candidate", "add", KEY, "idea.json", "--rationale", "says what the labels mean");
    const scored = await done("eval", `${KEY}@c1`, "--set", "tickets", "--json");
    expect(scored.json()).toMatchObject({ subject: "c1", version: null, errors: 0 });
    const about = ["--set", "tickets", "--env", "production", "--margin", "0.5", ...GUARDS_OFF];
    const judged = await run("gate", `${KEY}@c1`, ...about, "--json");
    expect(judged.json()).toMatchObject({ verdict: "ship", challenger: "c1", baseline: "v1" });
    expect((await run("candidate", "list", KEY, "--json")).rows()).toMatchObject([{ verdict: "ship" }]);
    const unknown = await run("gate", `${KEY}@c2`, ...about);
    expect(unknown.err).toContain("has no candidate c2: its newest is c1");
    expect(unknown.code).toBe(2);
  });

  test("measures the noise of a version against itself, on answers of their own", async () => {
    await fill(90);
    const ran = await run("gate", "aa", `${KEY}@v1`, "--set", "tickets", "--repeats", "2", "--json");
    const said = ran.json<{ noise: { biased: boolean; withinCases: number; comparison: Bounds } }>();
    expect(said).toMatchObject({ split: "dev", repeats: 2 });
    const { biased, withinCases, comparison } = said.noise;
    // Of equal versions one in twenty comes out different, that being what 95 % means: it has to be said, not to be absent.
    expect(biased).toBe(comparison.lower > 0 || comparison.upper < 0);
    expect(ran.code).toBe(biased ? 1 : 0);
    expect(withinCases).toBeGreaterThan(0);
    expect(comparison.upper - comparison.lower).toBeGreaterThan(0.1);
    // Four draws of thirty cases, but for tickets that are there twice.
    expect(simulator.served().length).toBeGreaterThan(110);
  });

  test("opens an environment whose policy names its mode, and no other", async () => {
    await fill(180);
    await done("env", "protect", "staging", "--gate", "always", "--modes", "strict");
    const about = ["--set", "tickets", "--env", "staging", "--threshold", "0.5", ...GUARDS_OFF];
    expect((await run("gate", `${KEY}@v2`, ...about)).code).toBe(0);
    const release = ["release", `${KEY}@v2`, "--env", "staging", "--reason", "good"];
    const refused = await run(...release);
    expect(refused.err).toContain("staging has no ship evidence for it");
    expect(refused.code).toBe(1);
    expect((await run("gate", `${KEY}@v2`, ...about, "--mode", "strict")).code).toBe(0);
    await done(...release);
    const unknown = await run("env", "protect", "staging", "--modes", "lenient");
    expect(unknown.err).toContain("--modes lenient is unknown");
  });

  test("writes a report that a pull request can carry", async () => {
    await fill(60);
    const about = ["--set", "tickets", "--env", "production"];
    const { out } = await run("gate", `${KEY}@v3`, ...about, "--format", "markdown");
    expect(out).toMatch(/^## support\.triage@\u200bv3 against v1\n\n\*\*⛔ block\*\*/);
    expect(out).toContain("<details><summary>Guards</summary>");
    const junit = await run("gate", `${KEY}@v3`, ...about, "--format", "junit");
    expect(junit.out).toMatch(/<failure message="block: /);
    expect(junit.code).toBe(1);
  });
});

describe("A run that is killed", () => {
  function start(): ChildProcess {
    const args = [MAIN, "gate", `${KEY}@v2`, "--set", "tickets", "--env", "production", "--concurrency", "4"];
    return spawn(process.execPath, args, {
      cwd: world.folder,
      env: { ...process.env, OPENAI_BASE_URL: simulator.baseUrl, NO_COLOR: "1", USER: "grace" },
      stdio: "ignore",
    });
  }

  function finished(): number {
    const folder = join(world.folder, ".colophon", "runs");
    if (!existsSync(folder)) return 0;
    const [journal] = readdirSync(folder).filter((name) => name.endsWith(".journal.jsonl"));
    if (journal === undefined) return 0;
    return readFileSync(join(folder, journal), "utf8").split("\n").length - 1;
  }

  test("goes on where it was, and pays for no answer twice that had come", async () => {
    // So slow that also a busy machine sees each aim before the run is at its end.
    await fill(60, { latencyMs: { min: 50, max: 100 } });
    let kills = 0;
    for (const aim of [5, 18, 30]) {
      const child = start();
      const gone = new Promise((end) => child.once("exit", end));
      while (finished() < aim && child.exitCode === null) await sleep(5);
      if (child.exitCode === null) kills++;
      child.kill("SIGKILL");
      await gone;
    }
    expect(kills).toBe(3);
    const before = finished();
    expect(before).toBeGreaterThanOrEqual(30);
    const last = await run("gate", `${KEY}@v2`, "--set", "tickets", "--env", "production", "--json");
    expect(last.json()).toMatchObject({ cases: 40, missing: { challenger: { lines: 40, errors: 0 } } });
    expect(last.err).toContain(`${before} repeats of cases are finished already`);
    // What was under way at a kill (four calls at most) is all that may be asked twice.
    const asked = simulator.served().length;
    expect(asked).toBeGreaterThanOrEqual(79);
    expect(asked).toBeLessThanOrEqual(80 + 3 * 4);
    // Every answer that counts has its row, and the store is whole.
    const rows = (await run("ledger", "--env", "production", "--json", "--limit", "500")).rows();
    expect(rows.length).toBeGreaterThanOrEqual(79);
    expect((await run("verify", "--json")).json()).toMatchObject({ ok: true });
  }, 60_000);

  test("a person's interrupt brings calls to their end, records nothing, and says how to go on", async () => {
    await fill(60, { latencyMs: { min: 15, max: 30 } });
    const interrupt = new AbortController();
    const args = ["gate", `${KEY}@v2`, "--set", "tickets", "--env", "production", "--json"];
    const running = world.run(args, {
      env: { OPENAI_BASE_URL: simulator.baseUrl },
      signal: interrupt.signal,
    });
    while (simulator.served().length < 20) await sleep(5);
    interrupt.abort();
    const stopped = await running;
    expect(stopped.code).toBe(4);
    expect(stopped.json()).toMatchObject({ verdict: "invalid", evidenceId: null, end: { kind: "stopped" } });
    const before = simulator.served().length;
    expect((await run(...args)).json()).toMatchObject({ cases: 40, unchanged: false });
    expect(simulator.served().length).toBeGreaterThan(before);
    expect(simulator.served().length).toBeLessThanOrEqual(80);
  });
});

describe("matrix", () => {
  test("shows, plans and runs cells, and refuses to call an upgrade safe that is not shown to be", async () => {
    await fill(90);
    world.write("linked.json", promptFile(triageBodies.exemplified, { evalSet: "tickets", risk: "low" }));
    await done("register", "linked.json");
    await done("release", `${KEY}@v2`, "--env", "staging", "--reason", "good");
    const cells = async () =>
      (await done("matrix", "show", "--env", "staging", "--json")).json<{ cells: { state: string }[] }>()
        .cells;
    expect((await cells()).map(({ state }) => state)).toEqual(["never-run"]);
    expect((await done("matrix", "plan", "--env", "staging", "--models", "gpt-5-nano")).out).toContain(
      "never run",
    );
    const ran = await run("matrix", "run", "--env", "staging", "--budget", "1000000tokens");
    expect(ran.out).toMatch(/support\.triage@v2 +openai\/gpt-5-mini +full +ship/);
    expect(ran.code).toBe(0);
    expect((await cells()).map(({ state }) => state)).toEqual(["passed"]);
    const page = await done("matrix", "show", "--env", "staging", "--format", "html");
    expect(page.out).toContain('<rect class="good"');
    const onOther = ["release", `${KEY}@v2`, "--env", "staging", "--model", "gpt-5", "--reason", "newer"];
    expect((await done(...onOther)).out).toContain(`Released ${KEY}@v2 to staging on openai/gpt-5; v2 was`);
    expect((await cells()).map(({ state }) => state)).toEqual(["never-run"]);
    await done("release", `${KEY}@v2`, "--env", "staging", "--reason", "its own again");
    const upgrade = await run(
      "matrix",
      "upgrade",
      "gpt-5-mini",
      "gpt-5-nano",
      "--env",
      "staging",
      "--margin",
      "0.001",
      ...GUARDS_OFF,
    );
    expect(upgrade.out).toContain("The upgrade is not shown to be safe.");
    expect([1, 3]).toContain(upgrade.code);
    const nothing = await run("matrix", "upgrade", "gpt-4", "gpt-5", "--env", "staging");
    expect(nothing.code).toBe(4);
    const same = await run("matrix", "upgrade", "gpt-5", "openai/gpt-5", "--env", "staging");
    expect(same.err).toContain("upgraded to itself");
    expect(same.code).toBe(2);
  });
});
