/** A store is made once, however many open it together, and says why it cannot be opened. */
import { createIdSource, errorCodeOf, HarnessError, systemClock, systemRandom } from "@colophon/kernel";
import { fixedClock } from "@colophon/testkit";
import { Pool } from "pg";
import { describe, expect, test } from "vitest";
import { databaseFor, filledStore, openOn } from "./filled-store.fixture.ts";
import { EDITION } from "./migrations.ts";
import { openPostgresStore, type PostgresStoreOptions } from "./open-postgres-store.ts";
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
