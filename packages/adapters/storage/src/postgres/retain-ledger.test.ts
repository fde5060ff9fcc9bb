/** Old weeks go, with all that lay in them; sums and chains stand, and verify goes on from there. */
import type { ExecutionId } from "@colophon/kernel";
import { anActor, anExecution, anOutcome, aStart, fixedClock, seededIds } from "@colophon/testkit";
import { expect, test } from "vitest";
import { databaseFor, openOn } from "./filled-store.fixture.ts";
import { WEEK_MS, weekOf } from "./partitions.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

const server = usePostgres();
const DAY_MS = 86_400_000;

async function fiveWeeks() {
  const database = await databaseFor(server());
  const clock = fixedClock();
  const ids = seededIds({ clock, seed: "weeks" });
  const [store, other] = [
    await openOn(server(), database, { clock, ids }),
    await openOn(server(), database, { clock, ids }),
  ];
  const rows: { readonly id: ExecutionId; readonly at: number }[] = [];
  let late = anExecution(ids);
  for (let day = 0; day < 35; day++) {
    for (const one of [store, other]) {
      const contents = { inputDigest: null, outputDigest: null, variables: "{}", output: "x", days: null };
      // A row that is a week late comes in between those of its time.
      const drafts = [anExecution(ids, { contents }), ...(day % 7 === 3 ? [late] : [])];
      await one.ledger.append(drafts);
      if (day % 7 === 3) late = anExecution(ids);
      await one.ledger.appendOutcomes(drafts.map(({ id }) => anOutcome(ids, id)));
      rows.push(...drafts.map(({ id }) => ({ id, at: clock.now() })));
    }
    await store.ledger.appendStarts([aStart(ids)]);
    if (day % 5 === 0) await store.care.seal();
    clock.advance(DAY_MS);
  }
  return { database, store, other, clock, ids, rows };
}

test("Weeks that are over go with rows, outcomes, starts and contents; sums, seals and anchors hold", async () => {
  const { store, other, clock, ids, database } = await fiveWeeks();
  const anchor = await store.care.anchor();
  const sums = async () => [
    await store.ledger.listRollups({ by: "window" }),
    await store.ledger.listTenantRollups({ by: "window" }),
    await store.ledger.listMetrics({ by: "window" }),
  ];
  const before = await sums();
  const all = await store.ledger.listExecutions({ limit: 1000 });
  const asked = clock.now() - 2.5 * WEEK_MS;
  const since = weekOf(asked) * WEEK_MS;
  const old = all.filter(({ at }) => at < since);
  const told = await store.care.retain(asked, anActor(), { dryRun: true });
  expect(await store.ledger.listExecutions({ limit: 1000 })).toEqual(all);
  const counts = await store.care.retain(asked, anActor());
  expect(counts).toEqual({ since, executions: old.length, outcomes: old.length });
  expect(told).toEqual(counts);
  expect(await store.care.retain(asked, anActor(), { dryRun: true })).toEqual({
    since,
    executions: 0,
    outcomes: 0,
  });
  expect(old.length).toBeGreaterThan(20);
  expect(await sums()).toEqual(before);
  expect(await store.ledger.listExecutions({ limit: 1000 })).toEqual(all.filter(({ at }) => at >= since));
  for (const { id } of await store.ledger.listUnfinished())
    expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBeGreaterThanOrEqual(since);
  expect(await store.ledger.findContents(old[0]?.id as ExecutionId)).toBeUndefined();
  expect((await store.care.verify({ anchor })).findings).toEqual([]);
  await other.ledger.append([anExecution(ids)]);
  expect((await other.care.verify({ anchor: await store.care.anchor() })).findings).toEqual([]);
  expect(await store.care.retain(asked, anActor())).toEqual({ since, executions: 0, outcomes: 0 });
  clock.advance(WEEK_MS);
  expect((await store.care.retain(clock.now() - WEEK_MS, anActor())).executions).toBeGreaterThan(0);
  expect((await store.care.verify({ anchor })).findings).toEqual([]);
  const parts = await server().run(
    database,
    "SELECT relname FROM pg_class WHERE relname ~ '_[0-9]+$' AND relkind = 'r'",
  );
  expect(parts.length % 4).toBe(0);
});

test("A row that is older than what is kept is counted as a gap, whoever resends it", async () => {
  const { store, other, clock, ids, rows } = await fiveWeeks();
  const { since } = await store.care.retain(clock.now() - 2 * WEEK_MS, anActor());
  const resent = anExecution(ids, { id: rows[0]?.id as ExecutionId });
  const fresh = anExecution(ids);
  expect(await other.ledger.append([resent, fresh])).toEqual({ stored: 1, duplicates: 1 });
  await other.ledger.appendOutcomes([anOutcome(ids, resent.id)]);
  await other.ledger.appendStarts([aStart(ids, { id: resent.id })]);
  expect(await store.ledger.findExecution(resent.id)).toBeUndefined();
  const reason = expect.stringContaining(new Date(since).toISOString());
  expect(await store.ledger.listGaps()).toMatchObject([
    { kind: "dropped-row", count: 1, reason },
    { kind: "dropped-outcome", count: 1, reason },
  ]);
  expect((await store.care.verify()).findings).toEqual([]);
});

test("Sums of weeks that are gone cannot be changed unseen, nor can the rows beside them", async () => {
  const { store, clock, database } = await fiveWeeks();
  await store.care.retain(clock.now() - 2 * WEEK_MS, anActor());
  await server().run(
    database,
    "UPDATE colophon.rollup SET calls = calls + 1 WHERE slot = (SELECT min(slot) FROM colophon.rollup)",
  );
  const kinds = async () => (await store.care.verify()).findings.map(({ kind }) => kind);
  expect(new Set(await kinds())).toEqual(new Set(["rollup-mismatch"]));
  const week = weekOf(clock.now() - WEEK_MS);
  await server().run(database, `DROP TABLE colophon.execution_${week}`);
  expect(await kinds()).toContain("missing-row");
});
