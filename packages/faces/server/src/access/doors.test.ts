/** Stands at the server's doors with keys, sessions and nothing at all, and reads what the audit log says of it. */
import type { AuditEntry, Person, Right } from "@colophon/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { OTHER_PROJECT, openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

let world: ServerWorld;
afterEach(() => world.close());

const ENVIRONMENTS = "/v1/projects/main/environments";

async function audited(): Promise<readonly AuditEntry[]> {
  return world.desk.installation.audit.list({ order: "oldest-first" });
}

describe("a key", () => {
  it("opens what its scope is for", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["read"] });
    const answer = await world.ask("GET", ENVIRONMENTS, { key });
    expect(answer.status).toBe(200);
    expect(answer.json<{ name: string }[]>().map(({ name }) => name)).toContain("production");
    expect(await audited()).toEqual([]);
  });

  it("finds its own project under ~", async () => {
    world = await openServerWorld();
    const key = await world.key({ project: OTHER_PROJECT, scopes: ["read", "admin"] });
    const body = { name: "preview", inherits: "staging" };
    const added = await world.ask("POST", "/v1/projects/~/environments", { key, body });
    expect(added.status).toBe(200);
    const own = await world.ask("GET", `/v1/projects/${OTHER_PROJECT}/environments`, { key });
    expect(own.text).toContain("preview");
    const whole = await world.key({ project: null, scopes: ["read"] });
    expect((await world.ask("GET", ENVIRONMENTS, { key: whole })).text).not.toContain("preview");
    const nameless = await world.ask("GET", "/v1/projects/~/environments", { key: whole });
    expect(nameless.status).toBe(404);
    expect(nameless.text).toContain("project-unknown");
  });

  it("hears of another project just what it hears of one that is not there", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["read"] });
    const other = await world.ask("GET", `/v1/projects/${OTHER_PROJECT}/environments`, { key });
    const none = await world.ask("GET", "/v1/projects/nowhere/environments", { key });
    expect(other.status).toBe(404);
    expect(other.text.replaceAll(OTHER_PROJECT, "?")).toBe(none.text.replaceAll("nowhere", "?"));
    const whole = await world.key({ project: null, scopes: ["read"] });
    const unknown = await world.ask("GET", "/v1/projects/nowhere/environments", { key: whole });
    expect([unknown.status, unknown.text]).toEqual([404, none.text]);
    expect((await audited()).map(({ project, detail }) => [project, detail])).toEqual([
      [OTHER_PROJECT, "project-unknown"],
      ["nowhere", "project-unknown"],
      ["nowhere", "project-unknown"],
    ]);
  });

  it("is refused with 403 where it lacks the scope, and the refusal is written down", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["read"] });
    const answer = await world.ask("POST", ENVIRONMENTS, { key, body: { name: "preview" } });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: "not-allowed" } });
    expect(await audited()).toMatchObject([
      { action: "environment.add", project: "main", allowed: false, detail: "not-allowed" },
    ]);
  });

  it("of one environment changes that one alone", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["admin"], environments: ["staging"] });
    const body = { gate: "always" };
    expect((await world.ask("PUT", `${ENVIRONMENTS}/staging/policy`, { key, body })).status).toBe(200);
    expect((await world.ask("PUT", `${ENVIRONMENTS}/production/policy`, { key, body })).status).toBe(403);
    expect(await audited()).toMatchObject([
      { action: "environment.protect", environment: "staging", target: "staging", allowed: true },
      { action: "environment.protect", environment: "production", target: "production", allowed: false },
    ]);
  });

  it("is refused with 401 when it is unknown, revoked or expired, even beside a session", async () => {
    world = await openServerWorld({ change: withSession([{ scopes: ["read"], environment: null }]) });
    const key = await world.key({ expires: world.clock.now() + 1000 });
    world.clock.advance(1000);
    for (const one of [key, "clp_none", "nonsense"]) {
      const answer = await world.ask("GET", ENVIRONMENTS, { key: one });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(answer.json()).toMatchObject({ error: { code: "not-signed-in" } });
    }
  });
});

