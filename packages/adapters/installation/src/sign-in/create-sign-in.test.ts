/** People sign in by password and by an identity provider, on SQLite and on PostgreSQL. */
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { fixedClock, MASTER_KEY, seededRandom } from "@colophon/testkit";
import { getMigrations } from "better-auth/db/migration";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../database/connect.ts";
import { type PlaceKind, postgresPlaces, SQLITE, type TakenPlace } from "../installation-place.fixture.ts";
import { type InstallationStore, openInstallationStore } from "../open-installation-store.ts";
import { authOptions } from "./auth-options.ts";
import { type OidcServer, startOidcServer } from "./oidc-server.fixture.ts";

const server = usePostgres();
const PUBLIC = "https://prompts.example.com";
const ADA = { email: "ada@example.com", name: "Ada", password: "correct horse battery" } as const;

let oidc: OidcServer;
beforeAll(async () => {
  oidc = await startOidcServer();
});
afterAll(() => oidc.close());

const letGo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of letGo.splice(0)) await one();
});

interface Opened extends InstallationStore {
  readonly taken: TakenPlace;
}

async function open(
  kind: PlaceKind,
  more: { readonly publicUrl?: string; readonly oidc?: OidcServer } = {},
): Promise<Opened> {
  const taken = await kind.take();
  const parts = { clock: fixedClock(), random: seededRandom("sign-in"), masterKey: MASTER_KEY };
  const store = await openInstallationStore({
    place: taken.place,
    mode: "write",
    publicUrl: PUBLIC,
    oidc,
    ...parts,
    ...more,
  });
  letGo.push(async () => {
    await store.installation.close();
    await taken.giveBack();
  });
  return { ...store, taken };
}

let addresses = 0;
/** Nobody else's, since tries are counted by address. */
const newAddress = (): string => {
  addresses += 1;
  return `192.0.2.${addresses}`;
};

function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${PUBLIC}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: PUBLIC, ...headers },
    body: JSON.stringify(body),
  });
}

const signInRequest = (fields: Partial<typeof ADA> & object = {}, headers = {}) => {
  const { email, password } = { ...ADA, ...fields };
  return post("/auth/sign-in/email", { email, password }, headers);
};

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .join("; ");

