/** Push, pull, status and types on a registry behind a server, which is a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import type { PullReport, PushReport, SyncStatus } from "@colophon/harness";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KEY, MAIN, promptFile, type Ran } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "./git-world.fixture.ts";

let world: GitWorld;
let server: ChildProcess;
let url = "";
let said = "";

beforeEach(async () => {
  world = openGitWorld();
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

async function asKeyOf(...scopes: readonly string[]): Promise<(...args: readonly string[]) => Promise<Ran>> {
  const made = await world.succeeds(
    "key",
    "create",
    scopes.join("-"),
    "--scopes",
    scopes.join(","),
    "--json",
  );
  const { secret } = made.json<{ secret: string }>();
  return (...args) => world.run(["--store", url, ...args], { env: { COLOPHON_API_KEY: secret } });
}

it("What stands in files goes to the server and comes back, with the rights of the key", async () => {
  const author = await asKeyOf("read", "author");
  const reader = await asKeyOf("read");
  world.write("prompts/support/triage.prompt", triage("Sort.", "One:", "billing", "bug"));
  const commit = world.commit("Sort tickets");
  const refused = await reader("push");
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("author")]);
  const pushed = (await author("push", "--json")).json<PushReport>();
  expect(pushed.pushed).toMatchObject([{ key: KEY, version: 1, commit, author: "ada@example.com" }]);
  expect((await author("push", "--json")).json()).toMatchObject({ pushed: [], unchanged: 1 });
  world.commit("Lock");
  const entries = (await reader("log", KEY, "--json")).rows();
  expect(entries).toMatchObject([{ author: "ada@example.com", commit }]);

  const input = {
    type: "object",
    properties: { ticket: { type: "string" } },
    required: ["ticket"],
    additionalProperties: false,
  };
  world.write("there.json", promptFile("Sort.\nOne:\nbilling\nbug or spam\n{{ticket}}", { input }));
  expect((await author("register", "there.json")).code).toBe(0);
  expect((await reader("status", "--json")).rows<SyncStatus>()).toMatchObject([
    { state: "changed-there", locked: 1 },
  ]);
  const pulled = (await reader("pull", "--here", "--json")).json<PullReport>();
  expect(pulled.pulled).toMatchObject([{ key: KEY, version: 2, change: "updated" }]);
  expect(world.read("prompts/support/triage.prompt")).toBe(triage("Sort.", "One:", "billing", "bug or spam"));
  expect((await reader("status", "--exit-code")).code).toBe(0);
  const types = await reader("types", "-o", "prompts.d.ts", "--json");
  expect(types.json()).toMatchObject({ prompts: 1, versions: 2 });
  expect(world.read("prompts.d.ts")).not.toContain(url);
});
