/** Many writers at once, and transactions that stay open: every row is stored once, numbered in the order of commits. */
import type { ExecutionId } from "@colophon/kernel";
import { anExecution, anOutcome, expectMetricsToAddUp, expectRollupsToAddUp } from "@colophon/testkit";
import fc from "fast-check";
import { Client } from "pg";
import { expect, test, vi } from "vitest";
import { databaseFor, filledStore, openOn, SYSTEM_IDS } from "./filled-store.fixture.ts";
import type { PostgresStore } from "./open-postgres-store.ts";
import { usePostgres } from "./postgres-server.fixture.ts";

vi.setConfig({ testTimeout: 120_000 });

const server = usePostgres();

/** Reads what has arrived, page by page, until told to stop. */
async function follow(store: PostgresStore, isOver: () => boolean): Promise<readonly string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  for (let last = false; ; ) {
    const page = await store.ledger.listArrivals({ limit: 7, ...(after === undefined ? {} : { after }) });
    seen.push(...page.executions.map(({ id }) => id), ...page.outcomes.map(({ outcome }) => outcome.id));
    after = page.cursor;
    if (page.done && last) return seen;
    last = page.done && isOver();
    if (page.done) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test("A reader misses no row that commits late, whoever writes meanwhile and whatever is left open", async () => {
  const writers = fc.array(
    fc.array(
      fc.record({ rows: fc.integer({ min: 1, max: 9 }), outcomes: fc.boolean(), again: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    { minLength: 2, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(writers, async (plans) => {
      const database = await server().takeDatabase();
      const stores = await Promise.all(plans.map(() => openOn(server(), database)));
      // Transactions that have a snapshot and an id, and end after everybody else.
      const open = new Client({ connectionString: server().url(database) });
      await open.connect();
      await open.query("BEGIN; SELECT pg_current_xact_id()");
      const reader = await openOn(server(), database);
      let over = false;
      const following = follow(reader, () => over);
      const shared = anExecution(SYSTEM_IDS);
      const written: string[] = [];
      await Promise.all(
        plans.map(async (plan, index) => {
          const { ledger } = stores[index] as PostgresStore;
          for (const { rows, outcomes, again } of plan) {
            const drafts = Array.from({ length: rows }, () => anExecution(SYSTEM_IDS));
            // One row that everybody sends, to meet in it.
            expect(
              (await ledger.append(again ? [...drafts, shared, ...drafts] : drafts)).stored,
            ).toBeGreaterThanOrEqual(rows);
            written.push(...drafts.map(({ id }) => id));
            if (again) written.push(shared.id);
            if (!outcomes) continue;
            const signals = drafts.map(({ id }) => anOutcome(SYSTEM_IDS, id as ExecutionId));
            await ledger.appendOutcomes(signals);
            written.push(...signals.map(({ id }) => id));
          }
        }),
      );
      over = true;
      const seen = await following;
      expect(new Set(seen)).toEqual(new Set(written));
      expect(seen).toHaveLength(new Set(written).size);
      await open.query("COMMIT");
      await open.end();
      await Promise.all([...stores, reader].map((store) => store.care.seal()));
      await expectRollupsToAddUp(reader.ledger);
      await expectMetricsToAddUp(reader.ledger);
      expect((await reader.care.verify()).findings).toEqual([]);
      for (const store of [...stores, reader]) await store.close();
      await server().giveBack(database);
    }),
    { numRuns: 6 },
  );
});

test("Texts with a NUL or half a character in them, tabs, line ends and backslashes come back as they were", async () => {
  const store = await openOn(server(), await databaseFor(server()));
  const odd = 'a\u0000b\ttab\nline\r\\back\\N "q" \ud800 ß🙂';
  const draft = anExecution(SYSTEM_IDS, {
    prompt: odd,
    host: odd,
    finishReason: odd,
    toolCalls: [odd, odd, odd, odd],
    statedCost: { amount: 0.125, currency: odd },
    subjects: { user: odd, session: odd },
    contents: { inputDigest: null, outputDigest: null, variables: odd, output: odd, days: null },
  });
  await store.ledger.append([draft]);
  await store.ledger.appendOutcomes([anOutcome(SYSTEM_IDS, draft.id, { name: "note", value: odd })]);
  const { prompt, host, finishReason, toolCalls, statedCost } = draft;
  expect(await store.ledger.findExecution(draft.id)).toMatchObject({
    prompt,
    host,
    finishReason,
    toolCalls,
    statedCost,
  });
  expect(await store.ledger.findContents(draft.id)).toEqual({ variables: odd, output: odd });
  expect((await store.ledger.listOutcomes([draft.id]))[0]?.value).toBe(odd);
  expect(await store.ledger.listExecutions({ prompt: odd })).toHaveLength(1);
  const pseudonym = await store.records.findPseudonym({ kind: "user", value: odd });
  expect([
    ...(await store.records.listSubjects(pseudonym === undefined ? [] : [pseudonym])).values(),
  ]).toEqual([odd]);
  await store.care.seal();
  expect((await store.ledger.listRollups({})).map(({ currency }) => currency)).toEqual([odd]);
  expect((await store.care.verify()).findings).toEqual([]);
});

test("A writer whose connection is cut goes on with a chain of its own, and rows that are resent are stored once", async () => {
  const { database, store } = await filledStore(server());
  const rows = Array.from({ length: 3000 }, () => anExecution(SYSTEM_IDS));
  // Held by somebody else, so that the writer is met in the middle of its transaction.
  const holder = new Client({ connectionString: server().url(database) });
  await holder.connect();
  await holder.query("SELECT pg_advisory_lock(1131180136, 3)");
  const appended = store.ledger.append(rows);
  appended.catch(() => undefined);
  const cut = `SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity
    WHERE datname = '${database}' AND application_name = 'colophon' AND wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect(await server().run(database, cut)).toEqual([{ cut: true }]), {
    timeout: 60_000,
  });
  await holder.end();
  await expect(appended).rejects.toMatchObject({ code: "store-unavailable" });
  const again = await store.ledger.append(rows);
  expect(again).toEqual({ stored: 3000, duplicates: 0 });
  expect(await store.ledger.listExecutions({ limit: 10_000 })).toHaveLength(3012);
  expect((await store.care.verify()).findings).toEqual([]);
});

test("Calls of a clock that is far off make no parts, and are kept once with all the others", async () => {
  const { database, store, clock } = await filledStore(server());
  const parts =
    "SELECT count(*)::int AS parts FROM pg_inherits WHERE inhparent = 'colophon.execution'::regclass";
  const before = await server().run(database, parts);
  const far = [clock.now() + 4e11, 86_400_000].map((at) =>
    anExecution(SYSTEM_IDS, { id: SYSTEM_IDS.next(at) as ExecutionId }),
  );
  expect(await store.ledger.append([...far, ...far])).toEqual({ stored: 2, duplicates: 2 });
  expect(await store.ledger.append(far)).toEqual({ stored: 0, duplicates: 2 });
  expect(await server().run(database, parts)).toEqual(before);
  await store.care.seal();
  await expectRollupsToAddUp(store.ledger);
  expect((await store.care.verify()).findings).toEqual([]);
});
