/** The command line on a store behind a server: the same commands, with an address and a key, against a real process. */
import { type ChildProcess, spawn } from "node:child_process";
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, KEY, MAIN, openWorld, promptFile, type Ran } from "./cli-world.fixture.ts";

let world: CliWorld;
let server: ChildProcess;
let url: string;
let said = "";

beforeEach(async () => {
  world = openWorld();
  said = "";
  const env = { ...process.env, NO_COLOR: "1" };
  server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json"], { cwd: world.folder, env });
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

/** As the server told whoever started it. */
async function makeKey(...scopes: readonly string[]): Promise<string> {
  const made = await world.run(["key", "create", "test", "--scopes", scopes.join(","), "--json"], {
    env: { COLOPHON_STORE: "" },
  });
  return made.json<{ secret: string }>().secret;
}

function run(key: string, ...args: readonly string[]): Promise<Ran> {
  return world.run(["--store", url, ...args], { env: { COLOPHON_API_KEY: key } });
}

/** The last line on stderr, as scripts read it. */
function errorOf({ err }: Ran): unknown {
  return JSON.parse(err.trim().split("\n").at(-1) ?? "");
}

test("One prompt's life behind a server: registered, released, called, asked about, taken back", async () => {
  const key = await makeKey("read", "author", "release", "resolve", "record");
  const succeeds = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await run(key, ...args);
    expect(ran, `${args.join(" ")}: ${ran.err}`).toMatchObject({ code: 0 });
    return ran;
  };
  world.write("one.json", promptFile());
  world.write("two.json", promptFile("Sort this: {{ticket}}"));
  expect((await succeeds("register", "one.json", "--json")).json()).toMatchObject({ key: KEY, version: 1 });
  await succeeds("register", "two.json");
  await succeeds("release", `${KEY}@v1`, "--env", "production", "--reason", "first");
  await succeeds("release", `${KEY}@v2`, "--env", "production", "--reason", "second");
  expect((await succeeds("resolve", KEY, "--env", "production", "--json")).json()).toMatchObject({
    version: 2,
  });

  const harness = await world.open();
  await harness.ledger.append([anExecution(harness.ids, { prompt: KEY, subjects: { user: "ada" } })]);
  await harness.close();
  const rows = (await succeeds("ledger", "--json", "--user", "ada")).rows();
  expect(rows).toMatchObject([{ prompt: KEY, subjects: { user: "ada" } }]);

  await succeeds("rollback", KEY, "--env", "production", "--reason", "worse");
  const shown = (await succeeds("show", KEY, "--env", "production", "--json")).json();
  const atHand = (await world.run(["show", KEY, "--env", "production", "--json"])).json();
  expect(shown).toEqual(atHand);
  expect((await succeeds("resolve", KEY, "--env", "production", "--json")).json()).toMatchObject({
    version: 1,
  });
  expect((await succeeds("list")).out).toContain(KEY);
  // A server does it as a job, which is followed to its end.
  expect((await succeeds("verify", "--json")).json()).toMatchObject({ ok: true, executions: 1 });
});

test("Keys, people and the audit log are looked after through a server too", async () => {
  const key = await makeKey("admin", "read");
  const made = (await run(key, "key", "create", "shop", "--scopes", "read", "--json")).json<{
    secret: string;
  }>();
  expect((await run(made.secret, "env", "list")).code).toBe(0);
  const refused = await run(made.secret, "key", "create", "more", "--scopes", "read", "--json");
  expect(errorOf(refused)).toMatchObject({ error: { code: "not-allowed" } });
  const beyond = await run(key, "key", "create", "beyond", "--scopes", "release", "--json");
  expect(errorOf(beyond)).toMatchObject({ error: { code: "not-allowed" } });
  const audit = (await run(key, "audit", "list", "--json")).rows<{ action: string; allowed: boolean }>();
  expect(audit.map(({ action, allowed }) => [action, allowed])).toEqual(
    expect.arrayContaining([
      ["key.create", true],
      ["key.create", false],
    ]),
  );
});

test("What the server refuses is said as it would be at hand, with the same exit codes", async () => {
  const reader = await makeKey("read");
  const unknown = await run(reader, "show", "support.triag");
  expect([unknown.code, unknown.out]).toEqual([2, ""]);
  expect(unknown.err).toContain("There is no prompt support.triag");
  world.write("one.json", promptFile());
  const refused = await run(reader, "register", "one.json", "--json");
  expect([refused.code, errorOf(refused)]).toMatchObject([2, { error: { code: "not-allowed" } }]);
  const stranger = await run("clp_wrong", "list", "--json");
  expect([stranger.code, errorOf(stranger)]).toMatchObject([2, { error: { code: "not-signed-in" } }]);
  const keyless = await world.run(["--store", url, "list"]);
  expect(keyless.err).toContain("COLOPHON_API_KEY");
});

test("A server that is told to end does so in order, and is then away", async () => {
  await expect.poll(() => said, { timeout: 20_000 }).toContain("Nobody can come in yet");
  const key = await makeKey("read");
  expect((await run(key, "env", "list")).code).toBe(0);
  const code = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  expect(await code).toBe(0);
  expect(said).toContain('"stopped"');
  const away = await run(key, "env", "list");
  expect([away.code, away.out]).toEqual([5, ""]);
  expect(away.err).not.toContain(key);
});
