/** Every kind of tampering that somebody with the file in hand may try is found. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Anchor, executionLink, type Finding, hashDocument, systemClock } from "@colophon/kernel";
import { aReleaseDraft, aText, aVersionDraft } from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import { unpackExecution } from "../../shared/execution-codec.ts";
import { fastHash } from "../../shared/fast-hash.ts";
import { namesOf, sumsOfSums } from "../../shared/sum-tables.ts";
import { DICTIONARIES } from "../../shared/word-node.ts";
import { createDictionaryReader } from "../dictionary.ts";
import { EXECUTION_SELECT } from "../execution-select.ts";
import { LATE_COLUMNS, lateIndexOf } from "../late-indexes.ts";
import type { SqlRow } from "../node-sqlite.ts";
import { openSqliteStore } from "../open-sqlite-store.ts";
import { EXECUTION_COLUMNS } from "../schema.ts";
import { filledStore, type StoreFolder, storeFolder } from "../store-folder.fixture.ts";
import { BY_HOUR, SUM_TABLES, sumsOfRows } from "../sums.ts";
import { verifyStore } from "./verify-store.ts";

type Kind = Finding["kind"];

/** Opens the file as an attacker would, takes the triggers away, tampers, and puts them back. */
function tamper(file: string, sql: string | ((db: DatabaseSync) => void)): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  if (typeof sql === "string") db.exec(sql);
  else sql(db);
  for (const trigger of triggers) db.exec(String(trigger.sql));
  db.close();
}

async function findings(file: string, anchor?: Anchor): Promise<readonly Finding[]> {
  return (await verifyStore({ file, clock: systemClock }, anchor)).findings;
}

async function found(sql: string | ((db: DatabaseSync) => void)): Promise<readonly Kind[]> {
  const folder = storeFolder();
  await filledStore(folder);
  expect(await findings(folder.file)).toEqual([]);
  tamper(folder.file, sql);
  const list = await findings(folder.file);
  for (const { where, message } of list) expect(where !== "" && message !== "").toBe(true);
  return list.map(({ kind }) => kind);
}

/** Rows 5 and 6 of the store's twelve are the first writer's and the second's third. */
const ROW = "WHERE n = 5";

function otherValue(column: string): string {
  if (
    ["rest", "session", "trace", "span", "rendered", "input_hash", "output_hash", "chain"].includes(column)
  ) {
    return `randomblob(length(${column}))`;
  }
  if (column === "extra") return `'{"step":77}'`;
  if (column === "draw") return "0.75";
  return `ifnull(${column}, 0) + 1`;
}

describe("An altered row is found", () => {
  test.each(EXECUTION_COLUMNS)("by its %s", async (column) => {
    const kinds = await found(`UPDATE execution SET ${column} = ${otherValue(column)} ${ROW}`);
    const expected: readonly Kind[] = ["altered-row", "missing-row", "reordered-row"];
    expect(
      kinds.some((kind) => expected.includes(kind)),
      String(kinds),
    ).toBe(true);
  });

  test.each([
    "user",
    "tenant",
    "document",
    "document_type",
    "session",
    "trace",
    "span",
    "revision",
    "input",
    "draw",
    "extra",
  ])("by its %s taken away", async (column) => {
    expect(await found(`UPDATE execution SET ${column} = NULL ${ROW}`)).toContain("altered-row");
  });

  test.each(DICTIONARIES)("by a word of its dictionary %s", async (dictionary) => {
    const kinds = await found(`UPDATE ${dictionary} SET body = json_set(body, '$[0]', 'forged')`);
    expect(kinds).toContain(dictionary === "signal" ? "altered-outcome" : "altered-row");
  });

  test.each(DICTIONARIES)("by a dictionary %s that is gone", async (dictionary) => {
    const kinds = await found(`DELETE FROM ${dictionary}`);
    expect(kinds).toContain(dictionary === "signal" ? "altered-outcome" : "altered-row");
  });

  test("by a pseudonym of its subject", async () => {
    expect(await found("UPDATE subject SET pseudonym = randomblob(16) WHERE value = 'ada'")).toEqual(
      expect.arrayContaining(["altered-row", "altered-subject"]),
    );
  });

  test("by its seal, when the whole rest of the chain was made anew", async () => {
    expect(await found(rechain)).toEqual(expect.arrayContaining(["altered-row"]));
  });
});

