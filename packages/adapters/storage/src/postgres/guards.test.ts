/** The database itself refuses to change what was recorded, to the owner of its tables and to the role of a server. */
import { anActor, anExecution, anOutcome, aText, aVersionDraft } from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import { filledStore, openOn, SYSTEM_IDS, urlOfServer } from "./filled-store.fixture.ts";
import { weekOf } from "./partitions.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

const server = usePostgres();

const APPEND_ONLY = [
  "edition",
  "store",
  "record",
  "text",
  "writer",
  "word",
  "execution",
  "outcome",
  "start",
  "gap",
  "seal",
];
const IN_PARTS = ["execution", "outcome", "start"];

async function rowsOf(database: string, table: string): Promise<readonly unknown[]> {
  return server().run(database, `SELECT * FROM colophon.${table} ORDER BY 1`);
}

async function columnsOf(database: string, table: string): Promise<readonly string[]> {
  const rows = await server().run(
    database,
    `SELECT attname FROM pg_attribute WHERE attrelid = 'colophon.${table}'::regclass AND attnum > 0 AND attidentity = ''`,
  );
  return rows.map(({ attname }) => `"${attname}"`);
}

describe("The database itself", () => {
  test("refuses UPDATE, DELETE, TRUNCATE and MERGE on every table of records and rows", async () => {
    const { database } = await filledStore(server());
    for (const table of APPEND_ONLY) {
      const before = await rowsOf(database, table);
      expect(before.length, table).toBeGreaterThan(0);
      const [first] = await columnsOf(database, table);
      const changes = [
        ...(await columnsOf(database, table)).map((name) => `UPDATE colophon.${table} SET ${name} = ${name}`),
        `DELETE FROM colophon.${table}`,
        `TRUNCATE colophon.${table} CASCADE`,
        `MERGE INTO colophon.${table} AS kept USING colophon.${table} AS same ON kept.${first} = same.${first}
         WHEN MATCHED THEN DELETE`,
        `SET session_replication_role = replica; DELETE FROM colophon.${table}`,
      ];
      for (const change of changes)
        await expect(server().run(database, change), change).rejects.toThrow("append-only");
      expect(await rowsOf(database, table)).toEqual(before);
    }
  });

  test("refuses it on the parts of a table as well", async () => {
    const { database, clock } = await filledStore(server());
    for (const table of IN_PARTS) {
      const part = `${table}_${weekOf(clock.now())}`;
      expect((await rowsOf(database, part)).length).toBeGreaterThan(0);
      for (const change of [
        `UPDATE colophon.${part} SET id = id`,
        `DELETE FROM colophon.${part}`,
        `TRUNCATE colophon.${part}`,
        `TRUNCATE colophon.${table}_default`,
      ])
        await expect(server().run(database, change), change).rejects.toThrow("append-only");
    }
  });

  test.each(["execution", "outcome"])("gives a row of %s no number but the next one", async (table) => {
    const { database } = await filledStore(server());
    const before = await rowsOf(database, table);
    const names = (await columnsOf(database, table)).filter((name) => name !== '"n"' && name !== '"id"');
    const insert = (n: string): Promise<unknown> =>
      server().run(
        database,
        `INSERT INTO colophon.${table} (n, id, ${names.join(", ")})
         SELECT ${n}, overlay(id::text placing lpad(to_hex((random() * 1e9)::int), 12, '0') from 25)::uuid, ${names.join(", ")}
         FROM colophon.${table} WHERE n = 1`,
      );
    for (const n of ["-1", "0", "1", "12", "14", "9223372036854775807"])
      await expect(insert(n), n).rejects.toThrow("append-only");
    expect(await rowsOf(database, table)).toEqual(before);
    await insert("13");
    await expect(insert("13")).rejects.toThrow("append-only");
  });

  test("lets a subject be erased and changed in no other way", async () => {
    const { database } = await filledStore(server());
    const before = await rowsOf(database, "subject");
    for (const change of [
      "value = '\"eve\"'",
      "key = '\\x00'",
      "pseudonym = '\\x00'",
      "kind = 3",
      "value = NULL",
    ]) {
      const sql = `UPDATE colophon.subject SET ${change} WHERE n = 1`;
      await expect(server().run(database, sql), change).rejects.toThrow("append-only");
    }
    await expect(server().run(database, "DELETE FROM colophon.subject")).rejects.toThrow("append-only");
    expect(await rowsOf(database, "subject")).toEqual(before);
    await server().run(
      database,
      "UPDATE colophon.subject SET key = NULL, value = NULL, digest = NULL WHERE n = 1",
    );
    const back = "UPDATE colophon.subject SET value = '\"eve\"' WHERE n = 1";
    await expect(server().run(database, back)).rejects.toThrow("append-only");
  });

  test("lets contents be deleted and never changed", async () => {
    const { database } = await filledStore(server());
    const change = "UPDATE colophon.content SET output = 'other'";
    await expect(server().run(database, change)).rejects.toThrow("append-only");
    await server().run(database, "DELETE FROM colophon.content");
    expect(await rowsOf(database, "content")).toEqual([]);
  });

  test("lets the watermarks of sums and metrics move forward only, and never beyond the last row", async () => {
    const { database } = await filledStore(server());
    expect(await rowsOf(database, "folded")).toMatchObject([{ n: "12" }]);
    expect(await rowsOf(database, "measured")).toMatchObject([{ execution: "12", outcome: "12" }]);
    for (const n of [11, 13]) {
      for (const change of [
        `UPDATE colophon.folded SET n = ${n}`,
        `UPDATE colophon.measured SET execution = ${n}`,
        `UPDATE colophon.measured SET outcome = ${n}`,
      ])
        await expect(server().run(database, change), change).rejects.toThrow("append-only");
    }
    for (const table of ["folded", "measured", "arrival"])
      await expect(server().run(database, `DELETE FROM colophon.${table}`)).rejects.toThrow("append-only");
  });
});

