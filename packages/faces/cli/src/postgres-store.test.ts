/** The command line on a store on PostgreSQL: the same commands, with an address in place of a folder. */
import { openHarness } from "@colophon/harness";
import { startSimulator } from "@colophon/simulator";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { anExecution, anOutcome } from "@colophon/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, promptFile, type Ran } from "./cli-world.fixture.ts";

const server = usePostgres();
let world: CliWorld;
let database: string;

beforeEach(async () => {
  world = openWorld();
  database = await server().takeDatabase();
});

afterEach(async () => {
  world.close();
  await server().giveBack(database);
});

/** Names the store by the environment, as deployments do. */
function run(...args: readonly string[]): Promise<Ran> {
  return world.run(args, { env: { COLOPHON_STORE: server().url(database) } });
}

async function succeeds(...args: readonly string[]): Promise<Ran> {
  const ran = await run(...args);
  expect(ran, `${args.join(" ")}: ${ran.err}`).toMatchObject({ code: 0 });
  expect(ran.out + ran.err).not.toContain(server().password);
  return ran;
}

test("One prompt's life: made, registered, released, called, asked about, verified, taken back, erased", async () => {
  expect((await run("list")).code).toBe(5);
  expect((await succeeds("init", "--json")).json()).toMatchObject({
    store: `127.0.0.1:${server().port}/${database}`,
    created: true,
  });
  expect((await succeeds("init", "--json")).json()).toMatchObject({ created: false });
  world.write("one.json", promptFile());
  world.write("two.json", promptFile("Sort this: {{ticket}}"));
  await succeeds("register", "one.json");
  await succeeds("register", "two.json");
  await succeeds("release", `${KEY}@v1`, "--env", "production", "--reason", "first");
  await succeeds("release", `${KEY}@v2`, "--env", "production", "--reason", "second");
  const harness = await openHarness({
    store: server().url(database),
    cwd: world.folder,
    mode: "write",
    actor: { id: "grace", via: "cli" },
    clock: world.clock,
  });
  const row = anExecution(harness.ids, {
    subjects: { user: "ada" },
    statedCost: { amount: 0.5, currency: "EUR" },
  });
  await harness.ledger.append([row]);
  await harness.ledger.appendOutcomes([anOutcome(harness.ids, row.id)]);
  await harness.close();
  world.clock.advance(1000);
  expect((await succeeds("ledger", "--user", "ada", "--json")).rows()).toMatchObject([{ id: row.id }]);
  await succeeds(
    "at",
    new Date(world.clock.now()).toISOString(),
    KEY,
    "--env",
    "production",
    "--user",
    "ada",
  );
  await succeeds("metrics", KEY, "--env", "production");
  expect((await succeeds("costs", "--json")).out).toContain("EUR");
  await succeeds("rollback", KEY, "--env", "production", "--reason", "worse");
  await succeeds("log", KEY);
  await succeeds("verify", "--anchor", "anchor.json");
  await succeeds("erase", "--user", "ada");
  expect((await succeeds("verify", "--anchor", "anchor.json", "--json")).json()).toMatchObject({
    findings: [],
  });
  expect([0, 1]).toContain((await run("doctor")).code);
  world.clock.advance(60 * 86_400_000);
  const before = ["retain", "--before", new Date(world.clock.now() - 30 * 86_400_000).toISOString()];
  const told = (await succeeds(...before, "--json")).json();
  expect(told).toMatchObject({ executions: 1, outcomes: 1, dryRun: true });
  expect((await succeeds("ledger", "--json")).rows()).toHaveLength(1);
  expect((await succeeds(...before)).out).toContain("would go; add --yes");
  expect((await succeeds(...before, "--yes", "--json")).json()).toEqual({ ...told, dryRun: false });
  expect((await succeeds("ledger", "--json")).rows()).toHaveLength(0);
  expect((await succeeds("verify", "--json")).json()).toMatchObject({ ok: true });
});

test("An embedded store moves over with its history, once, and both verify", async () => {
  await fillWorld(world);
  const url = server().url(database);
  const migrated = await world.run(["migrate-store", ".colophon", url, "--json"]);
  expect(migrated).toMatchObject({ code: 0, err: "" });
  expect(migrated.json()).toMatchObject({ ok: true, findings: [], moved: { texts: 2 } });
  const log = async (store: string) => (await world.run(["log", KEY, "--json", "--store", store])).rows();
  expect(await log(url)).toEqual(await log(".colophon"));
  const again = await world.run(["migrate-store", ".colophon", url]);
  expect(again.code).toBe(0);
  expect(again.out).toContain(": 0 records, 0 texts");
  expect(migrated.out + again.out).not.toContain(server().password);
  for (const args of [
    ["migrate-store", url, ".colophon"],
    ["migrate-store", ".colophon", "elsewhere"],
  ])
    expect((await world.run(args)).code).toBe(2);
  expect((await world.run(["migrate-store", "nowhere", url])).code).toBe(5);
});

test("A batch is called as an application calls, with the override of its user, in a schema of its own beside another store", async () => {
  await fillWorld(world);
  const elsewhere = await succeeds("init", "--json");
  const store = `${server().url(database)}?schema=colophon_shop`;
  const onShop = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await world.run(args, { env: { COLOPHON_STORE: store, OPENAI_API_KEY: "sk-test" } });
    expect(ran, `${args.join(" ")}: ${ran.err}`).toMatchObject({ code: 0 });
    return ran;
  };
  expect((await onShop("init", "--json")).json()).toMatchObject({
    store: `127.0.0.1:${server().port}/${database}?schema=colophon_shop`,
  });
  await onShop("register", "one.json");
  await onShop("register", "two.json");
  await onShop("release", `${KEY}@v1`, "--env", "production", "--reason", "first");
  await onShop("override", "set", `${KEY}@v2`, "--user", "ada");
  const simulator = await startSimulator({ latencyMs: 0 });
  try {
    const tickets = ["ada", "bob", "eve"].map((user) =>
      JSON.stringify({ variables: { ticket: "It crashes" }, user }),
    );
    world.write("in.jsonl", `${tickets.join("\n")}\n`);
    const files = ["--input", "in.jsonl", "--out", "out.jsonl"];
    const to = ["--model", "gpt-5-nano", "--base-url", simulator.baseUrl];
    const ran = await onShop("batch", KEY, "--env", "production", ...files, ...to, "--json");
    expect(ran.json()).toMatchObject({ lines: 3, finished: 3, errors: 0 });
    const rows = (await onShop("ledger", "--json")).rows<{ readonly version: number }>();
    expect(rows.map(({ version }) => version).toSorted()).toEqual([1, 1, 2]);
    expect(simulator.requests).toHaveLength(3);
  } finally {
    await simulator.close();
  }
  expect((await onShop("verify", "--json")).json()).toMatchObject({ ok: true });
  expect((await succeeds("list", "--json")).rows()).toEqual([]);
  expect(elsewhere.json()).toMatchObject({ created: true });
});

test("A server that is not there is said in one sentence, with exit code 5 and no password", async () => {
  const ran = await world.run(["list"], {
    env: { COLOPHON_STORE: `postgres://owner:${server().password}@127.0.0.1:1/${database}` },
  });
  expect(ran.code).toBe(5);
  expect(ran.err).toMatch(/^The store 127\.0\.0\.1:1\/\S+ cannot be reached; .*\.\n$/);
  expect(ran.out + ran.err).not.toContain(server().password);
});