/** Alters the last row of a writer and gives it the link that it should have. */
function rechain(db: DatabaseSync): void {
  db.exec(
    "UPDATE execution SET latency = 1 WHERE n = 12; UPDATE rollup SET latency = latency - 639; UPDATE rollup_day SET latency = latency - 639",
  );
  const prepare = (sql: string) => db.prepare(sql);
  const [before, row] = db
    .prepare(`${EXECUTION_SELECT} WHERE e.n IN (10, 12) ORDER BY e.n`)
    .all() as SqlRow[];
  const words = createDictionaryReader({ prepare });
  const link = executionLink(
    unpackExecution(before as SqlRow, words).chain,
    unpackExecution(row as SqlRow, words),
  );
  db.prepare("UPDATE execution SET chain = ? WHERE n = 12").run(Buffer.from(fastHash(link), "hex"));
}

/** Takes rows away and makes all indexes and sums agree with those that are left. */
function removeRows(where: string): string {
  const sums = SUM_TABLES.map((table) => {
    const rebuilt = table.of === null ? sumsOfRows(table, "true") : sumsOfSums(table, table.of.name);
    return `DELETE FROM ${table.name}; INSERT INTO ${table.name} ${rebuilt}`;
  });
  const indexes = LATE_COLUMNS.map(
    (column) => `DELETE FROM ${lateIndexOf(column)} WHERE n NOT IN (SELECT n FROM execution)`,
  );
  const watermarks = ["folded", "indexed"].map(
    (name) => `UPDATE ${name} SET n = (SELECT ifnull(max(n), 0) FROM execution)`,
  );
  return [`DELETE FROM execution WHERE ${where}`, ...sums, ...indexes, ...watermarks, MEASURED_ANEW].join(
    "; ",
  );
}

/** Lets whoever opens the store next make metrics that agree with the rows and outcomes that are left. */
const MEASURED_ANEW =
  "DELETE FROM metric; DELETE FROM metric_day; UPDATE measured SET execution = 0, outcome = 0";

describe("A row that is not in its place is found", () => {
  test.each<[string, string, Kind]>([
    ["taken out of the middle", removeRows("n = 5"), "missing-row"],
    ["taken off the end", removeRows("n = 12"), "cut-tail"],
    ["taken away with all of its writer's", removeRows("writer = 2"), "vanished-writer"],
    [
      "taken away with its writer, rows, outcomes and all",
      `${removeRows("writer = 2")}; DELETE FROM outcome WHERE writer = 2; DELETE FROM writer WHERE n = 2`,
      "vanished-writer",
    ],
    [
      "that changed places with another",
      "UPDATE execution SET n = 99 WHERE n = 3; UPDATE execution SET n = 3 WHERE n = 5; UPDATE execution SET n = 5 WHERE n = 99",
      "reordered-row",
    ],
    ["given to another writer", "UPDATE execution SET writer = 2 WHERE n = 5", "missing-row"],
    ["whose writer has another name", "UPDATE writer SET id = 'forged' WHERE n = 1", "vanished-writer"],
  ])("%s", async (_, sql, kind) => {
    expect(await found(sql)).toContain(kind);
  });
});

describe("A tampered outcome is found", () => {
  test.each(["at", "rest", "writer", "seq", "execution_at", "execution_rest", "signal", "value", "chain"])(
    "by its %s",
    async (column) => {
      const value = ["rest", "execution_rest", "chain"].includes(column)
        ? `randomblob(length(${column}))`
        : column === "value"
          ? "'false'"
          : `${column} + 1`;
      const kinds = await found(`UPDATE outcome SET ${column} = ${value} WHERE n = 5`);
      const expected: readonly Kind[] = ["altered-outcome", "missing-outcome", "reordered-row"];
      expect(
        kinds.some((kind) => expected.includes(kind)),
        String(kinds),
      ).toBe(true);
    },
  );

  test("that is gone from the middle or from the end", async () => {
    expect(await found("DELETE FROM outcome WHERE n = 5")).toContain("missing-outcome");
    expect(await found("DELETE FROM outcome WHERE n = 12")).toContain("cut-tail");
  });
});

