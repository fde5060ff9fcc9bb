/** What people do at the sign-in stands in the audit log: changes of passwords and sessions, and refusals. */
import { SCOPES } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

const ORIGIN = "http://127.0.0.1:4600";
const EMAIL = "ada@example.com";
const PASSWORD = "a long enough password";

let world: ServerWorld;
beforeEach(async () => {
  world = await openServerWorld({ options: { publicUrl: ORIGIN } });
  await world.desk.signIn.register({ email: EMAIL, name: "Ada", password: PASSWORD });
});
afterEach(() => world.close());

function post(page: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  return world.ask("POST", `/auth/${page}`, { body, headers: { origin: ORIGIN, ...headers } });
}

async function signIn(): Promise<string> {
  const answer = await post("sign-in/email", { email: EMAIL, password: PASSWORD });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}

async function audited(): Promise<readonly (readonly unknown[])[]> {
  const entries = await world.desk.installation.audit.list({ order: "oldest-first" });
  return entries.map(({ actor, action, target, allowed }) => [actor.id, action, target, allowed]);
}

describe("the session's cookie", () => {
  it("is the one that the OpenAPI document names", async () => {
    interface Document {
      readonly components: { readonly securitySchemes: { readonly session: { readonly name: string } } };
    }
    const { components } = (await world.ask("GET", "/openapi.json")).json<Document>();
    expect((await signIn()).split("=")[0]).toBe(components.securitySchemes.session.name);
  });
});

describe("the audit log", () => {
  it("has sign-ins that were refused, without what was tried", async () => {
    const tried = await post("sign-in/email", { email: EMAIL, password: "a wrong long password" });
    expect(tried.status).toBe(401);
    expect(await audited()).toEqual([["nobody", "session.begin", null, false]]);
    const whole = JSON.stringify(await world.desk.installation.audit.list({}));
    expect(whole).not.toContain("wrong long");
  });

  it("has a password that was changed, and one that was not", async () => {
    const cookie = await signIn();
    const newPassword = "another long password";
    const wrong = { currentPassword: "a wrong long password", newPassword };
    expect((await post("change-password", wrong, { cookie })).status).toBe(400);
    const right = { currentPassword: PASSWORD, newPassword };
    expect((await post("change-password", right, { cookie })).status).toBe(200);
    expect(await audited()).toEqual([
      [EMAIL, "member.password", EMAIL, false],
      [EMAIL, "member.password", EMAIL, true],
    ]);
  });

  it("has the end of a session, and a change that another site asked for", async () => {
    const cookie = await signIn();
    const foreign = await post("change-password", {}, { cookie, origin: "https://evil.example" });
    expect(foreign.status).toBe(403);
    expect((await post("sign-out", {}, { cookie })).status).toBe(200);
    expect(await audited()).toEqual([
      [EMAIL, "member.password", EMAIL, false],
      [EMAIL, "session.end", EMAIL, true],
    ]);
  });

  it("has who came in by an invitation, and as what", async () => {
    const grace = await world.key({ project: null, scopes: SCOPES });
    const email = "bob@example.com";
    const asked = { project: "main", environment: "staging", email, role: "operator" };
    const invited = await world.ask("POST", "/v1/invitations", { key: grace, body: asked });
    const { token } = invited.json<{ readonly token: string }>();
    const body = { token, name: "Bob", password: PASSWORD };
    expect((await world.ask("POST", "/v1/invitations/acceptance", { body })).status).toBe(200);
    const [accepted] = await world.desk.installation.audit.list({ project: "main" });
    expect(accepted).toMatchObject({
      ...{ action: "invitation.accept", actor: { id: "nobody" }, project: "main", environment: "staging" },
      ...{ target: email, detail: "operator in staging", allowed: true },
    });
    expect(JSON.stringify(await world.desk.installation.audit.list({}))).not.toContain(token);
  });
});
