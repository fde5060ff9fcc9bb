/** The same commands against a real server: a key's rights hold, and each change is written down under the key. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type CliWorld, MAIN, openWorld, type Ran, type RunOptions } from "./cli-world.fixture.ts";

let world: CliWorld;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  world = openWorld();
  const env = { ...process.env, NO_COLOR: "1" };
  server = spawn(process.execPath, [MAIN, "serve", "--port", "0", "--json"], { cwd: world.folder, env });
  let said = "";
  server.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const line = await new Promise<string>((done, fail) => {
    server.stdout?.once("data", (chunk: Buffer) => done(chunk.toString()));
    server.once("exit", () => fail(new Error(`The server ended: ${said}`)));
  });
  url = (JSON.parse(line) as { readonly url: string }).url;
  await vi.waitFor(() => expect(said).toContain('"serving"'), 20_000);
});

afterAll(() => {
  server.kill("SIGKILL");
  world.close();
});

interface Issued {
  readonly key: { readonly id: string };
  readonly secret: string;
}

async function issue(...args: readonly string[]): Promise<Issued> {
  const ran = await world.run(["key", "create", ...args, "--json"]);
  expect(ran, ran.err).toMatchObject({ code: 0 });
  return ran.json<Issued>();
}

function ask(key: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return world.run(["--store", url, ...args], { ...options, env: { COLOPHON_API_KEY: key, ...options.env } });
}

describe("an installation behind a server", () => {
  test("is administered with a key of the whole installation", async () => {
    const root = await issue(
      "root",
      "--installation",
      "--scopes",
      "resolve,record,read,author,override,evaluate,release,break-glass,admin",
    );
    const succeeds = async (args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
      const ran = await ask(root.secret, args, options);
      expect(ran, `${args.join(" ")}: ${ran.err}`).toMatchObject({ code: 0 });
      return ran;
    };
    await succeeds(["project", "create", "shop"]);
    expect((await succeeds(["project", "list", "--json"])).rows()).toHaveLength(2);
    const invited = (
      await succeeds([
        "member",
        "invite",
        "ada@example.com",
        "--role",
        "editor",
        "--project",
        "shop",
        "--expires",
        "2099-01-01",
        "--json",
      ])
    ).json<{ token: string }>();
    const admin = await ask(root.secret, ["member", "invite", "eve@example.com", "--role", "admin"]);
    expect(admin).toMatchObject({ code: 2, err: expect.stringMatching(/project|no scope review/) });
    await succeeds(["member", "accept", invited.token, "--name", "Ada"], {
      input: "correct horse battery\n",
    });
    await succeeds([
      "member",
      "grant",
      "ada@example.com",
      "--role",
      "viewer",
      "--project",
      "main",
      "--env",
      "staging",
    ]);
    expect((await succeeds(["member", "list", "--installation", "--json"])).rows()).toHaveLength(2);
    await succeeds(["member", "revoke", "ada@example.com", "--project", "main", "--env", "staging"]);
    const { key } = (
      await succeeds(["key", "create", "web", "--scopes", "resolve", "--project", "shop", "--json"])
    ).json<Issued>();
    const rotated = (await succeeds(["key", "rotate", key.id, "--project", "shop", "--json"])).json<Issued>();
    await succeeds(["key", "revoke", rotated.key.id, "--project", "shop"]);
    await succeeds(["secret", "set", "OPENAI_API_KEY", "--project", "shop"], { input: "sk" });
    expect((await succeeds(["secret", "list", "--project", "shop", "--json"])).rows()).toHaveLength(1);
    await succeeds(["secret", "remove", "OPENAI_API_KEY", "--project", "shop"]);
    expect((await succeeds(["whoami", "--json"])).json()).toMatchObject({
      key: { id: root.key.id },
      project: null,
    });
    expect((await succeeds(["audit", "verify", "--json"])).json()).toMatchObject({ broken: [] });
    const log = (await succeeds(["audit", "export", "--installation"])).rows<{
      action: string;
      allowed: boolean;
      actor: object;
      detail: string | null;
    }>();
    expect(log.map(({ action, allowed }) => (allowed ? action : `refused ${action}`))).toEqual([
      ...[
        "key.create",
        "project.create",
        "invitation.create",
        "refused invitation.create",
        "invitation.accept",
        "member.grant",
        "member.revoke",
      ],
      ...["key.create", "key.rotate", "key.revoke", "secret.set", "secret.remove"],
    ]);
    expect(log[5]).toMatchObject({ actor: { id: root.key.id, via: "server" }, detail: "viewer in staging" });
  });

  test("shows a key of one project that project alone, and gives it nothing that it lacks", async () => {
    const own = await issue("own", "--scopes", "admin,read");
    expect((await ask(own.secret, ["project", "list", "--json"])).rows()).toMatchObject([{ id: "main" }]);
    expect((await ask(own.secret, ["key", "list", "--json"])).rows()).toContainEqual(
      expect.objectContaining({ id: own.key.id }),
    );
    const refusals = await Promise.all([
      ask(own.secret, ["key", "create", "x", "--scopes", "release"]),
      ask(own.secret, ["key", "create", "x", "--scopes", "read", "--installation"]),
      ask(own.secret, ["member", "invite", "eve@example.com", "--role", "admin"]),
      ask(own.secret, ["project", "create", "other"]),
      ask(own.secret, ["audit", "verify"]),
    ]);
    for (const { code, err } of refusals)
      expect([code, err]).toEqual([2, expect.stringMatching(/no scope|the scope admin/)]);
    const password = await ask(own.secret, ["member", "password", "ada@example.com"], {
      input: "another horse battery",
    });
    expect(password).toMatchObject({
      code: 2,
      err: expect.stringMatching(/at the machine with the database/),
    });
    const elsewhere = await ask(own.secret, ["key", "list", "--project", "shop"]);
    expect(elsewhere).toMatchObject({ code: 2, err: expect.stringMatching(/There is no project shop/) });
  });
});
