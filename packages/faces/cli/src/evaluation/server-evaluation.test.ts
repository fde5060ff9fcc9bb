/** Runs evaluations on the command line against a server over HTTP: files go as content, models are asked by its jobs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openInstallation } from "@colophon/harness";
import { FIRST_PROJECT } from "@colophon/kernel";
import { type RunningServer, serve, serverLog } from "@colophon/server";
import { type RunningSimulator, startSimulator, ticketCorpus, triageBodies } from "@colophon/simulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, KEY, openWorld, promptFile, type Ran } from "../cli-world.fixture.ts";

const LABEL = JSON.stringify({ scorer: "label", options: { labels: ["billing", "bug", "other"] } });
const ACTOR = { id: "grace", via: "cli" } as const;

let world: CliWorld;
let simulator: RunningSimulator;
let server: RunningServer;
let key: string;

beforeEach(async () => {
  world = openWorld();
  simulator = await startSimulator({ latencyMs: 0 });
  const log = serverLog({ write: () => undefined });
  const allowHosts = [new URL(simulator.baseUrl).host];
  server = await serve({ cwd: world.folder, host: "127.0.0.1", port: 0, log, allowHosts });
  await server.ready;
  const desk = await openInstallation({ cwd: world.folder, mode: "write", actor: ACTOR });
  const { secret } = await desk.installation.keys.create({
    name: "ci",
    project: FIRST_PROJECT,
    environments: null,
    scopes: ["read", "author", "evaluate", "release"],
    expires: null,
    by: ACTOR.id,
  });
  key = secret;
  const of = { project: FIRST_PROJECT, by: ACTOR.id };
  await desk.installation.secrets.set({ ...of, name: "OPENAI_BASE_URL", value: simulator.baseUrl });
  await desk.close();
});
afterEach(async () => {
  await server.close();
  await simulator.close();
  world.close();
});

/** Without keys or addresses of models: the server has its own. */
function run(args: readonly string[], signal?: AbortSignal): Promise<Ran> {
  const env = { COLOPHON_API_KEY: key };
  return world.run([...args, "--store", server.url], { env, ...(signal !== undefined && { signal }) });
}

async function done(...args: readonly string[]): Promise<Ran> {
  const ran = await run(args);
  if (ran.code !== 0) throw new Error(ran.err);
  return ran;
}

async function fill(cases = 45): Promise<void> {
  world.write("bare.json", promptFile(triageBodies.bare));
  world.write("good.json", promptFile(triageBodies.exemplified));
  const lines = ticketCorpus(1, cases).map(({ id, ticket, label }, at) =>
    JSON.stringify({ id, variables: { ticket }, expected: label, split: at % 3 === 0 ? "dev" : "test" }),
  );
  world.write("tickets.jsonl", lines.join("\n"));
  await done("evalset", "import", "tickets.jsonl", "--name", "tickets", "--scorer", LABEL);
  for (const file of ["bare.json", "good.json"]) await done("register", file);
  await done("release", `${KEY}@v1`, "--env", "staging", "--reason", "first");
}

describe("Against a server", () => {
  test("eval sets are imported, listed, shown, audited and written out", async () => {
    await fill();
    expect((await done("evalset", "list", "--json")).rows()).toMatchObject([{ name: "tickets", dev: 15 }]);
    expect((await done("evalset", "show", "tickets@v1")).out).toContain("tickets@v1");
    const audited = await run(["evalset", "audit", "tickets", "--prompt", KEY, "--json"]);
    expect(audited.json()).toMatchObject({ name: "tickets", coverage: { state: "insufficient" } });
    await done("evalset", "export", "tickets", "-o", "out.yaml");
    expect(readFileSync(join(world.folder, "out.yaml"), "utf8")).toContain("name: tickets");
    const again = await done("evalset", "import", "out.yaml", "--json");
    expect(again.json()).toMatchObject({ unchanged: true, version: 1 });
    const wrong = await run(["evalset", "import", "nowhere.jsonl", "--name", "x"]);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("nowhere.jsonl")]);
  });

  test("versions are run, gated and compared on models, with the reports of a store at hand", async () => {
    await fill();
    const place = ["--env", "staging", "--set", "tickets"];
    const evaluated = await done("eval", `${KEY}@v1`, ...place);
    expect(evaluated.out).toMatch(/support\.triage@v1 on tickets@v1, dev split: done/);
    const gated = await run(["gate", `${KEY}@v2`, ...place, "--format", "junit", "-o", "gate.xml"]);
    expect([0, 1, 3]).toContain(gated.code);
    expect(existsSync(join(world.folder, "gate.xml"))).toBe(true);
    const noise = await done("gate", "aa", `${KEY}@v1`, ...place, "--json");
    expect(noise.json()).toMatchObject({ noise: { comparison: { cases: 15 } } });
    const matrix = await done("matrix", "show", "--env", "staging", "--json");
    expect(matrix.json()).toMatchObject({ cells: [{ key: KEY }] });
    expect((await done("judge", "list", "--json")).rows().length).toBeGreaterThan(0);
    expect(simulator.served().length).toBeGreaterThan(0);
    // What was recorded is by the key, through the server.
    const harness = await world.open();
    try {
      const [record] = await harness.records.listRecords({ kinds: ["run"] });
      expect(record?.by.via).toBe("server");
    } finally {
      await harness.close();
    }
  });

  test("what a server does not take is refused with a sentence", async () => {
    await fill(6);
    const asked = ["eval", `${KEY}@v1`, "--env", "staging", "--set", "tickets"];
    const elsewhere = await run([...asked, "--base-url", "http://127.0.0.1:1/v1"]);
    expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringContaining("leave --base-url out")]);
    const own = '{"scorer":"custom","options":{"file":"score.ts"}}';
    await done("evalset", "import", "tickets.jsonl", "--name", "own", "--scorer", own);
    const custom = await run(["eval", `${KEY}@v1`, "--env", "staging", "--set", "own"]);
    expect([custom.code, custom.err]).toEqual([2, expect.stringContaining("a server runs nobody's code")]);
    const unknown = await run(["eval", `${KEY}@v9`, "--env", "staging", "--set", "tickets"]);
    expect(unknown.err).toContain("v9");
    expect(simulator.served()).toEqual([]);
  });

  test("a run ends on the server when it is interrupted here", async () => {
    await fill(90);
    simulator.failNext("stall;pause=300;times=100");
    const stop = new AbortController();
    const asked = ["eval", `${KEY}@v1`, "--env", "staging", "--set", "tickets", "--concurrency", "1"];
    const running = run(asked, stop.signal);
    while (simulator.served().length === 0) await new Promise((next) => setTimeout(next, 20));
    stop.abort();
    const ended = await running;
    expect(ended.code).not.toBe(0);
    expect(ended.err).toContain("was cancelled");
    expect(simulator.served().length).toBeLessThan(30);
  });
});