for (const kind of [SQLITE, postgresPlaces(server)]) {
  describe(`sign-in on ${kind.name}`, () => {
    test("lets a person in by e-mail and password, knows them by their session, and lets them out", async () => {
      const { signIn } = await open(kind);
      const ada = await signIn.register(ADA);
      const answer = await signIn.handle(signInRequest(), newAddress());
      expect(answer.status).toBe(200);
      const [cookie] = answer.headers.getSetCookie();
      expect(cookie).toMatch(/^__Secure-colophon\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/i);
      const cookies = cookiesOf(answer);
      expect(await signIn.personOf(new Headers({ cookie: cookies }))).toEqual(ada);
      expect(await signIn.personOf(new Headers())).toBeUndefined();
      expect(await signIn.personOf(new Headers({ cookie: `${cookies}x` }))).toBeUndefined();
      const out = await signIn.handle(post("/auth/sign-out", {}, { cookie: cookies }), newAddress());
      expect(out.status).toBe(200);
      expect(await signIn.personOf(new Headers({ cookie: cookies }))).toBeUndefined();
    });

    test("refuses a wrong password and an unknown e-mail in the same words", async () => {
      const { signIn } = await open(kind);
      await signIn.register(ADA);
      const wrong = await signIn.handle(
        signInRequest({ password: "wrong horse battery" as never }),
        newAddress(),
      );
      const unknown = await signIn.handle(signInRequest({ email: "bob@example.com" as never }), newAddress());
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      expect(await wrong.json()).toEqual(await unknown.json());
      expect(wrong.headers.getSetCookie()).toEqual([]);
    });

    test("lets an address try three times in ten seconds, whatever it says of itself", async () => {
      const { signIn } = await open(kind);
      const address = newAddress();
      const statuses: number[] = [];
      for (let at = 0; at < 4; at++) {
        const request = signInRequest(
          {},
          { "colophon-address": newAddress(), "x-forwarded-for": newAddress() },
        );
        statuses.push((await signIn.handle(request, address)).status);
      }
      expect(statuses).toEqual([401, 401, 401, 429]);
      expect((await signIn.handle(signInRequest(), newAddress())).status).toBe(401);
    });

    test("a new password ends sessions, and is the one that opens", async () => {
      const { signIn } = await open(kind);
      const ada = await signIn.register(ADA);
      const cookie = cookiesOf(await signIn.handle(signInRequest(), newAddress()));
      const password = "another horse battery";
      expect(await signIn.setPassword({ email: "Ada@example.com", password })).toEqual(ada);
      expect(await signIn.personOf(new Headers({ cookie }))).toBeUndefined();
      expect((await signIn.handle(signInRequest(), newAddress())).status).toBe(401);
      const fresh = signInRequest({ password: password as never });
      expect((await signIn.handle(fresh, newAddress())).status).toBe(200);
      const nobody = signIn.setPassword({ email: "bob@example.com", password });
      await expect(nobody).rejects.toMatchObject({ code: "usage", message: expect.stringMatching(/nobody/) });
      await expect(signIn.setPassword({ ...ADA, password: "short" })).rejects.toThrow(/12 to 128/);
    });

    test("whoever came by the provider alone may be given a password", async () => {
      const { signIn } = await open(kind);
      oidc.letIn({ sub: "5", email: "finn@example.com", email_verified: true, name: "Finn" });
      await signInByProvider(signIn);
      const login = { email: "finn@example.com", password: "correct horse battery" };
      await signIn.setPassword(login);
      expect((await signIn.handle(post("/auth/sign-in/email", login), newAddress())).status).toBe(200);
    });

    test("the tables are those that the library asks for", async () => {
      const { taken } = await open(kind);
      const { database, auth } = connect(taken.place);
      letGo.unshift(() => database.close());
      const settings = { database: auth, secret: MASTER_KEY, publicUrl: PUBLIC, oidc };
      const { compileMigrations, toBeCreated } = await getMigrations(authOptions(settings));
      expect(toBeCreated).toEqual([]);
      expect(await compileMigrations()).toBe(";");
    });

    test("lets in whom the identity provider vouches for, as the person of that e-mail", async () => {
      const { signIn } = await open(kind);
      const ada = await signIn.register(ADA);
      oidc.letIn({ sub: "1", email: ADA.email, email_verified: true, name: "Ada L." });
      const cookies = await signInByProvider(signIn);
      expect(await signIn.personOf(new Headers({ cookie: cookies }))).toEqual(ada);
    });

    test("whoever comes by the provider alone has no rights until somebody grants them", async () => {
      const { signIn, installation } = await open(kind);
      oidc.letIn({ sub: "2", email: "Bob@example.com", email_verified: true, name: "Bob" });
      const bob = await signIn.personOf(new Headers({ cookie: await signInByProvider(signIn) }));
      expect(bob).toMatchObject({ email: "bob@example.com", name: "Bob" });
      expect(await installation.people.rightsOf(bob?.id ?? "", "main")).toEqual([]);
      expect(await installation.people.find("bob@example.com")).toEqual(bob);
    });
  });
}

async function signInByProvider(signIn: InstallationStore["signIn"]): Promise<string> {
  const { answer, cookies } = await comeBack(signIn);
  expect(answer.headers.get("location")).toBe("/");
  return `${cookies}; ${cookiesOf(answer)}`;
}

/** To the provider and back, as a browser goes. */
async function comeBack(signIn: InstallationStore["signIn"]) {
  const asked = await signIn.handle(
    post("/auth/sign-in/social", { provider: "oidc", callbackURL: "/" }),
    newAddress(),
  );
  expect(asked.status).toBe(200);
  const cookies = cookiesOf(asked);
  const { url } = (await asked.json()) as { readonly url: string };
  const away = await fetch(url, { redirect: "manual" });
  const back = new Request(away.headers.get("location") ?? "", { headers: { cookie: cookies } });
  const answer = await signIn.handle(back, newAddress());
  expect(answer.status).toBe(302);
  return { answer, cookies };
}

