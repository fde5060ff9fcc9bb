/** Runs every operation on an installation, at hand and as a server would, and holds what comes out against its shape. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HarnessError, type MemberRole, type Right, ROLE_SCOPES, SCOPES } from "@colophon/kernel";
import { anActor, fixedClock, seededRandom } from "@colophon/testkit";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type InstallationDesk, openInstallation } from "../index.ts";
import { INSTALLATION_OPERATIONS } from "./installation-operations.ts";
import * as offered from "./offered-installation.ts";

const clock = fixedClock();
let folder: string;
let desk: InstallationDesk;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-operations-"));
  const random = seededRandom("operations");
  desk = await openInstallation({ cwd: folder, mode: "write", actor: anActor(), clock, random });
});
afterEach(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const main = { project: "main" };
const everywhere = { ...main, environment: null };
const ADA = { email: "ada@example.com", name: "Ada", password: "correct horse battery" };

/** The same desk with somebody else behind it, as a server gives it to a caller. */
function deskOf(id: string, rightsIn: (project: string | null) => readonly Right[]): InstallationDesk {
  return { ...desk, actor: { id, via: "server" }, rightsIn: async (project) => rightsIn(project) };
}

const adminOf = (own: string) => (project: string | null) =>
  project === own ? [{ scopes: SCOPES, environment: null }] : [];

/** Runs an operation as it is offered, and checks that its schema leaves nothing out. */
async function run<R>(name: string, asked: () => Promise<R>): Promise<R> {
  const said = await asked();
  const { output } = INSTALLATION_OPERATIONS.find((one) => one.name === name) as {
    output: { parse(value: unknown): unknown };
  };
  const sent: unknown = JSON.parse(JSON.stringify(said));
  expect(output.parse(sent)).toEqual(sent);
  return said;
}

