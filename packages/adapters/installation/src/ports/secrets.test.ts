/** What lies in the database opens nothing: neither secrets nor keys, invitations or passwords stand there in plain. */
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { fixedClock, MASTER_KEY, seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { postgresPlaces, SQLITE, type TakenPlace } from "../installation-place.fixture.ts";
import { type InstallationStore, openInstallationStore } from "../open-installation-store.ts";

const server = usePostgres();
const PASSWORD = "correct horse battery";
const TABLES = [
  "secret",
  "master_key",
  "api_key",
  "invitation",
  "person",
  "sign_in_account",
  "sign_in_session",
  "audit",
];

describe.each([SQLITE, postgresPlaces(server)])("what is kept on $name", (kind) => {
  let taken: TakenPlace;
  let store: InstallationStore;
  beforeEach(async () => {
    taken = await kind.take();
    const parts = { clock: fixedClock(), random: seededRandom("secrets"), masterKey: MASTER_KEY };
    store = await openInstallationStore({ place: taken.place, mode: "write", ...parts });
  });
  afterEach(async () => {
    await store.installation.close();
    await taken.giveBack();
  });

  test("holds no secret, key, token or password in plain", async () => {
    const { secrets, keys, people } = store.installation;
    await secrets.set({ project: "main", name: "OPENAI_API_KEY", value: "sk-very-secret", by: "ada" });
    const { secret } = await keys.create({
      ...{ name: "shop", project: "main", environments: null, scopes: ["read"], expires: null, by: "ada" },
    });
    const { token } = await people.invite({
      ...{ email: "bob@example.com", project: null, environment: null, role: "viewer", invitedBy: "ada" },
      expires: 2_000_000_000_000,
    });
    await store.signIn.register({ email: "ada@example.com", name: "Ada", password: PASSWORD });
    const rows = await Promise.all(TABLES.map((table) => taken.run(`SELECT * FROM ${table}`)));
    const kept = JSON.stringify(rows);
    expect(kept).toContain("ada@example.com");
    for (const plain of ["sk-very-secret", secret.slice(-43), token.slice(4), PASSWORD, MASTER_KEY]) {
      expect(kept).not.toContain(plain);
    }
  });

  test("a sealed value that was moved to another name or project opens no more", async () => {
    const { secrets } = store.installation;
    await secrets.set({ project: "main", name: "OPENAI_API_KEY", value: "sk-main", by: "ada" });
    await secrets.set({ project: "main", name: "OTHER", value: "sk-other", by: "ada" });
    const [row] = await taken.run("SELECT sealed FROM secret WHERE name = 'OPENAI_API_KEY'");
    await taken.run(`UPDATE secret SET sealed = '${row?.sealed}' WHERE name = 'OTHER'`);
    await expect(secrets.readAll("main")).rejects.toMatchObject({ code: "store-corrupt" });
    await taken.run("DELETE FROM secret WHERE name = 'OTHER'");
    expect([...(await secrets.readAll("main"))]).toEqual([["OPENAI_API_KEY", "sk-main"]]);
    await taken.run("UPDATE secret SET project = 'shop'");
    await expect(secrets.readAll("shop")).rejects.toMatchObject({ code: "store-corrupt" });
    await taken.run("UPDATE secret SET sealed = 'AAAA'");
    await expect(secrets.readAll("shop")).rejects.toMatchObject({ code: "store-corrupt" });
  });

  test("the same value is sealed differently each time", async () => {
    const { secrets } = store.installation;
    for (const name of ["A", "B"]) await secrets.set({ project: "main", name, value: "same", by: "ada" });
    const rows = await taken.run("SELECT sealed FROM secret");
    expect(new Set(rows.map(({ sealed }) => sealed)).size).toBe(2);
  });
});
