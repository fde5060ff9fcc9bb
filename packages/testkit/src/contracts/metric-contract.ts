/** The part of LedgerStore's contract that is about metrics: always what rows and outcomes add up to. */
import {
  type Execution,
  type ExecutionId,
  type LedgerStore,
  type MetricFilter,
  type MetricSums,
  OUTCOME_SOURCES,
  type Outcome,
  type OutcomeId,
  sketchQuantile,
} from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import { anOutcome } from "../builders/an-outcome.ts";
import { anyExecutionFields } from "./arbitraries.ts";
import { expectedMetrics, metricKey } from "./expected-metrics.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Window = Omit<MetricFilter, "by">;

/** Everything in the ledger, page by page. */
async function everything(ledger: LedgerStore) {
  const executions: Execution[] = [];
  const outcomes: Outcome[] = [];
  for (let after: string | undefined; ; ) {
    const page = await ledger.listArrivals(after === undefined ? {} : { after });
    executions.push(...page.executions);
    outcomes.push(...page.outcomes.map(({ outcome }) => outcome));
    if (page.done) return { executions, outcomes };
    after = page.cursor;
  }
}

/** Sums of fractions depend on the order of adding in their last digits. */
function rounded({ sum, sumOfSquares, ...sums }: MetricSums) {
  const near = (value: number): number => Number(value.toPrecision(9));
  return { ...sums, sum: near(sum), sumOfSquares: near(sumOfSquares) };
}

/** Holds the metrics of a window, of everything unless given, against rows and outcomes. */
export async function expectMetricsToAddUp(ledger: LedgerStore, window: Window = {}): Promise<void> {
  const { executions, outcomes } = await everything(ledger);
  for (const by of ["hour", "day", "window"] as const) {
    const filter = { ...window, by };
    const listed = await ledger.listMetrics(filter);
    const found = new Map(listed.map((sums) => [metricKey(sums), rounded(sums)]));
    expect(found.size, "each metric is listed once").toBe(listed.length);
    const expected = expectedMetrics(executions, outcomes, filter);
    expect(found, by).toEqual(new Map([...expected].map(([key, sums]) => [key, rounded(sums)])));
    const hours = listed.map(({ hour }) => hour ?? 0);
    expect(hours).toEqual(hours.toSorted((a, b) => a - b));
  }
}

const value = fc.oneof(
  fc.boolean(),
  fc.constantFrom(0, -1, 1, 0.25, 49 / 51, 51 / 49, 1e-9, 123_456_789.5, 1e12),
  // Below that numbers lose digits, and bounds of bins with them.
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((number) => Math.abs(number) > 1e-300),
  fc.constantFrom("", "true", "12", 'said "no"', "-"),
);

/** An outcome: of a row that came, of one that comes later, or of one that never does. */
const said = fc.record({
  of: fc.nat(30),
  name: fc.constantFrom("accepted", "quality", "latency", "note"),
  source: fc.constantFrom(...OUTCOME_SOURCES.slice(0, 2)),
  by: fc.constantFrom(null, "rule-1", "rule-2"),
  value,
});

const step = fc.record({
  rows: fc.array(anyExecutionFields(), { maxLength: 3 }),
  copies: fc.integer({ min: 1, max: 3 }),
  outcomes: fc.array(said, { maxLength: 4 }),
  pause: fc.constantFrom(0, 1, HOUR_MS / 2, HOUR_MS, DAY_MS),
  seal: fc.boolean(),
});

const time = fc.oneof(
  fc.nat(6 * DAY_MS),
  fc.nat(144).map((hours) => hours * HOUR_MS),
);
const window = fc.record(
  {
    since: time,
    until: time,
    prompt: fc.constant("support.triage"),
    environment: fc.constant("production"),
    purpose: fc.constant("serve" as const),
  },
  { requiredKeys: [] },
);

