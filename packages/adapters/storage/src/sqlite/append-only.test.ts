/** The database itself refuses to change what was recorded, whoever asks, with whatever settings. */
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { DICTIONARIES } from "../shared/word-node.ts";
import { LATE_COLUMNS, lateIndexOf } from "./late-indexes.ts";
import { EXECUTION_COLUMNS } from "./schema.ts";
import { filledStore, storeFolder } from "./store-folder.fixture.ts";

const TABLES = [
  "store",
  "record",
  "text",
  "writer",
  "execution",
  "outcome",
  "start",
  "gap",
  "seal",
  ...DICTIONARIES,
];

/** A connection as any other program would open it: none of our pragmas. */
async function bareConnection(): Promise<DatabaseSync> {
  const folder = storeFolder();
  await filledStore(folder);
  const db = new DatabaseSync(folder.file);
  folder.onDone(() => db.close());
  return db;
}

function columnsOf(db: DatabaseSync, table: string): readonly string[] {
  // Generated columns are left out: they cannot be written anyway.
  return db
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map((row) => String(row.name));
}

function rowsOf(db: DatabaseSync, table: string): readonly unknown[] {
  return db.prepare(`SELECT * FROM ${table}`).all();
}

describe("The database itself", () => {
  test.each(TABLES)("refuses UPDATE and DELETE on %s", async (table) => {
    const db = await bareConnection();
    const before = rowsOf(db, table);
    expect(before.length).toBeGreaterThan(0);
    for (const column of columnsOf(db, table)) {
      expect(() => db.exec(`UPDATE ${table} SET ${column} = ${column}`), column).toThrow("append-only");
    }
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow("append-only");
    expect(rowsOf(db, table)).toEqual(before);
  });

  test.each(TABLES)("lets no REPLACE slip past on %s, with recursive triggers on or off", async (table) => {
    const db = await bareConnection();
    const before = rowsOf(db, table);
    const names = columnsOf(db, table);
    const columns = names.join(", ");
    for (const recursive of ["OFF", "ON"]) {
      db.exec(`PRAGMA recursive_triggers = ${recursive}`);
      expect(() =>
        db.exec(`INSERT OR REPLACE INTO ${table} (${columns}) SELECT ${columns} FROM ${table}`),
      ).toThrow("append-only");
      expect(() => db.exec(`UPDATE OR REPLACE ${table} SET ${names[0]} = ${names[0]}`)).toThrow(
        "append-only",
      );
    }
    expect(rowsOf(db, table)).toEqual(before);
  });

  test("lets no REPLACE slip past by the id of a row or by its place", async () => {
    const db = await bareConnection();
    const before = rowsOf(db, "execution");
    const all = EXECUTION_COLUMNS.join(", ");
    const others = EXECUTION_COLUMNS.filter((column) => column !== "rest").join(", ");
    expect(() => db.exec(`REPLACE INTO execution (${all}) SELECT ${all} FROM execution LIMIT 1`)).toThrow(
      "append-only",
    );
    expect(() =>
      db.exec(
        `REPLACE INTO execution (n, rest, ${others}) SELECT n, randomblob(10), ${others} FROM execution LIMIT 1`,
      ),
    ).toThrow("append-only");
    expect(rowsOf(db, "execution")).toEqual(before);
  });

  test.each(["execution", "outcome"])(
    "gives a row of %s no number but the next one, with REPLACE or without",
    async (table) => {
      const db = await bareConnection();
      const before = rowsOf(db, table);
      const columns = columnsOf(db, table).slice(1).join(", ");
      const values = columns.replace(", rest", ", randomblob(10)");
      const insert = (verb: string, n: number | string): void =>
        db.exec(`${verb} INTO ${table} (n, ${columns}) SELECT ${n}, ${values} FROM ${table} WHERE n = 1`);
      for (const verb of ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"]) {
        for (const n of [-2, -1, 0, 1, 5, 12])
          expect(() => insert(verb, n), `${verb} ${n}`).toThrow("append-only");
      }
      expect(rowsOf(db, table)).toEqual(before);
      // One far behind the others would leave no number for the rows to come.
      for (const n of ["14", "9007199254740991", "9223372036854775807"])
        expect(() => insert("INSERT", n), n).toThrow("append-only");
      insert("INSERT", 13);
      db.exec(`INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table} WHERE n = 1`);
      expect(() => insert("INSERT", 14)).toThrow("append-only");
      expect(rowsOf(db, table).slice(12)).toMatchObject([{ n: 13 }, { n: 14 }]);
    },
  );

  test("lets a subject be erased and changed in no other way", async () => {
    const db = await bareConnection();
    const subjects = rowsOf(db, "subject");
    for (const change of [
      "value = 'eve'",
      "key = randomblob(32)",
      "pseudonym = randomblob(16)",
      "kind = 3",
      "n = 99",
      "value = NULL",
    ]) {
      expect(() => db.exec(`UPDATE subject SET ${change} WHERE n = 1`), change).toThrow("append-only");
    }
    expect(() => db.exec("DELETE FROM subject")).toThrow("append-only");
    expect(() => db.exec("REPLACE INTO subject SELECT n, kind, pseudonym, key, 'eve' FROM subject")).toThrow(
      "append-only",
    );
    expect(() =>
      db.exec(
        "REPLACE INTO subject (kind, pseudonym, key, value) SELECT kind, randomblob(16), key, value FROM subject",
      ),
    ).toThrow("append-only");
    expect(rowsOf(db, "subject")).toEqual(subjects);
    db.exec("UPDATE subject SET key = NULL, value = NULL WHERE n = 1");
    expect(() => db.exec("UPDATE subject SET value = 'eve' WHERE n = 1")).toThrow("append-only");
  });

  test("lets contents be deleted and never changed", async () => {
    const db = await bareConnection();
    expect(() => db.exec("UPDATE content SET output = 'other'")).toThrow("append-only");
    expect(() =>
      db.exec("REPLACE INTO content SELECT execution, variables, 'other', expires FROM content"),
    ).toThrow("append-only");
    db.exec("DELETE FROM content");
    expect(rowsOf(db, "content")).toEqual([]);
  });

  test("lets the watermark of the sums move forward only, and never beyond the last row", async () => {
    const db = await bareConnection();
    expect(rowsOf(db, "folded")).toMatchObject([{ n: 12 }]);
    for (const n of [11, 0, 13]) expect(() => db.exec(`UPDATE folded SET n = ${n}`)).toThrow("append-only");
    expect(() => db.exec("DELETE FROM folded")).toThrow("append-only");
    expect(() => db.exec("REPLACE INTO folded VALUES (1, 0)")).toThrow("append-only");
    expect(() => db.exec("INSERT INTO folded VALUES (2, 0)")).toThrow("append-only");
  });

  test("lets the watermark of the indexes move forward only, and never beyond the last row", async () => {
    const db = await bareConnection();
    expect(rowsOf(db, "indexed")).toMatchObject([{ n: 12 }]);
    for (const n of [11, 0, 13]) expect(() => db.exec(`UPDATE indexed SET n = ${n}`)).toThrow("append-only");
    expect(() => db.exec("DELETE FROM indexed")).toThrow("append-only");
    expect(() => db.exec("REPLACE INTO indexed VALUES (1, 0)")).toThrow("append-only");
    expect(() => db.exec("INSERT INTO indexed VALUES (2, 0)")).toThrow("append-only");
  });

  test.each(LATE_COLUMNS.map(lateIndexOf))("takes no entry out of %s, nor changes one", async (index) => {
    const db = await bareConnection();
    const before = rowsOf(db, index);
    expect(before).toHaveLength(12);
    for (const column of columnsOf(db, index))
      expect(() => db.exec(`UPDATE OR REPLACE ${index} SET ${column} = 1`), column).toThrow("append-only");
    expect(() => db.exec(`DELETE FROM ${index}`)).toThrow("append-only");
    db.exec(`REPLACE INTO ${index} SELECT * FROM ${index}`);
    expect(rowsOf(db, index)).toEqual(before);
  });

  test("lets the watermark of the metrics move forward only, and never beyond the last row or outcome", async () => {
    const db = await bareConnection();
    expect(rowsOf(db, "measured")).toMatchObject([{ execution: 12, outcome: 12 }]);
    for (const column of ["execution", "outcome"]) {
      for (const n of [11, 0, 13])
        expect(() => db.exec(`UPDATE measured SET ${column} = ${n}`)).toThrow("append-only");
    }
    expect(() => db.exec("DELETE FROM measured")).toThrow("append-only");
    expect(() => db.exec("REPLACE INTO measured VALUES (1, 0, 0)")).toThrow("append-only");
    expect(() => db.exec("INSERT INTO measured VALUES (2, 0, 0)")).toThrow("append-only");
  });

  test.each(["folded", "indexed", "measured", "watch", "store"])(
    "lets nobody slip a second row past the checks of %s",
    async (table) => {
      const db = await bareConnection();
      const before = rowsOf(db, table);
      const columns = columnsOf(db, table).slice(1).join(", ");
      db.exec("PRAGMA ignore_check_constraints = ON");
      for (const one of [-1, 0, 2])
        expect(() => db.exec(`INSERT INTO ${table} SELECT ${one}, ${columns} FROM ${table}`)).toThrow(
          "append-only",
        );
      expect(() => db.exec(`UPDATE ${table} SET one = 2`)).toThrow("append-only");
      expect(rowsOf(db, table)).toEqual(before);
    },
  );

  test("lets the watched revision move forward only", async () => {
    const db = await bareConnection();
    expect(() => db.exec("UPDATE watch SET revision = revision - 1")).toThrow("append-only");
    expect(() => db.exec("DELETE FROM watch")).toThrow("append-only");
    expect(() => db.exec("REPLACE INTO watch VALUES (1, 0, 0)")).toThrow("append-only");
  });
});