describe("sign-in", () => {
  test("does not let in an e-mail that the provider has not verified, nor make a person of it", async () => {
    const { signIn, installation } = await open(SQLITE);
    await signIn.register(ADA);
    for (const email of [ADA.email, "eve@example.com"]) {
      oidc.letIn({ sub: `unverified ${email}`, email, email_verified: false, name: "Eve" });
      const { answer } = await comeBack(signIn);
      expect(answer.headers.get("location")).toMatch(/error=/);
      expect(cookiesOf(answer)).not.toContain("session_token=");
    }
    expect(await installation.people.find("eve@example.com")).toBeUndefined();
  });

  test("does not believe a token that the provider has not signed", async () => {
    const forger = await startOidcServer();
    letGo.push(() => forger.close());
    const { signIn, installation } = await open(SQLITE, { oidc: forger });
    forger.forgeTokens();
    forger.letIn({ sub: "3", email: "carl@example.com", email_verified: true, name: "Carl" });
    const { answer } = await comeBack(signIn);
    expect(answer.headers.get("location")).toMatch(/error=/);
    expect(await installation.people.find("carl@example.com")).toBeUndefined();
  });

  test("finds a provider that was away when the server started", async () => {
    const late = await startOidcServer();
    letGo.push(() => late.close());
    late.setAway(true);
    late.letIn({ sub: "4", email: "dora@example.com", email_verified: true, name: "Dora" });
    const { signIn } = await open(SQLITE, { oidc: late });
    const early = await signIn.handle(
      post("/auth/sign-in/social", { provider: "oidc", callbackURL: "/" }),
      newAddress(),
    );
    expect(early.status).toBe(404);
    late.setAway(false);
    const dora = await signIn.personOf(new Headers({ cookie: await signInByProvider(signIn) }));
    expect(dora).toMatchObject({ email: "dora@example.com" });
  });

  test.each([
    "/auth/sign-up/email",
    "/auth/change-email",
    "/auth/update-user",
    "/auth/delete-user",
    "/auth/link-social",
    "/auth/",
    "/elsewhere",
  ])("has no page %s", async (path) => {
    const { signIn, installation } = await open(SQLITE);
    expect((await signIn.handle(post(path, { ...ADA, email: "new@example.com" }), newAddress())).status).toBe(
      404,
    );
    expect(await installation.people.find("new@example.com")).toBeUndefined();
  });

  test("refuses a request that another site made, and a way back to another site", async () => {
    const { signIn } = await open(SQLITE);
    await signIn.register(ADA);
    const foreign = { origin: "https://evil.example.com" };
    expect((await signIn.handle(signInRequest({}, foreign), newAddress())).status).toBe(403);
    const away = { provider: "oidc", callbackURL: "https://evil.example.com/" };
    expect((await signIn.handle(post("/auth/sign-in/social", away), newAddress())).status).toBe(403);
  });

  test("sends cookies without Secure where the address is none of https", async () => {
    const { signIn } = await open(SQLITE, { publicUrl: "http://127.0.0.1:4600" });
    await signIn.register(ADA);
    const request = new Request(
      "http://127.0.0.1:4600/auth/sign-in/email",
      signInRequest({}, { origin: "http://127.0.0.1:4600" }),
    );
    const [cookie] = (await signIn.handle(request, newAddress())).headers.getSetCookie();
    expect(cookie).toMatch(/^colophon\.session_token=.*HttpOnly/);
    expect(cookie).not.toMatch(/Secure/);
  });

  test("refuses people who are there, weak passwords and what is no e-mail", async () => {
    const { signIn } = await open(SQLITE);
    await signIn.register(ADA);
    const refusal = (fields: object) => signIn.register({ ...ADA, email: "bob@example.com", ...fields });
    await expect(refusal({ email: "ADA@example.com" })).rejects.toMatchObject({
      code: "usage",
      message: /already/,
    });
    await expect(refusal({ password: "short" })).rejects.toThrow(/5 characters; give 12 to 128/);
    await expect(refusal({ email: "bob" })).rejects.toThrow(/no e-mail address/);
    await expect(refusal({ name: " " })).rejects.toThrow(/name has 1 to 200/);
    await expect(open(SQLITE, { publicUrl: "prompts" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("sign-in on a PostgreSQL that goes away", () => {
  test("says so, and lets people in again when it is back", async () => {
    const { signIn } = await open(postgresPlaces(server));
    await signIn.register(ADA);
    const cookies = cookiesOf(await signIn.handle(signInRequest(), newAddress()));
    await server().stop();
    try {
      const away = { code: "store-unavailable" };
      await expect(signIn.personOf(new Headers({ cookie: cookies }))).rejects.toMatchObject(away);
      await expect(signIn.handle(signInRequest(), newAddress())).rejects.toMatchObject(away);
      await expect(signIn.register({ ...ADA, email: "bob@example.com" })).rejects.toMatchObject(away);
    } finally {
      await server().start();
    }
    expect(await signIn.personOf(new Headers({ cookie: cookies }))).toMatchObject({ email: ADA.email });
    expect((await signIn.handle(signInRequest(), newAddress())).status).toBe(200);
  });
});