describe("operations on an installation", () => {
  test("each give what their schema says, and nothing more", async () => {
    const ran = new Set<string>();
    const ask = <R>(name: string, asked: () => Promise<R>): Promise<R> => {
      ran.add(name);
      return run(name, asked);
    };
    await ask("project.create", () => offered.createProject(desk, { id: "shop", name: "Shop" }));
    expect(await ask("project.list", () => offered.listProjects(desk))).toHaveLength(2);
    const { token, invitation } = await ask("invitation.create", () =>
      offered.invitePerson(desk, { ...everywhere, email: "ADA@example.com", role: "editor" }),
    );
    expect(await ask("invitation.list", () => offered.listInvitations(desk, main))).toEqual([invitation]);
    await ask("invitation.accept", () =>
      offered.acceptInvitation(desk, { token, name: ADA.name, password: ADA.password }),
    );
    const other = await offered.invitePerson(desk, {
      ...everywhere,
      email: "bob@example.com",
      role: "viewer",
    });
    await ask("invitation.withdraw", () =>
      offered.withdrawInvitation(desk, { ...main, id: other.invitation.id }),
    );
    const staging = { ...main, email: ADA.email, environment: "staging" };
    await ask("member.grant", () => offered.grantRole(desk, { ...staging, role: "operator" }));
    expect(await ask("member.list", () => offered.listMembers(desk, main))).toMatchObject([
      { email: ADA.email, role: "editor", environment: null },
      { email: ADA.email, role: "operator", environment: "staging" },
    ]);
    await ask("member.revoke", () => offered.revokeRole(desk, staging));
    const created = await ask("key.create", () =>
      offered.createKey(desk, {
        ...main,
        name: "shop",
        environments: ["production"],
        scopes: ["resolve"],
        expires: "2030-01-01",
      }),
    );
    const rotated = await ask("key.rotate", () => offered.rotateKey(desk, { ...main, id: created.key.id }));
    expect(
      await ask("key.revoke", () => offered.revokeKey(desk, { ...main, id: rotated.key.id })),
    ).toMatchObject({
      rotates: created.key.id,
      revokedAt: new Date(clock.now()).toISOString(),
    });
    expect(await ask("key.list", () => offered.listKeys(desk, main))).toHaveLength(2);
    await ask("secret.set", () =>
      offered.setSecret(desk, { ...main, name: "OPENAI_API_KEY", value: "sk-plain" }),
    );
    expect(await ask("secret.list", () => offered.listSecrets(desk, main))).toMatchObject([
      { name: "OPENAI_API_KEY" },
    ]);
    await ask("secret.remove", () => offered.removeSecret(desk, { ...main, name: "OPENAI_API_KEY" }));
    await ask("caller.show", () => offered.whoami(desk));
    expect(await ask("audit.verify", () => offered.verifyAudit(desk))).toMatchObject({ broken: [] });
    expect(
      (await ask("audit.list", () => offered.listAudit(desk, { ...main, since: "1h" }))).length,
    ).toBeGreaterThan(8);
    expect(await ask("audit.export", () => offered.exportAudit(desk, { project: null }))).toMatchObject({
      next: null,
    });
    expect([...ran].toSorted()).toEqual(INSTALLATION_OPERATIONS.map(({ name }) => name).toSorted());
  });

  test("write each change into the audit log, without secrets, and nothing of reading", async () => {
    const { secret } = await offered.createKey(desk, { ...main, name: "shop", scopes: ["resolve"] });
    await offered.setSecret(desk, { ...main, name: "OPENAI_API_KEY", value: "sk-plain" });
    const { token } = await offered.invitePerson(desk, { ...everywhere, email: ADA.email, role: "admin" });
    await offered.acceptInvitation(desk, { token, name: ADA.name, password: ADA.password });
    await offered.listKeys(desk, main);
    const { entries } = await offered.exportAudit(desk, { project: null });
    expect(entries.map(({ action, target, project, detail }) => [action, target, project, detail])).toEqual([
      ["key.create", "shop", "main", "resolve in all environments"],
      ["secret.set", "OPENAI_API_KEY", "main", null],
      ["invitation.create", ADA.email, "main", "admin in all environments"],
      ["invitation.accept", "ada@example.com", "main", "admin in all environments"],
    ]);
    const written = JSON.stringify(entries);
    for (const hidden of [secret, "sk-plain", token, ADA.password]) expect(written).not.toContain(hidden);
  });

  test("export the log by pages", async () => {
    for (let at = 0; at < 1_001; at++) {
      const draft = {
        actor: anActor(),
        ...everywhere,
        action: "release.create",
        target: null,
        allowed: true,
        detail: null,
      };
      await desk.installation.audit.append(draft);
    }
    const first = await offered.exportAudit(desk, { project: null });
    expect([first.entries.length, first.next]).toEqual([1_000, 1_000]);
    const second = await offered.exportAudit(desk, { project: null, after: first.next ?? 0 });
    expect(second.entries.map(({ n }) => n)).toEqual([1_001]);
    expect(second.next).toBeNull();
  });

  test("refuse a project that is not there", async () => {
    const unknown = { project: "nowhere", environment: null };
    const unheard = { code: "project-unknown" };
    await expect(offered.createKey(desk, { ...unknown, name: "x", scopes: ["read"] })).rejects.toMatchObject(
      unheard,
    );
    await expect(
      offered.invitePerson(desk, { ...unknown, email: ADA.email, role: "viewer" }),
    ).rejects.toMatchObject(unheard);
    await expect(offered.setSecret(desk, { ...unknown, name: "A", value: "b" })).rejects.toMatchObject(
      unheard,
    );
  });

  test("refuse what has expired already, environments of no project, and what is no e-mail", async () => {
    const request = { ...main, name: "shop", scopes: ["read"] } as const;
    await expect(offered.createKey(desk, { ...request, expires: "2020-01-01" })).rejects.toThrow(/expired/);
    await expect(offered.createKey(desk, { ...request, expires: "soon" })).rejects.toMatchObject({
      code: "time-invalid",
    });
    const whole = { ...request, project: null, environments: ["production"] };
    await expect(offered.createKey(desk, whole)).rejects.toThrow(/name a project/);
    const nowhere = { email: ADA.email, project: null, environment: "production", role: "viewer" } as const;
    await expect(offered.invitePerson(desk, nowhere)).rejects.toThrow(/name the project/);
    const nobody = { ...everywhere, email: "ada", role: "viewer" } as const;
    await expect(offered.invitePerson(desk, nobody)).rejects.toThrow('"ada" is no e-mail address');
  });
});