export function metricContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("equal what rows and outcomes add up to, in whatever order they came, sealed at any points, in any windows", async () => {
    const steps = fc.array(step, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(window, { minLength: 1, maxLength: 2 }), async (all, windows) => {
        const { ledger, care, ids, clock, dispose } = await open();
        const start = clock.now();
        // Known ahead, so that an outcome can come before its row; what is left over never comes.
        const rowIds: ExecutionId[] = [];
        const idOf = (at: number): ExecutionId => {
          while (rowIds.length <= at) rowIds.push(ids.next() as ExecutionId);
          return rowIds[at] as ExecutionId;
        };
        let next = 0;
        for (const { rows, copies, outcomes, pause, seal } of all) {
          const drafts = rows.flatMap((fields) =>
            Array.from({ length: copies }, (_, at) =>
              // What differs between rows of one sum must not split it.
              anExecution(ids, {
                ...fields,
                id: idOf(next++),
                caller: `${at}`.repeat(64),
                host: `host-${at}`,
              }),
            ),
          );
          const signals = outcomes.map(({ of, ...fields }) => anOutcome(ids, idOf(of), fields));
          await ledger.append(drafts);
          await ledger.appendOutcomes([...signals, ...signals]);
          if (seal) await care.seal();
          clock.advance(pause);
        }
        await expectMetricsToAddUp(ledger);
        for (const { since, until, ...more } of windows) {
          await expectMetricsToAddUp(ledger, {
            ...more,
            ...(since === undefined ? undefined : { since: start + since }),
            ...(until === undefined ? undefined : { until: start + until }),
          });
        }
        expect((await care.verify()).findings).toEqual([]);
        await dispose();
      }),
      { numRuns: 25 },
    );
  });

  test("of rows have a sketch that tells quantiles within 2 %, and leave out what is unknown", async () => {
    const { ledger, ids } = await open();
    const latencies = Array.from({ length: 200 }, (_, at) => (at + 1) * 10);
    await ledger.append(
      latencies.map((latency, at) => anExecution(ids, { latency, firstToken: at % 2 === 0 ? 0 : null })),
    );
    const metrics = await ledger.listMetrics({ by: "window" });
    const byName = new Map(metrics.map((sums) => [sums.metric, sums]));
    const latency = byName.get("latency") as MetricSums;
    expect(latency).toMatchObject({ hour: null, source: null, count: 200, sum: 201_000 });
    const median = sketchQuantile(latency.sketch as NonNullable<MetricSums["sketch"]>, 0.5) as number;
    expect(Math.abs(median - 1000)).toBeLessThanOrEqual(20);
    expect(byName.get("firstToken")).toMatchObject({ count: 100, sum: 0, sketch: { zeros: 100, bins: {} } });
  });

  test("of outcomes stand by name and source under the hour of their call, however late they came", async () => {
    const { ledger, care, ids, clock } = await open();
    clock.advance(HOUR_MS - (clock.now() % HOUR_MS));
    const hour = clock.now() / HOUR_MS;
    const row = anExecution(ids);
    const early = anExecution(ids, { prompt: "support.reply" });
    const lost = ids.next() as ExecutionId;
    await ledger.append([row]);
    await care.seal();
    clock.advance(5 * HOUR_MS);
    await ledger.appendOutcomes([
      anOutcome(ids, row.id, { name: "thumbs", value: false }),
      anOutcome(ids, row.id, { name: "thumbs", value: true }),
      anOutcome(ids, row.id, { name: "quality", value: 0.25, source: "judge", by: "judge-1" }),
      anOutcome(ids, row.id, { name: "quality", value: 0.75, source: "judge", by: "judge-2" }),
      anOutcome(ids, row.id, { name: "note", value: "too long" }),
      anOutcome(ids, early.id, { name: "thumbs", value: true }),
      anOutcome(ids, lost, { name: "thumbs", value: true }),
    ]);
    const outcomes = async () =>
      (await ledger.listMetrics({}))
        .filter(({ source }) => source !== null)
        .map(({ prompt, hour: at, metric, source, count, sum, sumOfSquares, sketch }) => [
          ...[prompt, at, metric, source, count, sum, sumOfSquares, sketch === null],
        ])
        .toSorted();
    const triage = [
      ["support.triage", hour, "note", "user", 1, 0, 0, true],
      ["support.triage", hour, "quality", "judge", 2, 1, 0.625, false],
      ["support.triage", hour, "thumbs", "user", 2, 1, 1, true],
    ];
    expect(await outcomes()).toEqual(triage);
    await care.seal();
    expect(await outcomes()).toEqual(triage);
    await ledger.append([early]);
    const all = [["support.reply", hour, "thumbs", "user", 1, 1, 1, true], ...triage];
    expect(await outcomes()).toEqual(all);
    await care.seal();
    expect(await outcomes()).toEqual(all);
    expect((await care.verify()).findings).toEqual([]);
  });

  test("take bounds inside an hour for the hour's start", async () => {
    const { ledger, ids, clock } = await open();
    clock.advance(HOUR_MS - (clock.now() % HOUR_MS));
    const start = clock.now();
    for (let hour = 0; hour < 4; hour++) {
      await ledger.append([anExecution(ids)]);
      clock.advance(HOUR_MS);
    }
    const hours = async (since: number, until: number): Promise<readonly unknown[]> =>
      (await ledger.listMetrics({ since: start + since, until: start + until }))
        .filter(({ metric }) => metric === "latency")
        .map(({ hour }) => (hour as number) - start / HOUR_MS);
    expect(await hours(HOUR_MS, 3 * HOUR_MS)).toEqual([1, 2]);
    expect(await hours(HOUR_MS + 1, 3 * HOUR_MS + 1)).toEqual([1, 2]);
    expect(await hours(2 * HOUR_MS - 1, 4 * HOUR_MS - 1)).toEqual([1, 2]);
    expect(await hours(HOUR_MS, HOUR_MS + 1)).toEqual([]);
  });

  test("of an hour are what they are beside hours of far larger values", async () => {
    const { ledger, care, ids, clock } = await open();
    clock.advance(DAY_MS - (clock.now() % DAY_MS));
    const start = clock.now();
    for (let hour = 0; hour < 24; hour++) {
      const row = anExecution(ids);
      await ledger.append([row]);
      const values = hour === 2 || hour === 21 ? [1e300, -1e17] : [hour / 10];
      await ledger.appendOutcomes(values.map((value) => anOutcome(ids, row.id, { name: "margin", value })));
      clock.advance(HOUR_MS);
    }
    await care.seal();
    const since = start + 3 * HOUR_MS;
    const until = start + 21 * HOUR_MS;
    for (const by of ["day", "window"] as const) {
      const listed = await ledger.listMetrics({ since, until, by });
      const margin = listed.find(({ metric }) => metric === "margin") as MetricSums;
      expect(margin.count).toBe(18);
      expect(margin.sum).toBeCloseTo(20.7, 9);
      expect(margin.sumOfSquares).toBeCloseTo(28.65, 9);
    }
  });

  test("count an outcome that was sent again once", async () => {
    const { ledger, care, ids } = await open();
    const row = anExecution(ids);
    const outcome = anOutcome(ids, row.id, { id: ids.next() as OutcomeId });
    await ledger.appendOutcomes([outcome]);
    await care.seal();
    await ledger.append([row, row]);
    await ledger.appendOutcomes([outcome]);
    await expectMetricsToAddUp(ledger);
    expect((await ledger.listMetrics({})).find(({ metric }) => metric === "accepted")).toMatchObject({
      count: 1,
    });
  });
}
