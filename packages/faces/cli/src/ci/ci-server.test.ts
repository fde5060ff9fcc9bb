/** Runs `diff` and `ci` on a registry behind a server, which is a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KEY, MAIN } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "../sync/git-world.fixture.ts";

const FILE = "prompts/support/triage.prompt";

let world: GitWorld;
let server: ChildProcess;
let url = "";

beforeEach(async () => {
  world = openGitWorld();
  world.write(FILE, triage("Sort the ticket."));
  world.commit("Begin");
  await world.succeeds("push");
  await world.succeeds("release", `${KEY}@v1`, "--env", "production", "--reason", "first");
  world.commit("Lock");
  const env = { ...process.env, NO_COLOR: "1" };
  server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json"], { cwd: world.folder, env });
  let said = "";
  server.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const line = await new Promise<string>((done) =>
    server.stdout?.once("data", (chunk: Buffer) => done(chunk.toString())),
  );
  url = JSON.parse(line).url;
  await expect.poll(() => said, { timeout: 20_000 }).toContain('"serving"');
});

afterEach(() => {
  server.kill("SIGKILL");
  world.close();
});

it("A branch is held against what the server has, with a key that may only read", async () => {
  const made = await world.succeeds("key", "create", "reader", "--scopes", "read", "--json");
  const env = { COLOPHON_API_KEY: made.json<{ readonly secret: string }>().secret };
  const ask = (...args: readonly string[]) => world.run(["--store", url, ...args], { env });
  world.git("checkout", "--quiet", "-b", "feature");
  world.write(
    FILE,
    triage("Sort the ticket well.").replace("colophon.owner", "colophon.evalSet: none\ncolophon.owner"),
  );
  const diff = await ask("diff", FILE, "--env", "production", "--json");
  expect(diff.err).toBe("");
  expect(diff.json()).toMatchObject({
    before: { version: 1, environment: "production" },
    cost: { basis: "text" },
  });
  const ci = await ask("ci", "--base", "main", "--json");
  expect(ci.err).toBe("");
  expect(ci.json()).toMatchObject({
    state: "not-judged",
    prompts: [
      { key: KEY, change: "changed", gate: { state: "not-judged", why: expect.stringContaining("author") } },
    ],
    checks: [{ name: "colophon.lock", state: "passed" }],
  });
  expect(ci.code).toBe(0);
});
