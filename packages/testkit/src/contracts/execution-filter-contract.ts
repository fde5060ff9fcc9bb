/** The part of LedgerStore's contract that is about which rows a filter finds, and in what order. */
import { type Execution, type ExecutionFilter, type LedgerStore, PURPOSES } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

type Open = () => Promise<Fresh<OpenedStore>>;

const EQUAL_FIELDS = ["prompt", "version", "hash", "environment", "trace", "purpose"] as const;
const SUBJECT_FIELDS = ["user", "tenant", "document", "documentType", "session"] as const;

/** The filter's meaning, said once more in the plainest way. */
function fits(row: Execution, filter: ExecutionFilter): boolean {
  return (
    EQUAL_FIELDS.every((name) => filter[name] === undefined || row[name] === filter[name]) &&
    SUBJECT_FIELDS.every((name) => filter[name] === undefined || row.subjects[name] === filter[name]) &&
    (filter.since === undefined || row.at >= filter.since) &&
    (filter.until === undefined || row.at < filter.until)
  );
}

const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | null> => fc.constantFrom(null, ...values);

const rowFields = fc.record({
  prompt: few("support.triage", "support.reply"),
  version: maybe(1, 2),
  hash: few("a".repeat(64), "b".repeat(64)),
  environment: few("staging", "production"),
  trace: maybe("c".repeat(32), "d".repeat(32)),
  purpose: few(...PURPOSES.slice(0, 3)),
  subjects: fc.record({
    user: maybe("ada", "bob"),
    tenant: maybe("acme", "umbrella"),
    document: maybe("doc-1", "doc-2"),
    documentType: maybe("invoice", "letter"),
    session: maybe("s1", "s2"),
  }),
  pause: few(0, 1, 500),
});

/** Each filter takes its values from a row that is there, so that it finds something. */
const filterPlan = fc.record({
  like: fc.nat(),
  fields: fc.subarray([...EQUAL_FIELDS, ...SUBJECT_FIELDS, "since", "until"], { maxLength: 3 }),
  limit: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  order: few("newest-first", "oldest-first", undefined),
});

function filterOf(
  plan: typeof filterPlan extends fc.Arbitrary<infer T> ? T : never,
  rows: readonly Execution[],
) {
  const row = rows[plan.like % rows.length] as Execution;
  const filter: Record<string, unknown> = { limit: plan.limit, order: plan.order };
  for (const name of plan.fields) {
    const value =
      name === "since" || name === "until" ? row.at : (row[name as "prompt"] ?? row.subjects[name as "user"]);
    if (value !== null) filter[name] = value;
  }
  return filter as ExecutionFilter;
}

/** Found rows in the order of their ids; an id begins with its time. */
function ordered(rows: readonly Execution[], order: ExecutionFilter["order"]): readonly Execution[] {
  const oldestFirst = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return order === "oldest-first" ? oldestFirst : oldestFirst.reverse();
}

async function appendMany(store: Fresh<OpenedStore>, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await store.ledger.append([anExecution(store.ids, { latency: at })]);
    store.clock.advance(10);
  }
}

const latencies = async (ledger: LedgerStore, filter: ExecutionFilter): Promise<readonly number[]> =>
  (await ledger.listExecutions(filter)).map((row) => row.latency);

export function executionFilterContract(open: Open): void {
  test("lists the newest 100 rows first unless told otherwise", async () => {
    const store = await open();
    await appendMany(store, 103);
    const newest = await latencies(store.ledger, {});
    expect(newest).toEqual(Array.from({ length: 100 }, (_, at) => 102 - at));
    expect(await latencies(store.ledger, { order: "oldest-first", limit: 3 })).toEqual([0, 1, 2]);
    expect(await latencies(store.ledger, { limit: 1000 })).toHaveLength(103);
  });

  test("counts the first millisecond of a span in, and the last one out", async () => {
    const store = await open();
    const start = store.clock.now();
    await appendMany(store, 4);
    expect(await latencies(store.ledger, { since: start + 10, until: start + 30 })).toEqual([2, 1]);
    expect(await latencies(store.ledger, { since: start + 11 })).toEqual([3, 2]);
    expect(await latencies(store.ledger, { until: start + 1 })).toEqual([0]);
  });

  test("finds exactly the rows that fit any filter, in order, up to the limit", async () => {
    const plan = fc.tuple(
      fc.array(rowFields, { minLength: 1, maxLength: 25 }),
      fc.array(filterPlan, { minLength: 1, maxLength: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async ([rows, filters]) => {
        const { ledger, ids, clock, dispose } = await open();
        for (const { pause, ...fields } of rows) {
          await ledger.append([anExecution(ids, fields)]);
          clock.advance(pause);
        }
        const all = await ledger.listExecutions({ limit: 1000 });
        expect(all).toHaveLength(rows.length);
        for (const one of filters) {
          const filter = filterOf(one, all);
          const expected = ordered(
            all.filter((row) => fits(row, filter)),
            filter.order,
          ).slice(0, filter.limit ?? 100);
          expect(await ledger.listExecutions(filter), JSON.stringify(filter)).toEqual(expected);
        }
        await dispose();
      }),
      { numRuns: 25 },
    );
  });

  test("finds nothing for values that no row has", async () => {
    const { ledger, ids } = await open();
    await ledger.append([anExecution(ids, { subjects: { user: "ada" } })]);
    for (const filter of [
      { prompt: "unheard-of" },
      { version: 99 },
      { hash: "0".repeat(64) },
      { environment: "nowhere" },
      { trace: "0".repeat(32) },
      { user: "0".repeat(32) as never },
      { session: "0".repeat(32) as never },
      { purpose: "drill" as const },
    ]) {
      expect(await ledger.listExecutions(filter), JSON.stringify(filter)).toEqual([]);
    }
  });
}
