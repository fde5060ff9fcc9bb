/** A store is made once, however many open it together, and says why it cannot be opened. */
import { createIdSource, errorCodeOf, HarnessError, systemClock, systemRandom } from "@colophon/kernel";
import { aMetadataDraft, anExecution, fixedClock } from "@colophon/testkit";
import { Client, Pool } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { databaseFor, filledStore, openOn, SYSTEM_IDS } from "./filled-store.fixture.ts";
import { EDITION, MIGRATIONS, migrate } from "./migrations.ts";
import { connectTo, openPostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

const server = usePostgres();

async function refusal(options: Omit<PostgresStoreOptions, "clock">): Promise<HarnessError> {
  try {
    const store = await openPostgresStore({ clock: systemClock, ...options });
    await store.close();
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("It opened.");
}

describe("A store on PostgreSQL", () => {
  test("is made once by all who open it together", async () => {
    const database = await databaseFor(server());
    const stores = await Promise.all(Array.from({ length: 6 }, () => openOn(server(), database)));
    const revisions = await Promise.all(stores.map(({ records }) => records.revision()));
    expect(new Set(revisions)).toEqual(new Set([3]));
    expect((await stores[0]?.care.verify())?.findings).toEqual([]);
    expect(await server().run(database, "SELECT edition FROM colophon.edition")).toEqual([
      { edition: EDITION },
    ]);
  });

  test("is not made by who only reads, or wants it to be there", async () => {
    const database = await databaseFor(server());
    for (const mode of ["read", "write"] as const) {
      expect(await refusal({ url: server().url(database), mode })).toMatchObject({
        code: "store-unavailable",
      });
    }
    expect(await server().run(database, "SELECT to_regnamespace('colophon') AS there")).toEqual([
      { there: null },
    ]);
  });

  test("is read by a reader who cannot write a thing", async () => {
    const { database } = await filledStore(server());
    const reader = await openOn(server(), database, { mode: "read" });
    expect(await reader.ledger.listExecutions({})).toHaveLength(12);
    expect(await reader.ledger.listRollups({ by: "window" })).toMatchObject([{ calls: 12 }]);
    expect((await reader.care.verify()).findings).toEqual([]);
    expect((await reader.care.anchor()).seal.seq).toBeGreaterThan(0);
    await expect(reader.ledger.appendGaps([])).resolves.toBeUndefined();
    const write = reader.records.findPseudonym({ kind: "user", value: "eve" }, { create: true });
    await expect(write).rejects.toMatchObject({ code: "store-read-only" });
  });

  test("of a newer edition is refused, and left as it is", async () => {
    const database = await databaseFor(server());
    await (await openOn(server(), database)).close();
    await server().run(database, "INSERT INTO colophon.edition VALUES (99, 0)");
    for (const mode of ["read", "write", "create"] as const) {
      expect(await refusal({ url: server().url(database), mode })).toMatchObject({ code: "store-newer" });
    }
  });

  test("takes no schema of somebody else's for its own", async () => {
    const database = await databaseFor(server());
    await server().run(database, "CREATE SCHEMA colophon", "CREATE TABLE colophon.books (n integer)");
    expect(await refusal({ url: server().url(database), mode: "create" })).toMatchObject({
      code: "store-unsupported",
    });
  });

  test("opens on a pool of the caller's, and leaves it open", async () => {
    const database = await databaseFor(server());
    const pool = new Pool({ connectionString: server().url(database) });
    const clock = fixedClock();
    const ids = createIdSource({ clock, random: systemRandom });
    const store = await openPostgresStore({ pool, mode: "create", clock, ids });
    expect(await store.records.revision()).toBe(3);
    await store.close();
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test("that cannot be opened says why in one sentence, without the password", async () => {
    const database = await databaseFor(server());
    const { port } = server();
    const secret = "hunter2-not-to-be-said";
    const attempts: readonly (readonly [string, string])[] = [
      [`postgres://owner:${secret}@127.0.0.1:1/${database}`, "store-unavailable"],
      [`postgres://owner:${secret}@127.0.0.1:${port}/${database}`, "store-unavailable"],
      [`postgres://nobody:${secret}@127.0.0.1:${port}/${database}`, "store-unavailable"],
      [`postgres://nobody:${secret}@no-such-host.invalid:${port}/${database}`, "store-unavailable"],
      [`mysql://owner:${secret}@127.0.0.1/${database}`, "usage"],
      [`${secret}`, "usage"],
    ];
    for (const [url, code] of attempts) {
      const error = await refusal({ url, mode: "create" });
      expect(errorCodeOf(error), url).toBe(code);
      expect(error.message).toMatch(/^[^\n]*\.$/);
      const said = `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error.cause ?? null)}`;
      expect(said).not.toContain(secret);
    }
    expect(await refusal({ url: server().url("no_such_database"), mode: "create" })).toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("create the database first"),
    });
  });
});

test("A migration gives way to who reads, lets others read and write meanwhile, and comes through when they are done", async () => {
  const { database, store, clock } = await filledStore(server());
  const reader = new Client({ connectionString: server().url(database) });
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  const log = "SELECT * FROM colophon.record ORDER BY revision";
  const before = (await reader.query(log)).rows;
  // There is one edition so far; the next one is tried on the way that it will go.
  const migrations = [...MIGRATIONS, ["ALTER TABLE @schema.record ADD COLUMN note text"]];
  const { connections, place } = connectTo({ url: server().url(database), mode: "create" });
  onTestFinished(() => connections.close());
  let done = false;
  const migrated = migrate(connections, { place, clock, random: systemRandom, migrations }).then(() => {
    done = true;
  });
  for (let round = 0; round < 20; round++) {
    await store.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
    await store.ledger.append([anExecution(SYSTEM_IDS)]);
    expect(await store.ledger.listExecutions({ limit: 1 })).toHaveLength(1);
    expect((await store.records.listRecords({ kinds: ["metadata"] })).length).toBe(round + 1);
  }
  expect((await reader.query(log)).rows).toEqual(before);
  expect(done).toBe(false);
  await reader.query("COMMIT");
  await migrated;
  expect(await server().run(database, "SELECT max(edition) AS edition FROM colophon.edition")).toEqual([
    { edition: EDITION + 1 },
  ]);
  // Who has it open goes on; who opens it with an older Colophon is told.
  await store.records.append(() => ({ drafts: [aMetadataDraft()], result: null }));
  expect(await store.ledger.append([anExecution(SYSTEM_IDS)])).toMatchObject({ stored: 1 });
  expect((await store.care.verify()).findings).toEqual([]);
  expect(await refusal({ url: server().url(database), mode: "write" })).toMatchObject({
    code: "store-newer",
  });
});