describe("what is of one project", () => {
  test("cannot be changed through another one", async () => {
    await offered.createProject(desk, { id: "shop" });
    const { key } = await offered.createKey(desk, { project: "shop", name: "shop", scopes: ["read"] });
    const { invitation } = await offered.invitePerson(desk, {
      ...{ email: "bob@example.com", project: "shop", environment: null, role: "viewer" },
    });
    const wrong = { project: "main", id: key.id };
    await expect(offered.revokeKey(desk, wrong)).rejects.toMatchObject({ code: "usage" });
    await expect(offered.rotateKey(desk, wrong)).rejects.toMatchObject({ code: "usage" });
    await expect(
      offered.withdrawInvitation(desk, { project: "main", id: invitation.id }),
    ).rejects.toMatchObject({ code: "usage" });
    expect(await offered.listKeys(desk, { project: "shop" })).toEqual([key]);
    expect(await offered.listInvitations(desk, { project: "shop" })).toEqual([invitation]);
  });

  test("is listed for those alone who may do anything there", async () => {
    await offered.createProject(desk, { id: "shop" });
    expect(await offered.listProjects(deskOf("bob", adminOf("shop")))).toMatchObject([{ id: "shop" }]);
    expect(await offered.listProjects(deskOf("eve", () => []))).toEqual([]);
  });
});

