/** Erased rows are cleared out of tables and indexes, and it is said when somebody still holds on to them. */
import { anActor } from "@colophon/testkit";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { filledStore, openOn, urlOfServer } from "./filled-store.fixture.ts";
import { weekOf } from "./partitions.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

const server = usePostgres();
const ADA = { kind: "user", value: "ada" } as const;

test("While an older transaction is open the erasure says that it is not compacted; run again, it is", async () => {
  const { database } = await filledStore(server());
  // As a role that does not own the other one's sessions.
  const store = await openOn(server(), database, { url: await urlOfServer(server(), database) });
  const reader = new Client({ connectionString: server().url(database) });
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
  await reader.query("SELECT count(*) FROM colophon.subject");
  expect(await store.care.erase(ADA, anActor())).toEqual({ executions: 12, contents: 2, compacted: false });
  const before = await reader.query(
    "SELECT count(*)::int AS known FROM colophon.subject WHERE value = '\"ada\"'",
  );
  expect(before.rows).toEqual([{ known: 1 }]);
  await reader.query("COMMIT");
  expect(await store.care.erase(ADA, anActor())).toEqual({ executions: 0, contents: 0, compacted: true });
  expect((await store.care.verify()).findings).toEqual([]);
});

test("No dead row is left in the tables that held a subject in plain", async () => {
  const { database, store, clock } = await filledStore(server());
  expect(await store.care.erase(ADA, anActor())).toMatchObject({ compacted: true });
  for (const table of ["subject", `content_${weekOf(clock.now())}`]) {
    const [dead] = await server().run(
      database,
      "CREATE EXTENSION IF NOT EXISTS pgstattuple",
      `SELECT dead_tuple_count::int AS dead FROM pgstattuple('colophon.${table}')`,
    );
    expect(dead).toEqual({ dead: 0 });
  }
  const [kept] = await server().run(
    database,
    "SELECT count(*)::int AS kept FROM colophon.subject WHERE value = '\"ada\"' OR (kind = 2 AND key IS NOT NULL)",
  );
  expect(kept).toEqual({ kept: 0 });
});