describe("a change", () => {
  it("is in the audit log when it is answered, with who, what and where", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["admin"] });
    await world.ask("POST", ENVIRONMENTS, { key, body: { name: "preview" } });
    const [made] = await world.desk.installation.keys.list("main");
    expect(await audited()).toMatchObject([
      {
        actor: { id: made?.id, via: "server" },
        action: "environment.add",
        target: "preview",
        project: "main",
        allowed: true,
      },
    ]);
  });

  it("is not answered as done when the audit log cannot be written", async () => {
    world = await openServerWorld({
      change: (desk) => ({
        ...desk,
        installation: {
          ...desk.installation,
          audit: {
            ...desk.installation.audit,
            append: async () => {
              throw new Error("disk full");
            },
          },
        },
      }),
    });
    const key = await world.key({ scopes: ["admin", "read"] });
    const answer = await world.ask("POST", ENVIRONMENTS, { key, body: { name: "preview" } });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("could not be written to the audit log");
    expect((await world.ask("GET", ENVIRONMENTS, { key })).status).toBe(200);
  });

  it("is recorded in the registry under the key's id", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["admin"] });
    await world.ask("POST", ENVIRONMENTS, { key, body: { name: "preview" } });
    const [made] = await world.desk.installation.keys.list("main");
    const { records } = await world.desk.project("main");
    const log = await records.listRecords({ kinds: ["environment"] });
    expect(log.at(-1)?.by).toEqual({ id: made?.id, via: "server", owner: "grace" });
  });
});

const ADA: Person = { id: "person-1", email: "ada@example.com", name: "Ada" };

/** Everybody without a key is Ada, with these rights in `main`. */
function withSession(rights: readonly Right[]) {
  return (desk: ServerWorld["desk"]): ServerWorld["desk"] => ({
    ...desk,
    signIn: { ...desk.signIn, personOf: async () => ADA },
    installation: {
      ...desk.installation,
      people: {
        ...desk.installation.people,
        rightsOf: async (_person, project) => (project === "main" ? rights : []),
      },
    },
  });
}

describe("a session", () => {
  const EVERYTHING: readonly Right[] = [{ scopes: ["read", "admin"], environment: null }];
  const options = { publicUrl: "https://prompts.example.com" };

  it("changes something only from a page of the server", async () => {
    world = await openServerWorld({ change: withSession(EVERYTHING), options });
    const body = { name: "preview" };
    for (const origin of [undefined, "https://evil.example", "null"]) {
      const headers: Record<string, string> = origin === undefined ? {} : { origin };
      const answer = await world.ask("POST", ENVIRONMENTS, { body, headers });
      expect(answer.status).toBe(403);
    }
    const headers = { origin: "https://prompts.example.com" };
    expect((await world.ask("POST", ENVIRONMENTS, { body, headers })).status).toBe(200);
    expect((await audited()).at(-1)).toMatchObject({ actor: { id: ADA.email }, allowed: true });
  });

  it("reads from anywhere that the browser lets read", async () => {
    world = await openServerWorld({ change: withSession(EVERYTHING), options });
    expect((await world.ask("GET", ENVIRONMENTS)).status).toBe(200);
  });

  it("hears nothing of a project in which the person is nobody", async () => {
    world = await openServerWorld({ change: withSession(EVERYTHING), options });
    const answer = await world.ask("GET", `/v1/projects/${OTHER_PROJECT}/environments`);
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: "project-unknown" } });
  });
});

