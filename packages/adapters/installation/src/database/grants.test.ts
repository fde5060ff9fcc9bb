/** A server that owns nothing does all its work, and can change nothing of the audit log. */
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { fixedClock, MASTER_KEY, seededRandom } from "@colophon/testkit";
import { Client } from "pg";
import { expect, test } from "vitest";
import { openInstallationStore } from "../open-installation-store.ts";
import { installationGrantsSql } from "./grants.ts";

const server = usePostgres();
const SERVER = { user: "colophon_server", password: "a password of tests" };
const schema = "colophon_installation";

test("the role of a server works with people, keys, secrets and jobs, and only adds to the audit log", async () => {
  const database = await server().takeDatabase();
  const parts = {
    mode: "write",
    clock: fixedClock(),
    random: seededRandom("grants"),
    masterKey: MASTER_KEY,
  } as const;
  const open = (url: string) => openInstallationStore({ place: { kind: "postgres", url, schema }, ...parts });
  await (await open(server().url(database))).installation.close();
  await server().run(
    database,
    `CREATE ROLE ${SERVER.user} LOGIN PASSWORD '${SERVER.password}'`,
    ...installationGrantsSql(SERVER.user),
  );

  const { installation, signIn } = await open(server().url(database, SERVER));
  const { id: person } = await signIn.register({
    email: "ada@example.com",
    name: "Ada",
    password: "correct horse battery",
  });
  await installation.people.grant({ person, project: "main", environment: null, role: "editor" });
  await installation.people.revoke({ person, project: "main", environment: null });
  const { secret } = await installation.keys.create({
    ...{ name: "shop", project: "main", environments: null, scopes: ["read"], expires: null, by: "ada" },
  });
  expect(await installation.keys.verify(secret)).toBeDefined();
  await installation.secrets.set({ project: "main", name: "A", value: "b", by: "ada" });
  const by = { id: "ada", via: "server" } as const;
  await installation.jobs.enqueue({ project: "main", operation: "evaluation.run", input: {}, by });
  expect(await installation.jobs.take("one", 1_000)).toMatchObject({ state: "running" });
  const entry = {
    actor: by,
    project: null,
    environment: null,
    action: "x",
    target: null,
    allowed: true,
    detail: null,
  };
  await installation.audit.append(entry);
  const answer = await signIn.handle(
    new Request("http://127.0.0.1:4600/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "ada@example.com", password: "correct horse battery" }),
    }),
    "192.0.2.1",
  );
  expect(answer.status).toBe(200);
  await installation.close();

  const client = new Client({ connectionString: server().url(database, SERVER) });
  await client.connect();
  for (const sql of [
    `UPDATE ${schema}.audit SET actor = 'eve'`,
    `DELETE FROM ${schema}.audit`,
    `TRUNCATE ${schema}.audit`,
    `ALTER TABLE ${schema}.audit DISABLE TRIGGER ALL`,
    `DROP TABLE ${schema}.audit`,
    `INSERT INTO ${schema}.edition VALUES (9, 0)`,
  ]) {
    await expect(client.query(sql), sql).rejects.toThrow(/permission denied|must be owner/);
  }
  await client.end();
  expect(() => installationGrantsSql("x", "a; DROP")).toThrow(/is no schema/);
});
