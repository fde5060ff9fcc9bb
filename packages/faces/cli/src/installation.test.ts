/** Projects, people, keys, secrets and the audit log from the command line, on a store at hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, openWorld, type Ran, type RunOptions } from "./cli-world.fixture.ts";

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const PASSWORD = "correct horse battery";

async function succeeds(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await world.run(args, options);
  expect(ran, `${args.join(" ")}: ${ran.err}`).toMatchObject({ code: 0 });
  return ran;
}

async function refused(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await world.run(args, options);
  expect(ran.code, args.join(" ")).toBe(2);
  return ran.err;
}

describe("colophon project", () => {
  test("makes projects whose prompts are apart", async () => {
    await succeeds(["project", "create", "shop", "--name", "The shop"]);
    expect((await succeeds(["project", "list", "--json"])).rows()).toMatchObject([
      { id: "main", name: "main" },
      { id: "shop", name: "The shop" },
    ]);
    expect((await succeeds(["project", "list"])).out).toMatch(
      /^installation .*installation\.db · the whole installation\nproject {2}name/,
    );
    expect(await refused(["project", "create", "Shop"])).toMatch(/cannot be a project's id/);
  });

  test("reading makes nothing where nothing is", async () => {
    expect((await succeeds(["project", "list", "--json"])).rows()).toMatchObject([{ id: "main" }]);
    expect((await succeeds(["audit", "verify", "--json"])).json()).toEqual({ entries: 0, broken: [] });
    expect(() => readFileSync(join(world.folder, ".colophon", "installation.db"))).toThrow(/ENOENT/);
  });
});

describe("colophon member", () => {
  test("invites a person, lets them in, changes what they are and takes it back", async () => {
    const { token, invitation } = (
      await succeeds(["member", "invite", "Ada@example.com", "--role", "editor", "--expires", "3d", "--json"])
    ).json<{
      token: string;
      invitation: { id: string; expires: string };
    }>();
    expect(Date.parse(invitation.expires) - world.clock.now()).toBe(3 * 86_400_000);
    const accept = ["member", "accept", token];
    expect(await refused(accept)).toMatch(/give a name and a password/);
    expect(await refused([...accept, "--name", "Ada"], { input: "short\n" })).toMatch(/5 characters/);
    await succeeds([...accept, "--name", "Ada"], { input: `${PASSWORD}\n` });
    expect(await refused([...accept, "--name", "Ada"], { env: { COLOPHON_PASSWORD: PASSWORD } })).toMatch(
      /used, expired or withdrawn/,
    );
    await succeeds(["member", "grant", "ada@example.com", "--role", "operator", "--env", "staging"]);
    expect((await succeeds(["member", "list", "--json"])).rows()).toMatchObject([
      { email: "ada@example.com", name: "Ada", role: "editor", project: "main", environment: null },
      { role: "operator", environment: "staging" },
    ]);
    await succeeds(["member", "revoke", "ada@example.com", "--env", "staging"]);
    expect(await refused(["member", "revoke", "ada@example.com", "--env", "staging"])).toMatch(
      /no role just there/,
    );
    expect((await succeeds(["member", "list"])).out).toMatch(
      /ada@example\.com {2}Ada {3}editor {2}main {5}all/,
    );
  });

  test("gives another password, and writes down that it did, not which", async () => {
    const password = "another horse battery";
    expect(await refused(["member", "password", "ada@example.com"], { input: password })).toMatch(
      /nobody with the e-mail/,
    );
    const invited = await succeeds(["member", "invite", "ada@example.com", "--role", "viewer", "--json"]);
    await succeeds(["member", "accept", invited.json<{ token: string }>().token, "--name", "Ada"], {
      input: PASSWORD,
    });
    await succeeds(["member", "password", "ada@example.com"], { input: password });
    const [entry] = (await succeeds(["audit", "list", "--installation", "--limit", "1", "--json"])).rows();
    expect(entry).toMatchObject({ action: "member.password", target: "ada@example.com" });
    expect(JSON.stringify(entry)).not.toContain(password);
  });

  test("COLOPHON_ENV does not narrow a role, only --env does", async () => {
    await succeeds(["member", "invite", "ada@example.com", "--role", "viewer"], {
      env: { COLOPHON_ENV: "staging" },
    });
    expect((await succeeds(["member", "invitations", "--json"])).rows()).toMatchObject([
      { environment: null },
    ]);
  });

  test("names the role and the person that are none", async () => {
    expect(await refused(["member", "grant", "bob@example.com", "--role", "viewer"])).toMatch(
      /invite them first/,
    );
    expect(await refused(["member", "grant", "bob@example.com", "--role", "boss"])).toMatch(
      /--role boss is unknown/,
    );
    expect(await refused(["member", "list", "--project", "main", "--installation"])).toMatch(/at once/);
    expect(await refused(["member", "withdraw", "none"])).toMatch(/no open invitation/);
  });
});

describe("colophon key", () => {
  test("shows a secret once, and never again", async () => {
    const created = await succeeds([
      "key",
      "create",
      "shop",
      "--scopes",
      "resolve, record",
      "--environments",
      "production",
      "--expires",
      "90d",
      "--json",
    ]);
    const { key, secret } = created.json<{ key: { id: string; scopes: string[] }; secret: string }>();
    expect(key).toMatchObject({
      scopes: ["resolve", "record"],
      environments: ["production"],
      project: "main",
    });
    const shown = [await succeeds(["key", "list"]), await succeeds(["audit", "export", "--installation"])];
    for (const { out } of shown) {
      expect(out).toContain("shop");
      expect(out).not.toContain(secret.slice(-43));
    }
    const rotated = (await succeeds(["key", "rotate", key.id, "--grace", "7d", "--json"])).json<{
      key: { id: string };
    }>();
    expect(rotated.key).toMatchObject({ rotates: key.id });
    await succeeds(["key", "revoke", rotated.key.id]);
    expect(await refused(["key", "revoke", rotated.key.id])).toMatch(/no open key/);
    const rows = (await succeeds(["key", "list", "--json"])).rows<{ id: string; expires: string }>();
    const old = rows.find(({ id }) => id === key.id);
    expect(Date.parse(old?.expires ?? "") - world.clock.now()).toBe(7 * 86_400_000);
  });

  test("refuses scopes and times that are none", async () => {
    expect(await refused(["key", "create", "x", "--scopes", "resolve,all"])).toMatch(
      /--scopes all is unknown/,
    );
    expect(await refused(["key", "create", "x", "--scopes", ""])).toMatch(/is no list/);
    expect(await refused(["key", "create", "x", "--scopes", "read", "--expires", "soon"])).toMatch(
      /--expires/,
    );
    expect(await refused(["key", "create", "x", "--scopes", "read", "--project", "nowhere"])).toMatch(
      /no project "nowhere"/,
    );
  });
});

describe("colophon secret", () => {
  test("keeps a value that no file and no answer has in plain", async () => {
    const said = await succeeds(["secret", "set", "OPENAI_API_KEY"], { input: "sk-very-secret\n" });
    expect(said.out).not.toContain("sk-very-secret");
    expect((await succeeds(["secret", "list", "--json"])).rows()).toMatchObject([
      { name: "OPENAI_API_KEY", setBy: "grace" },
    ]);
    for (const file of ["installation.db", "installation.db-wal"]) {
      const path = join(world.folder, ".colophon", file);
      expect(readIfThere(path)).not.toContain("sk-very-secret");
    }
    await succeeds(["secret", "remove", "OPENAI_API_KEY"]);
    expect(await refused(["secret", "remove", "OPENAI_API_KEY"])).toMatch(/has no secret/);
  });

  test("takes a value from the environment, and says so where there is none", async () => {
    await succeeds(["secret", "set", "OPENAI_API_KEY", "--from-env"], { env: { OPENAI_API_KEY: "sk" } });
    expect(await refused(["secret", "set", "OPENAI_API_KEY", "--from-env"])).toMatch(
      /environment has no OPENAI_API_KEY/,
    );
    expect(await refused(["secret", "set", "openai"], { input: "sk" })).toMatch(/cannot be a secret's name/);
  });

  test("are sealed under COLOPHON_SECRET where it is set, and under no other key from then on", async () => {
    const first = { COLOPHON_SECRET: "the first master key, as long as it must be" };
    await succeeds(["secret", "set", "A"], { input: "b", env: first });
    expect(await refused(["secret", "set", "A"], { input: "c" })).toMatch(/another master key/);
    expect(await refused(["secret", "set", "A"], { input: "c", env: { COLOPHON_SECRET: "short" } })).toMatch(
      /32 or more/,
    );
  });
});

describe("colophon audit", () => {
  test("lists what was done by whom, and holds it against its chain", async () => {
    await succeeds(["project", "create", "shop"]);
    await succeeds(["key", "create", "web", "--scopes", "resolve", "--project", "shop"]);
    const rows = (await succeeds(["audit", "list", "--installation", "--json"])).rows();
    expect(rows).toMatchObject([
      {
        n: 2,
        actor: { id: "grace", via: "cli" },
        action: "key.create",
        target: "web",
        project: "shop",
        allowed: true,
      },
      { n: 1, action: "project.create", target: "shop", project: null },
    ]);
    expect(
      (
        await succeeds([
          "audit",
          "list",
          "--project",
          "shop",
          "--action",
          "key.create",
          "--actor",
          "grace",
          "--since",
          "1h",
          "--limit",
          "5",
          "--json",
        ])
      ).rows(),
    ).toHaveLength(1);
    expect((await succeeds(["audit", "list", "--installation", "--refused", "--json"])).rows()).toEqual([]);
    expect((await succeeds(["audit", "export", "--installation", "--after", "1"])).rows()).toMatchObject([
      { n: 2 },
    ]);
    expect((await succeeds(["audit", "verify"])).out).toMatch(/2 entries, all as they were written/);
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