describe("The role of a server", () => {
  async function asServer() {
    const filled = await filledStore(server());
    return { ...filled, url: await urlOfServer(server(), filled.database) };
  }

  test("does all that a server does: decides, appends, makes parts, seals, folds, erases, purges, coordinates", async () => {
    const { database, url, clock } = await asServer();
    clock.advance(30 * 86_400_000);
    const store = await openOn(server(), database, { url, clock, mode: "write" });
    const { records, ledger, care, coordination } = store;
    await records.append(() => ({
      drafts: [aVersionDraft(aText(), { version: 2 })],
      texts: [aText()],
      result: null,
    }));
    const rows = Array.from({ length: 3 }, () => anExecution(SYSTEM_IDS, { subjects: { user: "ada" } }));
    expect(await ledger.append(rows)).toMatchObject({ stored: 3 });
    await ledger.appendOutcomes(rows.map(({ id }) => anOutcome(SYSTEM_IDS, id)));
    await store.care.keepUp();
    expect(await care.erase({ kind: "user", value: "ada" }, anActor())).toMatchObject({
      executions: 15,
      compacted: true,
    });
    expect(await coordination.takeLease("job", "one", clock.now() + 1)).toBe(true);
    expect(await care.purgeContents(clock.now())).toBe(0);
    const report = await care.verify();
    expect(report).toMatchObject({ executions: 15, findings: [] });
    const [parts] = await server().run(
      database,
      `SELECT to_regclass('colophon.execution_${weekOf(clock.now()) + 2}') IS NOT NULL AS there`,
    );
    expect(parts).toEqual({ there: true });
  });

  test("can change, delete and make nothing, with whatever statement", async () => {
    const { url, database, clock } = await asServer();
    const { Client } = await import("pg");
    const week = weekOf(clock.now());
    const client = new Client({ connectionString: url });
    await client.connect();
    const tables = [...APPEND_ONLY, "arrival"];
    const refused = [
      ...tables.flatMap((table) => [
        `UPDATE colophon.${table} SET ${table === "arrival" ? "executions = 0" : "ctid = ctid"}`,
        `DELETE FROM colophon.${table}`,
        `TRUNCATE colophon.${table}`,
        `ALTER TABLE colophon.${table} DISABLE TRIGGER ALL`,
        `DROP TABLE colophon.${table} CASCADE`,
        `CREATE TRIGGER mine BEFORE INSERT ON colophon.${table} EXECUTE FUNCTION colophon.refuse()`,
      ]),
      `INSERT INTO colophon.execution_${week} SELECT * FROM colophon.execution`,
      `DELETE FROM colophon.execution_${week}`,
      `DROP TABLE colophon.execution_${week}`,
      `ALTER TABLE colophon.execution DETACH PARTITION colophon.execution_${week}`,
      "UPDATE colophon.subject SET pseudonym = pseudonym",
      "DELETE FROM colophon.subject",
      "UPDATE colophon.folded SET one = one",
      "INSERT INTO colophon.arrival VALUES (2, 0, 0, 0, 0)",
      "INSERT INTO colophon.edition VALUES (99, 0)",
      "CREATE TABLE colophon.mine (n integer)",
      "CREATE OR REPLACE FUNCTION colophon.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      "DROP SCHEMA colophon CASCADE",
      "SET session_replication_role = replica",
      "SELECT colophon.recorded()",
    ];
    try {
      for (const sql of refused) await expect(client.query(sql), sql).rejects.toThrow();
    } finally {
      await client.end();
    }
    const store = await openOn(server(), database, { url, clock, mode: "write" });
    await expect(store.care.retain(clock.now(), anActor())).rejects.toMatchObject({
      code: "store-read-only",
    });
    expect((await store.care.verify()).findings).toEqual([]);
  });
});