describe("a person who signed in", () => {
  const origin = "http://127.0.0.1:4600";

  it("does what the roles allow, by the session's cookie", async () => {
    world = await openServerWorld({ options: { publicUrl: origin } });
    const { signIn, installation } = world.desk;
    const password = "a long enough password";
    const { id } = await signIn.register({ email: "ada@example.com", name: "Ada", password });
    await installation.people.grant({ person: id, project: "main", environment: null, role: "viewer" });
    const body = { email: "ada@example.com", password };
    const wrong = { ...body, password: "another long password" };
    expect(
      (await world.ask("POST", "/auth/sign-in/email", { body: wrong, headers: { origin } })).status,
    ).toBe(401);
    const answer = await world.ask("POST", "/auth/sign-in/email", { body, headers: { origin } });
    expect(answer.status).toBe(200);
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    const headers = { cookie, origin };
    expect((await world.ask("GET", ENVIRONMENTS, { headers })).status).toBe(200);
    const refused = await world.ask("POST", ENVIRONMENTS, { headers, body: { name: "preview" } });
    expect(refused.json()).toMatchObject({ error: { code: "not-allowed" } });
    const elsewhere = await world.ask("GET", `/v1/projects/${OTHER_PROJECT}/environments`, { headers });
    expect(elsewhere.json()).toMatchObject({ error: { code: "project-unknown" } });
    await installation.people.grant({ person: id, project: "main", environment: null, role: "admin" });
    expect((await world.ask("POST", ENVIRONMENTS, { headers, body: { name: "preview" } })).status).toBe(200);
    expect((await audited()).at(-1)).toMatchObject({ actor: { id: "ada@example.com" }, allowed: true });
  });
});

describe("a page elsewhere", () => {
  it("may ask only where it was named", async () => {
    const page = "https://studio.example.com";
    world = await openServerWorld({ options: { corsOrigins: [page] } });
    const preflight = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "POST" };
      return world.ask("OPTIONS", ENVIRONMENTS, { headers });
    };
    expect((await preflight(page)).headers.get("access-control-allow-origin")).toBe(page);
    expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a snapshot by its hash", () => {
  it("is read by whoever knows it, and a wrong guess learns nothing", async () => {
    world = await openServerWorld();
    const key = await world.key({ scopes: ["resolve"] });
    const current = await world.ask("GET", "/v1/projects/main/snapshot?environment=staging", { key });
    const hash = current.headers.get("etag")?.replaceAll('"', "");
    const found = await world.ask("GET", `/v1/projects/main/snapshots/${hash}`);
    expect([found.status, found.text]).toEqual([200, current.text]);
    expect(found.headers.get("cache-control")).toContain("immutable");
    const wrong = "0".repeat(64);
    const guessed = await world.ask("GET", `/v1/projects/main/snapshots/${wrong}`);
    const elsewhere = await world.ask("GET", `/v1/projects/nowhere/snapshots/${hash}`);
    expect([guessed.status, guessed.text]).toEqual([404, elsewhere.text]);
    expect((await world.ask("GET", `/v1/projects/${OTHER_PROJECT}/snapshots/${wrong}`)).text).toBe(
      guessed.text,
    );
    expect((await world.ask("GET", "/v1/projects/main/snapshots/short")).status).toBe(401);
  });
});

describe("whoever is nobody", () => {
  it("is answered 401, noted in the audit log a few times, and then told to wait", async () => {
    world = await openServerWorld();
    const statuses: number[] = [];
    for (let asked = 0; asked < 70; asked += 1) {
      statuses.push((await world.ask("GET", ENVIRONMENTS)).status);
    }
    expect(statuses.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 401));
    expect(statuses.slice(60)).toEqual(Array.from({ length: 10 }, () => 429));
    const entries = await audited();
    expect(entries).toHaveLength(10);
    expect(entries[0]).toMatchObject({
      actor: { id: "nobody" },
      action: "environment.list",
      project: "main",
      allowed: false,
      detail: "not-signed-in, from unknown",
    });
    const key = await world.key({ scopes: ["read"] });
    expect((await world.ask("GET", ENVIRONMENTS, { key })).status).toBe(200);
  });

  it.each([
    ["a port along", (turn: number) => `203.0.113.9:${40_000 + turn}`],
    ["an address of version 6 and a port", (turn: number) => `[2001:db8::7]:${40_000 + turn}`],
    ["what is no address", (turn: number) => `someone-${turn}`],
  ])("is one address where the proxy in front writes %s", async (_what, forwardedBy) => {
    world = await openServerWorld({ options: { behindProxy: true } });
    const statuses: number[] = [];
    for (let asked = 0; asked < 61; asked += 1) {
      const headers = { "x-forwarded-for": `198.51.100.${asked}, ${forwardedBy(asked)}` };
      statuses.push((await world.ask("GET", ENVIRONMENTS, { headers })).status);
    }
    expect(statuses.slice(59)).toEqual([401, 429]);
  });
});