describe("A tampered log is found", () => {
  test.each<[string, string, Kind]>([
    [
      "another author",
      `UPDATE record SET body = json_set(body, '$.by.id', 'eve') WHERE revision = 4`,
      "altered-record",
    ],
    [
      "another version released",
      `UPDATE record SET body = json_set(body, '$.data.version', 9) WHERE revision = 5`,
      "altered-record",
    ],
    [
      "another spelling of the same",
      "UPDATE record SET body = body || ' ' WHERE revision = 4",
      "altered-record",
    ],
    ["another time", "UPDATE record SET at = at + 1 WHERE revision = 4", "altered-record"],
    ["another kind", "UPDATE record SET kind = 'drill' WHERE revision = 4", "altered-record"],
    ["another prompt's key", "UPDATE record SET key = 'other' WHERE revision = 4", "altered-record"],
    ["another link", "UPDATE record SET chain = randomblob(32) WHERE revision = 4", "altered-record"],
    ["a record gone", "DELETE FROM record WHERE revision = 4", "missing-record"],
    ["the last record gone", "DELETE FROM record WHERE revision = 5", "missing-record"],
    [
      "the last record gone, watch and all",
      "DELETE FROM record WHERE revision = 5; UPDATE watch SET revision = 4",
      "missing-record",
    ],
    ["an altered text", "UPDATE text SET body = replace(body, 'billing', 'selling')", "altered-text"],
    ["a text gone", "DELETE FROM text", "missing-text"],
    ["a text under another hash", "UPDATE text SET hash = randomblob(32)", "altered-text"],
  ])("%s", async (_, sql, kind) => {
    expect(await found(sql)).toContain(kind);
  });
});

/** Of the hourly sums, all columns but the hour. */
const OTHER_COLUMNS = [...namesOf(BY_HOUR.keys).slice(1), ...namesOf(BY_HOUR.sums)].join(", ");

test("A release cut off at the end of the log is found, also where nothing but the log was ever written", async () => {
  const { file } = storeFolder();
  const store = await openSqliteStore({ file, mode: "create", clock: systemClock });
  const draft = { drafts: [aVersionDraft(), aReleaseDraft()], texts: [aText()], result: null };
  await store.records.append(() => draft);
  await store.close();
  expect(await findings(file)).toEqual([]);
  tamper(file, "DELETE FROM record WHERE revision = 5; UPDATE watch SET revision = 4");
  expect((await findings(file)).map(({ kind }) => kind)).toContain("missing-record");
});

test("A chunk of a large eval set that is gone is found, though no record names it", async () => {
  const { file } = storeFolder();
  const store = await openSqliteStore({ file, mode: "create", clock: systemClock });
  const chunk = { format: 2, cases: [{ id: "a" }] };
  const hash = hashDocument(chunk);
  const head = { format: 2, name: "triage", chunks: [{ hash, cases: 1 }] };
  await store.records.append(() => ({ drafts: [], documents: [chunk], result: null }));
  await store.records.append(() => ({
    drafts: [aVersionDraft()],
    texts: [aText()],
    documents: [head],
    result: null,
  }));
  await store.close();
  expect(await findings(file)).toEqual([]);
  tamper(file, `DELETE FROM text WHERE hash = x'${hash}'`);
  expect((await findings(file)).map(({ kind, where }) => [kind, where])).toEqual([["missing-text", hash]]);
});

/** Another byte at a place of the hour's metrics. */
function otherByte(at: string): string {
  return `UPDATE metric SET metrics =
    CAST(substr(metrics, 1, ${at} - 1) || iif(substr(metrics, ${at}, 1) = x'03', x'05', x'03') || substr(metrics, ${at} + 1) AS BLOB)`;
}

