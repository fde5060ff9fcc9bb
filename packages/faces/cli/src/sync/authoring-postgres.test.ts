/** The whole round of authoring on a store on PostgreSQL: what holds on the embedded one holds there. */
import type { PullReport, PushReport, SyncStatus } from "@colophon/harness";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY, promptFile, type Ran } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "./git-world.fixture.ts";

const FILE = "prompts/support/triage.prompt";
const server = usePostgres();
let world: GitWorld;
let database: string;

beforeEach(async () => {
  world = openGitWorld();
  database = await server().takeDatabase();
});
afterEach(async () => {
  world.close();
  await server().giveBack(database);
});

function run(...args: readonly string[]): Promise<Ran> {
  return world.run(args, { env: { COLOPHON_STORE: server().url(database) } });
}

async function succeeds(...args: readonly string[]): Promise<Ran> {
  const ran = await run(...args);
  expect(ran, `${args.join(" ")}: ${ran.out}${ran.err}`).toMatchObject({ code: 0 });
  return ran;
}

test("push, pull with a conflict, status, types, review, diff, ci and every import", async () => {
  await succeeds("init");
  world.write(FILE, triage("Sort the ticket."));
  world.commit("Begin");
  expect((await succeeds("push", "--json")).json<PushReport>().pushed).toMatchObject([{ version: 1 }]);
  world.commit("Lock");
  await succeeds("release", `${KEY}@v1`, "--env", "production", "--reason", "first");

  const there = promptFile("Sort it elsewhere.\n{{ticket}}") as Readonly<Record<string, unknown>>;
  const input = { ...(there.input as object), additionalProperties: false };
  world.write("there.json", { ...there, input });
  await succeeds("register", "there.json");
  world.git("clean", "--quiet", "-f", "there.json");
  world.git("checkout", "--quiet", "-b", "feature");
  world.write(FILE, triage("Sort it here."));
  world.commit("Here", "Eve <eve@example.com>");
  expect((await succeeds("status", "--json")).rows<SyncStatus>()).toMatchObject([
    { state: "changed-both", mergeable: false },
  ]);
  expect((await run("push", "--json")).json<PushReport>().conflicts).toMatchObject([
    { state: "changed-both" },
  ]);
  const pulled = await run("pull", "--here", "--conflicts", "--json");
  expect([pulled.code, pulled.json<PullReport>().conflicts.length]).toEqual([1, 1]);
  expect(world.read(FILE)).toContain("<<<<<<<");
  world.write(FILE, triage("Sort it in both places."));
  world.commit("Settled");
  expect((await succeeds("push", "--json")).json<PushReport>().pushed).toMatchObject([{ version: 3 }]);
  world.commit("Lock again");
  expect((await succeeds("log", KEY, "--json")).rows()[0]).toMatchObject({ coAuthors: ["eve@example.com"] });

  await succeeds("types", "--registry", "-o", "registry.d.ts");
  expect(world.read("registry.d.ts")).toContain(`"${KEY}"`);
  expect((await succeeds("review", `${KEY}@v3`, "--json")).out).toContain('"recorded":"');
  expect((await succeeds("diff", KEY, "v1", "v3", "--json")).json()).toMatchObject({ same: false });
  world.write(FILE, triage("Sort it once more."));
  world.commit("Once more");
  expect((await run("ci", "--base", "main", "--no-gate", "--json")).json()).toMatchObject({
    state: "not-judged",
    prompts: [{ key: KEY, change: "changed" }],
    checks: [
      { name: "colophon.lock", state: "passed" },
      { name: "registry.d.ts", state: "passed" },
    ],
  });

  world.write("dot/one.prompt", "---\nmodel: gpt-5-mini\n---\nOne\n");
  world.write("two.prompty", "---\nmodel: { id: gpt-5-mini }\n---\nsystem:\nTwo\n");
  world.write("foo.yaml", "prompts: [{ raw: Three, label: three }]\nproviders: [openai:gpt-5-mini]\n");
  world.write("lang.json", [{ name: "four", version: 1, prompt: "Four", config: { model: "gpt-5-mini" } }]);
  for (const [from, path] of [
    ["dotprompt", "dot"],
    ["prompty", "two.prompty"],
    ["promptfoo", "foo.yaml"],
    ["langfuse", "lang.json"],
  ] as const) {
    await succeeds("import", path, "--from", from, "--to", "registry");
  }
  const keys = (await succeeds("list", "--json")).rows().map(({ key }) => key);
  expect(keys).toEqual(["four", "one", KEY, "three", "two"]);
  expect((await succeeds("verify", "--json")).json()).toMatchObject({ findings: [] });
});
