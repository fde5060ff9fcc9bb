/** Stores in schemas of one database: none sees, locks, wakes or harms another. */
import { createIdSource, systemRandom } from "@colophon/kernel";
import {
  aMetadataDraft,
  anActor,
  anExecution,
  anOutcome,
  aReleaseDraft,
  aText,
  aVersionDraft,
  fixedClock,
} from "@colophon/testkit";
import { Client, Pool } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { databaseFor, SYSTEM_IDS } from "./filled-store.fixture.ts";
import { grantsSql } from "./grants.ts";
import { hasPostgresStore, openPostgresStore, type PostgresStore } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";
import { storeSchema } from "./store-schema.ts";

vi.setConfig({ testTimeout: 120_000 });

const server = usePostgres();
const WAIT = { timeout: 60_000, interval: 5 };
const WEEK_MS = 7 * 86_400_000;

/** Two stores in one database, on one pool. */
async function neighbours() {
  const database = await databaseFor(server());
  const pool = new Pool({ connectionString: server().url(database) });
  pool.on("error", () => undefined);
  const clock = fixedClock();
  const ids = createIdSource({ clock, random: systemRandom });
  const open = (schema?: string): Promise<PostgresStore> =>
    openPostgresStore({ pool, schema, mode: "create", clock, ids });
  const [one, two] = [await open(), await open("colophon_two")];
  onTestFinished(async () => {
    await one.close();
    await two.close();
    await pool.end();
    await server().run(database, "DROP SCHEMA colophon_two CASCADE");
  });
  return { database, clock, ids, one, two };
}

test("What is written in one is not there in the other, whatever is asked", async () => {
  const { one, two, clock, ids, database } = await neighbours();
  const row = anExecution(ids, { subjects: { user: "ada" } });
  await one.records.append(() => ({
    drafts: [aVersionDraft(), aReleaseDraft()],
    texts: [aText()],
    result: null,
  }));
  await one.ledger.append([row]);
  await one.ledger.appendOutcomes([anOutcome(ids, row.id)]);
  await one.coordination.takeLease("job", "one", clock.now() + 1000);
  await one.care.seal();
  expect(two.place).toBe(`127.0.0.1:${server().port}/${database}?schema=colophon_two`);
  expect(await two.records.revision()).toBe(3);
  expect((await two.records.state()).prompts.size).toBe(0);
  expect(await two.records.findPseudonym({ kind: "user", value: "ada" })).toBeUndefined();
  expect(await two.ledger.findExecution(row.id)).toBeUndefined();
  expect(await two.ledger.listExecutions({})).toEqual([]);
  expect(await two.ledger.listOutcomes([row.id])).toEqual([]);
  expect(await two.ledger.listRollups({})).toEqual([]);
  expect((await two.ledger.listArrivals({})).executions).toEqual([]);
  expect(await two.coordination.findLease("job")).toBeNull();
  // The same call is another row there, and the same subject has another pseudonym.
  expect(await two.ledger.append([row])).toEqual({ stored: 1, duplicates: 0 });
  const [here] = await one.ledger.listExecutions({});
  const [there] = await two.ledger.listExecutions({});
  expect(there?.subjects.user).not.toBe(here?.subjects.user);
  for (const store of [one, two]) expect((await store.care.verify()).findings).toEqual([]);
});

test("Nobody waits for the other's locks, or hears of its revisions", async () => {
  const { one, two, database, ids } = await neighbours();
  const heard: number[] = [];
  two.onChange({ onRevision: (revision) => heard.push(revision) });
  await vi.waitFor(() => expect(heard).toEqual([3]), WAIT);
  const holder = new Client({ connectionString: server().url(database) });
  await holder.connect();
  for (const lock of [1, 2, 3, 4, 5, 6]) await holder.query(`SELECT pg_advisory_lock(1131180136, ${lock})`);
  expect(await two.ledger.append([anExecution(ids)])).toMatchObject({ stored: 1 });
  await two.care.seal();
  await holder.end();
  for (let at = 0; at < 3; at++) {
    await one.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  }
  await two.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  await vi.waitFor(() => expect(heard).toEqual([3, 4]), WAIT);
});

test("Erasing and letting go of rows in one leaves the other as it was", async () => {
  const { one, two, clock, ids, database } = await neighbours();
  const rows = [anExecution(ids, { subjects: { user: "ada" } }), anExecution(ids)];
  for (const store of [one, two]) await store.ledger.append(rows);
  clock.advance(3 * WEEK_MS);
  await one.care.erase({ kind: "user", value: "ada" }, anActor());
  expect(await one.care.retain(clock.now(), anActor())).toMatchObject({ executions: 2 });
  expect(await one.ledger.listExecutions({})).toEqual([]);
  expect(await two.ledger.listExecutions({})).toHaveLength(2);
  expect(await two.records.findPseudonym({ kind: "user", value: "ada" })).toBeDefined();
  for (const store of [one, two]) expect((await store.care.verify()).findings).toEqual([]);
  await server().run(
    database,
    "ALTER TABLE colophon_two.record DISABLE TRIGGER append_only",
    "UPDATE colophon_two.record SET body = replace(body, 'a', 'b') WHERE revision = 2",
  );
  expect((await two.care.verify()).findings).not.toEqual([]);
  expect((await one.care.verify()).findings).toEqual([]);
});

test("A role that was let into one may not look into the other", async () => {
  const { database } = await neighbours();
  const [user, password] = ["colophon_two_server", "not-a-secret"];
  await server().run(
    database,
    `CREATE ROLE ${user} LOGIN PASSWORD '${password}'`,
    ...grantsSql(user, "colophon_two"),
  );
  const url = server().url(database, { user, password });
  const store = await openPostgresStore({
    url: `${url}?schema=colophon_two`,
    mode: "write",
    clock: fixedClock(),
  });
  expect(await store.ledger.append([anExecution(SYSTEM_IDS)])).toMatchObject({ stored: 1 });
  await store.close();
  await expect(openPostgresStore({ url, mode: "read", clock: fixedClock() })).rejects.toMatchObject({
    code: "store-read-only",
  });
});

test("An address or an option says which one is meant, and one that was never made is not there", async () => {
  const { database } = await neighbours();
  const url = server().url(database);
  expect(await hasPostgresStore({ url: `${url}?schema=colophon_two` })).toBe(true);
  expect(await hasPostgresStore({ url, schema: "colophon_two" })).toBe(true);
  expect(await hasPostgresStore({ url: `${url}?schema=colophon_three` })).toBe(false);
  expect(await hasPostgresStore({ url: `${url}?schema=colophon_three`, schema: "colophon" })).toBe(true);
});

test("A schema that could be another program's, or that SQL would read otherwise, is refused by its name", () => {
  for (const name of [
    "",
    "public",
    "Colophon",
    "colophon_",
    "colophon-shop",
    'colophon"; DROP SCHEMA colophon; --',
    `colophon_${"a".repeat(46)}`,
  ]) {
    expect(() => storeSchema(name), name).toThrow(/call it colophon, or colophon_/);
  }
  const longest = `colophon_${"a".repeat(45)}`;
  expect(storeSchema(longest).resolve("LISTEN @schema_revision")).toBe(`LISTEN ${longest}_revision`);
  expect(storeSchema().resolve("SELECT pg_advisory_xact_lock(@locks, 3) FROM @schema.record")).toBe(
    "SELECT pg_advisory_xact_lock(1131180136, 3) FROM colophon.record",
  );
});