describe("Tampered seals, indexes, sums and subjects are found", () => {
  test.each<[string, string, Kind]>([
    ["a seal's time", "UPDATE seal SET at = at + 1 WHERE seq = 1", "altered-seal"],
    ["a seal's revision", "UPDATE seal SET revision = 4 WHERE seq = 2", "altered-seal"],
    ["a seal's heads", "UPDATE seal SET heads = '[]' WHERE seq = 2", "altered-seal"],
    ["a seal's heads made illegible", "UPDATE seal SET heads = '[' WHERE seq = 2", "altered-seal"],
    [
      "a seal's view of the log",
      "UPDATE seal SET record_chain = randomblob(32) WHERE seq = 1",
      "altered-seal",
    ],
    ["a seal's link", "UPDATE seal SET chain = randomblob(32) WHERE seq = 2", "altered-seal"],
    [
      "a seal's last row",
      "UPDATE seal SET last_execution = last_execution + 2 WHERE seq = 1",
      "altered-seal",
    ],
    [
      "a seal's last outcome",
      "UPDATE seal SET last_outcome = last_outcome + 2 WHERE seq = 1",
      "altered-seal",
    ],
    ["a seal gone from the middle", "DELETE FROM seal WHERE seq = 1", "altered-seal"],
    ["a sum", "UPDATE rollup SET input = input + 1", "rollup-mismatch"],
    ["an hour gone", "DELETE FROM rollup", "rollup-mismatch"],
    ["a day's sum", "UPDATE rollup_day SET errors = errors + 1", "rollup-mismatch"],
    ["a tenant's sum", "UPDATE rollup_tenant SET stated = stated + 1", "rollup-mismatch"],
    ["a tenant's sum of a version", "UPDATE rollup_tenant_version SET calls = 9", "rollup-mismatch"],
    [
      "the same in all sums",
      SUM_TABLES.map(({ name }) => `UPDATE ${name} SET input = input + 1`).join("; "),
      "rollup-mismatch",
    ],
    ["a watermark beyond the last row", "UPDATE folded SET n = 13", "rollup-mismatch"],
    ["a watermark that was set back", "UPDATE folded SET n = 11", "rollup-mismatch"],
    ["a watermark that is gone", "DELETE FROM folded", "rollup-mismatch"],
    [
      "a row that came in below the watermark",
      `UPDATE folded SET n = 99; INSERT INTO execution (n, ${EXECUTION_COLUMNS.join(", ")})
       SELECT 50, ${EXECUTION_COLUMNS.join(", ").replace("rest", "randomblob(10)")} FROM execution WHERE n = 5`,
      "rollup-mismatch",
    ],
    // The last byte is a count, the first a metric's number and the second how often it was measured.
    ["a metric's sketch", otherByte("length(metrics)"), "rollup-mismatch"],
    ["a metric's name", otherByte("1"), "rollup-mismatch"],
    ["a metric's count", otherByte("2"), "rollup-mismatch"],
    ["metrics that end too early", "UPDATE metric SET metrics = substr(metrics, 1, 20)", "rollup-mismatch"],
    ["metrics of an unheard-of version", "UPDATE metric SET version = 99", "rollup-mismatch"],
    ["an hour of metrics gone", "DELETE FROM metric", "rollup-mismatch"],
    ["a day's metrics", "UPDATE metric_day SET metrics = x''", "rollup-mismatch"],
    ["a day of metrics gone", "DELETE FROM metric_day", "rollup-mismatch"],
    [
      "an hour and a day of metrics too many",
      "INSERT INTO metric SELECT version, slot + 24, scope, model, metrics FROM metric; INSERT INTO metric_day SELECT version, slot + 1, scope, model, metrics FROM metric_day",
      "rollup-mismatch",
    ],
    ["a watermark of metrics beyond the last row", "UPDATE measured SET execution = 13", "rollup-mismatch"],
    ["a watermark of metrics beyond the last outcome", "UPDATE measured SET outcome = 13", "rollup-mismatch"],
    ["a watermark of metrics that was set back", "UPDATE measured SET execution = 11", "rollup-mismatch"],
    ["one of outcomes that was set back", "UPDATE measured SET outcome = 11", "rollup-mismatch"],
    ["a watermark of metrics that is gone", "DELETE FROM measured", "rollup-mismatch"],
    [
      "an hour too many",
      `INSERT INTO rollup SELECT slot + 1, ${OTHER_COLUMNS} FROM rollup`,
      "rollup-mismatch",
    ],
    ["a row hidden from an index", "DELETE FROM execution_by_user WHERE n = 5", "index-mismatch"],
    ["a row under another user", "UPDATE execution_by_user SET user = 99 WHERE n = 5", "index-mismatch"],
    ["a row at another time", "UPDATE execution_by_version SET at = at + 1 WHERE n = 5", "index-mismatch"],
    [
      "a row that hides another",
      "DELETE FROM execution_by_document WHERE n = 5; INSERT INTO execution_by_document SELECT document, at + 1, n FROM execution_by_document WHERE n = 6",
      "index-mismatch",
    ],
    ["an entry of no row", "INSERT INTO execution_by_user VALUES (1, 1, 99)", "index-mismatch"],
    ["a watermark of indexes beyond the last row", "UPDATE indexed SET n = 13", "index-mismatch"],
    ["a watermark of indexes that was set back", "UPDATE indexed SET n = 11", "index-mismatch"],
    ["a watermark of indexes that is gone", "DELETE FROM indexed", "index-mismatch"],
    ["a subject's id", "UPDATE subject SET value = 'eve' WHERE value = 'ada'", "altered-subject"],
    ["a subject's key", "UPDATE subject SET key = randomblob(32)", "altered-subject"],
    [
      "a subject erased without a record",
      "UPDATE subject SET key = NULL, value = NULL WHERE value = 'ada'",
      "altered-subject",
    ],
    ["a subject half erased", "UPDATE subject SET key = NULL WHERE value = 'ada'", "altered-subject"],
  ])("%s", async (_, sql, kind) => {
    expect(await found(sql)).toContain(kind);
  });
});