describe("nobody gives what they lack", () => {
  test("in a key, a role, an invitation or the rotation of a key", async () => {
    await desk.signIn.register(ADA);
    const narrow = deskOf("narrow", (project) =>
      project === "main" ? [{ scopes: ["admin", "read", "resolve"], environment: null }] : [],
    );
    const strong = await offered.createKey(desk, { ...main, name: "strong", scopes: ["release"] });
    const refusal = {
      code: "not-allowed",
      message: expect.stringMatching(/^Nobody gives what they lack: narrow has no scope/),
    };
    await expect(
      offered.createKey(narrow, { ...main, name: "x", scopes: ["read", "release"] }),
    ).rejects.toMatchObject(refusal);
    await expect(
      offered.createKey(narrow, { project: null, name: "x", scopes: ["read"] }),
    ).rejects.toMatchObject(refusal);
    await expect(offered.rotateKey(narrow, { ...main, id: strong.key.id })).rejects.toMatchObject(refusal);
    await expect(
      offered.grantRole(narrow, { ...everywhere, email: ADA.email, role: "admin" }),
    ).rejects.toMatchObject(refusal);
    await expect(
      offered.invitePerson(narrow, { ...everywhere, email: "x@example.com", role: "editor" }),
    ).rejects.toMatchObject(refusal);
    await expect(
      offered.grantRole(narrow, { ...everywhere, project: null, email: ADA.email, role: "viewer" }),
    ).rejects.toMatchObject(refusal);
    expect(await offered.listMembers(desk, { project: null })).toEqual([]);
    expect(await offered.createKey(narrow, { ...main, name: "x", scopes: ["read"] })).toMatchObject({
      key: { createdBy: "narrow" },
    });
    expect(
      await offered.grantRole(narrow, { ...everywhere, email: ADA.email, role: "viewer" }),
    ).toMatchObject({ role: "viewer" });
  });

  test("and no key approves versions, whoever makes it; what a key makes is its owner's", async () => {
    const asked = { ...main, name: "x", scopes: ["read", "review"] as const };
    await expect(offered.createKey(desk, asked)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("people approve versions"),
    });
    const byKey = { ...desk, actor: { id: "key-1", via: "server", owner: "ada@example.com" } } as const;
    const made = await offered.createKey(byKey, { ...main, name: "second", scopes: ["read"] });
    expect(made.key.createdBy).toBe("ada@example.com");
  });

  test("whatever their rights are: a key never has a scope at a place where its creator has none", async () => {
    const environments = ["staging", "production"];
    const right = fc.record({
      scopes: fc.subarray([...SCOPES]),
      environment: fc.constantFrom(null, ...environments),
    });
    const asked = fc.record({
      scopes: fc.subarray(
        SCOPES.filter((scope) => scope !== "review"),
        { minLength: 1 },
      ),
      environments: fc.option(fc.subarray(environments, { minLength: 1 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(right, { maxLength: 3 }),
        asked,
        async (rights, { scopes, environments: places }) => {
          const has = (scope: string, place: string | null) =>
            rights.some(
              (one) =>
                one.scopes.includes(scope as never) &&
                (one.environment === null || one.environment === place),
            );
          const may = (places ?? [null]).every((place) => scopes.every((scope) => has(scope, place)));
          const request = {
            ...main,
            name: "x",
            scopes,
            ...(places === undefined ? {} : { environments: places }),
          };
          const made = offered
            .createKey(
              deskOf("x", () => rights),
              request,
            )
            .then(
              () => true,
              (error: HarnessError) => error.code !== "not-allowed",
            );
          expect(await made).toBe(may);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("an invitation", () => {
  test("gives its role to the e-mail that it was made for, whoever brings the token", async () => {
    const ada = await desk.signIn.register(ADA);
    const { token } = await offered.invitePerson(desk, { ...everywhere, email: ADA.email, role: "reviewer" });
    await offered.acceptInvitation(desk, { token, name: "Mallory", password: "another password" });
    expect(await offered.listMembers(desk, main)).toMatchObject([
      { email: ADA.email, name: "Ada", role: "reviewer" },
    ]);
    expect(await desk.installation.people.rightsOf(ada.id, "main")).toMatchObject([
      { scopes: ROLE_SCOPES.reviewer },
    ]);
  });

  test("asks a new person for name and password, and is still open after a weak one", async () => {
    const { token } = await offered.invitePerson(desk, { ...everywhere, email: ADA.email, role: "viewer" });
    await expect(offered.acceptInvitation(desk, { token })).rejects.toThrow(/give a name and a password/);
    await expect(offered.acceptInvitation(desk, { token, name: "Ada", password: "short" })).rejects.toThrow(
      /12 to 128/,
    );
    await expect(offered.acceptInvitation(desk, { token: "inv_none" })).rejects.toThrow(
      /used, expired or withdrawn/,
    );
    await offered.acceptInvitation(desk, { token, name: "Ada", password: ADA.password });
    expect(await offered.listMembers(desk, main)).toHaveLength(1);
  });
});

describe("whoami", () => {
  test("says of a key its project, scopes and environments", async () => {
    const { key } = await offered.createKey(desk, {
      ...main,
      name: "shop",
      environments: ["staging"],
      scopes: ["read"],
    });
    expect(await offered.whoami(deskOf(key.id, () => []))).toEqual({
      actor: { id: key.id, via: "server" },
      ...{ person: null, key, project: "main" },
      rights: [{ project: "main", environment: "staging", scopes: ["read"] }],
    });
  });

  test("says of a person their roles' scopes, and of a stranger nothing", async () => {
    const person = await desk.signIn.register(ADA);
    const role: MemberRole = "viewer";
    await offered.grantRole(desk, { ...everywhere, email: ADA.email, role });
    expect(await offered.whoami(deskOf(ADA.email, () => []))).toMatchObject({
      ...{ person, key: null, project: null },
      rights: [{ project: "main", environment: null, scopes: ROLE_SCOPES.viewer }],
    });
    expect(await offered.whoami(deskOf("nobody@example.com", () => []))).toMatchObject({
      person: null,
      rights: [],
    });
  });

  test("says of whoever is at the machine that they may do everything", async () => {
    expect(await offered.whoami(desk)).toMatchObject({
      rights: [{ project: null, environment: null, scopes: SCOPES }],
    });
  });
});
