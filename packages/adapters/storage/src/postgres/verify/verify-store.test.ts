/** What somebody changes in the database behind our back is found, and named for what it is. */
import type { Finding } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { filledStore } from "../filled-store.fixture.ts";
import { weekOf } from "../partitions.ts";
import { usePostgres } from "../postgres-server.fixture.ts";

const server = usePostgres();

/** Changes a filled store as its owner, who can put the guards away, and gives what is found then. */
async function findingsAfter(table: string, change: string): Promise<readonly Finding[]> {
  const { database, store } = await filledStore(server());
  const anchor = await store.care.anchor();
  expect((await store.care.verify({ anchor })).findings).toEqual([]);
  await server().run(
    database,
    `ALTER TABLE colophon.${table} DISABLE TRIGGER USER`,
    change,
    ...triggersOf(table),
  );
  return (await store.care.verify({ anchor })).findings;
}

const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  execution: ["append_only", "kept_whole", "numbered"],
  outcome: ["append_only", "kept_whole", "numbered"],
  record: ["append_only", "recorded"],
  subject: ["kept_whole", "only_erased"],
  folded: ["kept_whole", "only_forward"],
  measured: ["kept_whole", "only_forward"],
  rollup: [],
  rollup_day: [],
  metric: [],
};

function triggersOf(table: string): readonly string[] {
  return (TRIGGERS[table] ?? ["append_only"]).map(
    (name) => `ALTER TABLE colophon.${table} ENABLE ALWAYS TRIGGER ${name}`,
  );
}

describe("A tampered store", () => {
  test.each<[string, string, string, Finding["kind"]]>([
    ["a row's latency", "execution", "UPDATE colophon.execution SET latency = 1 WHERE n = 4", "altered-row"],
    ["a row's time", "execution", "UPDATE colophon.execution SET at = at + 1 WHERE n = 4", "altered-row"],
    ["a row's user", "execution", `UPDATE colophon.execution SET "user" = tenant WHERE n = 4`, "altered-row"],
    ["a row's extra", "execution", "UPDATE colophon.execution SET extra = NULL WHERE n = 4", "altered-row"],
    ["a row's cost", "execution", "UPDATE colophon.execution SET cost = cost + 1 WHERE n = 4", "altered-row"],
    ["a row in the middle", "execution", "DELETE FROM colophon.execution WHERE n = 4", "missing-row"],
    ["the last row", "execution", "DELETE FROM colophon.execution WHERE n = 12", "cut-tail"],
    ["a writer's rows", "execution", "DELETE FROM colophon.execution WHERE writer = 1", "vanished-writer"],
    [
      "two rows' places",
      "execution",
      "UPDATE colophon.execution SET n = CASE n WHEN 1 THEN 3 ELSE 1 END WHERE n IN (1, 3)",
      "reordered-row",
    ],
    ["an outcome", "outcome", "UPDATE colophon.outcome SET value = 'false' WHERE n = 4", "altered-outcome"],
    ["a missing outcome", "outcome", "DELETE FROM colophon.outcome WHERE n = 4", "missing-outcome"],
    ["a record", "record", "UPDATE colophon.record SET at = at - 1 WHERE revision = 4", "altered-record"],
    ["a missing record", "record", "DELETE FROM colophon.record WHERE revision = 4", "missing-record"],
    ["the last record", "record", "DELETE FROM colophon.record WHERE revision = 5", "missing-record"],
    ["a text", "text", "UPDATE colophon.text SET body = replace(body, 'e', 'a')", "altered-text"],
    ["a missing text", "text", "DELETE FROM colophon.text", "missing-text"],
    ["a seal", "seal", "UPDATE colophon.seal SET revision = 1 WHERE seq = 1", "altered-seal"],
    [
      "a missing seal",
      "seal",
      "DELETE FROM colophon.seal WHERE seq = (SELECT max(seq) FROM colophon.seal)",
      "anchor-mismatch",
    ],
    [
      "a word",
      "word",
      "UPDATE colophon.word SET body = replace(body, 'production', 'staging')",
      "altered-row",
    ],
    [
      "a subject's id",
      "subject",
      "UPDATE colophon.subject SET value = '\"eve\"' WHERE n = 1",
      "altered-subject",
    ],
    [
      "an erasure without a record",
      "subject",
      "UPDATE colophon.subject SET key = NULL, value = NULL, digest = NULL WHERE n = 1",
      "altered-subject",
    ],
    ["a sum", "rollup", "UPDATE colophon.rollup SET calls = calls + 1", "rollup-mismatch"],
    ["a day's sum", "rollup_day", "DELETE FROM colophon.rollup_day", "rollup-mismatch"],
    ["a metric", "metric", "UPDATE colophon.metric SET metrics = '\\x00'", "rollup-mismatch"],
    ["a watermark", "folded", "UPDATE colophon.folded SET n = 11", "rollup-mismatch"],
    ["a watermark of metrics", "measured", "DELETE FROM colophon.measured", "rollup-mismatch"],
  ])("is found by %s", async (...[, table, change, kind]) => {
    const findings = await findingsAfter(table, change);
    expect(findings.map((finding) => finding.kind)).toContain(kind);
    expect(findings.map((finding) => finding.kind)).not.toContain("weakened-schema");
    for (const { where, message } of findings) expect(where !== "" && message !== "").toBe(true);
  });

  test("is found by the guards that were put away, changed or added", async () => {
    const { database, store, clock } = await filledStore(server());
    const week = weekOf(clock.now());
    await server().run(
      database,
      "ALTER TABLE colophon.record DISABLE TRIGGER append_only",
      "DROP TRIGGER append_only ON colophon.seal",
      "ALTER TABLE colophon.text ENABLE TRIGGER append_only",
      `DROP TRIGGER kept_whole ON colophon.execution_${week}`,
      `ALTER TABLE colophon.outcome_${week} DISABLE TRIGGER append_only`,
      "CREATE FUNCTION colophon.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      "CREATE TRIGGER mine BEFORE INSERT ON colophon.gap FOR EACH ROW EXECUTE FUNCTION colophon.mine()",
      "CREATE OR REPLACE FUNCTION colophon.only_erased() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      "CREATE RULE mine AS ON INSERT TO colophon.start DO INSTEAD NOTHING",
      "ALTER TABLE colophon.writer ENABLE ROW LEVEL SECURITY",
      "ALTER TABLE colophon.word DROP CONSTRAINT word_pkey",
    );
    const found = (await store.care.verify()).findings;
    expect(found.every(({ kind }) => kind === "weakened-schema")).toBe(true);
    expect(found.map(({ where }) => where).toSorted()).toEqual([
      `execution_${week}.kept_whole`,
      "gap.mine",
      "only_erased",
      `outcome_${week}.append_only`,
      "record.append_only",
      "seal.append_only",
      "start",
      "text.append_only",
      "word",
      "writer",
    ]);
  });
});