describe("A weakened store is found", () => {
  async function weakened(sql: string): Promise<readonly Kind[]> {
    const folder = storeFolder();
    await filledStore(folder);
    const db = new DatabaseSync(folder.file);
    db.exec(sql);
    db.close();
    return (await findings(folder.file)).map(({ kind }) => kind);
  }

  test.each([
    ["without a trigger", "DROP TRIGGER execution_no_delete"],
    [
      "with a trigger that does nothing",
      "DROP TRIGGER record_no_update; CREATE TRIGGER record_no_update BEFORE UPDATE ON record WHEN 0 BEGIN SELECT 1; END",
    ],
    [
      "with a trigger of somebody's own",
      "CREATE TRIGGER quiet BEFORE INSERT ON gap BEGIN SELECT RAISE(IGNORE); END",
    ],
    [
      "with one that is named as if it were SQLite's",
      "CREATE TRIGGER sqlitequiet BEFORE INSERT ON gap BEGIN SELECT RAISE(IGNORE); END",
    ],
    ["without the index that keeps ids unique", "DROP INDEX execution_by_id"],
  ])("%s", async (_, sql) => {
    expect(await weakened(sql)).toContain("weakened-schema");
  });
});

describe("With an anchor kept outside", () => {
  async function anchored(): Promise<StoreFolder & { readonly anchor: Anchor }> {
    const folder = storeFolder();
    await filledStore(folder);
    const store = await openSqliteStore({ file: folder.file, mode: "read", clock: systemClock });
    const anchor = await store.care.anchor();
    await store.close();
    return { ...folder, anchor };
  }

  test("a tail cut off together with its seals is found, which without it is not", async () => {
    const { file, anchor } = await anchored();
    expect(await findings(file, anchor)).toEqual([]);
    tamper(file, `DELETE FROM outcome WHERE n > 6; ${removeRows("n > 6")}; DELETE FROM seal WHERE seq = 2`);
    expect(await findings(file)).toEqual([]);
    expect((await findings(file, anchor)).map(({ kind }) => kind)).toContain("anchor-mismatch");
  });
});

function damageRootPage(file: string, table: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const { page_size: size } = db.prepare("PRAGMA page_size").get() as { page_size: number };
  const select = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?");
  const { rootpage } = select.get(table) as { rootpage: number };
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, (rootpage - 1) * size, rootpage * size);
  writeFileSync(file, bytes);
}

describe("A damaged file", () => {
  test("is told of as far as it can be read", async () => {
    const folder = storeFolder();
    await filledStore(folder);
    for (const table of ["record", "execution", "metric"]) {
      const damaged = `${folder.file}.${table}`;
      copyFileSync(folder.file, damaged);
      damageRootPage(damaged, table);
      expect(
        (await findings(damaged)).map(({ kind }) => kind),
        table,
      ).toContain("unreadable");
    }
  });

  test("that is sound verifies as a copy that lies there alone", async () => {
    const folder = storeFolder();
    await filledStore(folder);
    copyFileSync(folder.file, `${folder.file}.copy`);
    const report = await verifyStore({ file: `${folder.file}.copy`, clock: systemClock }, undefined);
    expect(report).toMatchObject({
      records: 5,
      texts: 1,
      executions: 12,
      outcomes: 12,
      writers: 2,
      seals: 2,
      findings: [],
    });
  });
});
