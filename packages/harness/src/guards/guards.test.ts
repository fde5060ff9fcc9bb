/** Tests of standing guards through the harness: set, listed with where they stand, taken away, and tuned. */
import type { ExecutionDraft, ExecutionId, OutcomeDraft, OutcomeId } from "@colophon/kernel";
import { anExecution, anOutcome, type FixedClock } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPrices } from "../costs/house-prices.ts";
import {
  acceptTuning,
  type GuardRequest,
  type Harness,
  listGuards,
  removeGuard,
  setGuard,
  tuneGuards,
} from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { metricPast, readPast } from "./guard-slots.ts";

const ENV = "production";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const GUARD: GuardRequest = {
  ...{ key: KEY, environment: ENV, metric: "schemaOk", direction: "below", limit: 0.95, against: "limit" },
  ...{ measure: "mean", minimum: 10, window: HOUR_MS, action: "rollback", reason: "JSON or nothing" },
};

let house: OpenedHouse;
let harness: Harness;
let clock: FixedClock;

async function serve(calls: number, more: Partial<ExecutionDraft> = {}, bad = 0): Promise<void> {
  const rows = Array.from({ length: calls }, (_, at) =>
    anExecution(harness.ids, { prompt: KEY, version: 1, schemaOk: at >= bad, ...more }),
  );
  await harness.ledger.append(rows);
  await harness.ledger.appendOutcomes(
    rows.map((row, at) => anOutcome(harness.ids, row.id, { name: "thumbs", value: at >= bad })),
  );
}

describe.each(HOUSES)("Standing guards on $name", ({ open }) => {
  beforeEach(async () => {
    house = await open();
    ({ harness, clock } = house);
    await registerBodies(harness, ["one", "two"]);
    await releaseTo(harness, 1);
  });
  afterEach(() => house.close());

  test("are listed with what their window says now, of the live version alone", async () => {
    await setGuard(harness, GUARD);
    const [silent] = await listGuards(harness, { key: KEY, environment: ENV });
    expect(silent).toMatchObject({
      state: "no-data",
      value: null,
      bound: 0.95,
      count: 0,
      version: 1,
      by: "grace",
    });
    await serve(40, {}, 4);
    await serve(40, { version: 2, lane: "canary" }, 40);
    const [now] = await listGuards(harness, { key: KEY });
    expect(now).toMatchObject({ state: "breached", value: 0.9, count: 40, reason: "JSON or nothing" });
    expect(now?.words).toContain("90 %");
    clock.advance(2 * HOUR_MS);
    expect(await listGuards(harness, { key: KEY })).toMatchObject([{ state: "no-data" }]);
    expect(await listGuards(harness, { key: KEY, environment: "staging" })).toEqual([]);
  });

  test("set again with another limit are the same guard, with another action another one", async () => {
    const first = await setGuard(harness, GUARD);
    const again = await setGuard(harness, { ...GUARD, limit: 0.9 });
    expect(again).toMatchObject({ unchanged: false, guard: { id: first.guard.id, limit: 0.9 } });
    const alert = await setGuard(harness, { ...GUARD, action: "alert" });
    expect(alert.guard.id).not.toBe(first.guard.id);
    expect(await listGuards(harness, { key: KEY })).toHaveLength(2);
    const both = { key: KEY, guard: "schemaOk", reason: "x" };
    await expect(removeGuard(harness, both)).rejects.toThrow(/means 2 guards/);
    const beginning = first.guard.id.slice(0, -1);
    const removed = await removeGuard(harness, { key: KEY, guard: beginning, reason: "it never helped" });
    expect(removed.guard).toMatchObject({ id: first.guard.id, active: false });
    expect(await listGuards(harness, { key: KEY })).toMatchObject([{ action: "alert" }]);
    await expect(removeGuard(harness, { key: KEY, guard: "no", reason: "x" })).rejects.toThrow(
      /no standing guard/,
    );
  });

  test("against the predecessor hold the live version against what that one did, where enough is known", async () => {
    const against = { against: "predecessor", metric: "latency", direction: "above", limit: 1.5 } as const;
    await setGuard(harness, { ...GUARD, ...against, action: "alert" });
    expect((await listGuards(harness, { key: KEY }))[0]?.words).toContain("no other version was live before");
    await serve(5, { latency: 400 });
    clock.advance(1);
    await releaseTo(harness, 2);
    clock.advance(1);
    await serve(20, { version: 2, latency: 900 });
    const [few] = await listGuards(harness, { key: KEY });
    expect(few).toMatchObject({
      state: "no-data",
      bound: null,
      words: expect.stringContaining("fewer than 10"),
    });
    await setGuard(harness, { ...GUARD, ...against, action: "alert", minimum: 5 });
    const [known] = await listGuards(harness, { key: KEY });
    expect(known).toMatchObject({ state: "breached", value: 900, bound: 600, version: 2 });
  });
});

describe.each(HOUSES)("Tuning on $name", ({ open }) => {
  beforeEach(async () => {
    house = await open();
    ({ harness, clock } = house);
    await registerBodies(harness, ["one"]);
    await releaseTo(harness, 1);
  });
  afterEach(() => house.close());

  /** Twelve calls in the first minute of each hour, told to the store at the end. */
  async function live(days: number): Promise<void> {
    const start = clock.now();
    const rows: ExecutionDraft[] = [];
    const outcomes: OutcomeDraft[] = [];
    for (let hour = 0; hour < days * 24; hour++) {
      for (let call = 0; call < 12; call++) {
        const at = start + hour * HOUR_MS + call;
        const id = harness.ids.next(at) as ExecutionId;
        const good = call >= hour % 3;
        const latency = 500 + (hour % 24) * 10;
        rows.push(anExecution(harness.ids, { id, prompt: KEY, version: 1, schemaOk: good, latency }));
        const thumb = { id: harness.ids.next(at + 1) as OutcomeId, name: "thumbs", value: good };
        outcomes.push(anOutcome(harness.ids, id, thumb));
      }
    }
    await harness.ledger.append(rows);
    await harness.ledger.appendOutcomes(outcomes);
    clock.advance(days * DAY_MS);
  }

  test("says what is missing before it has seen a week", async () => {
    await live(2);
    const { rows } = await tuneGuards(harness, { key: KEY, environment: ENV });
    expect(rows.map(({ metric, status }) => [metric, status])).toEqual(
      ["errors", "schemaOk", "refused", "thumbsDown", "quality", "latency", "cost"].map((metric) => [
        metric,
        "insufficient",
      ]),
    );
    expect(rows[0]).toMatchObject({
      limit: null,
      falseAlarms: null,
      insufficient: expect.stringContaining("days"),
    });
    const accepted = await acceptTuning(harness, { key: KEY, environment: ENV });
    expect(accepted.rows.every(({ guard }) => guard === null)).toBe(true);
    expect(await listGuards(harness, { key: KEY })).toEqual([]);
  });

  test("proposes limits beyond what was usual, records none unasked, and all with their reason when accepted", async () => {
    await live(9);
    const metrics = ["schemaOk", "thumbsDown", "latency", "quality"];
    const query = { key: KEY, environment: ENV, metrics, minimum: 10 };
    const { rows } = await tuneGuards(harness, query);
    const [schema, thumbs, latency, quality] = rows;
    expect(schema).toMatchObject({
      status: "proposed",
      direction: "below",
      action: "rollback",
      from: "rows",
    });
    expect(schema?.limit).toBeLessThan(10 / 12);
    expect(schema?.limit).toBeGreaterThan(0.4);
    expect(thumbs).toMatchObject({ direction: "above", action: "alert" });
    expect(latency?.limit).toBeGreaterThanOrEqual(730);
    expect(latency?.limit).toBeLessThan(900);
    expect(quality).toMatchObject({ status: "insufficient", observations: 0 });
    expect(await listGuards(harness, { key: KEY })).toEqual([]);
    await acceptTuning(harness, query);
    const guards = await listGuards(harness, { key: KEY });
    expect(guards.map(({ metric, limit }) => [metric, limit])).toEqual(
      [schema, thumbs, latency].map((row) => [row?.metric, row?.limit]),
    );
    expect(guards[0]?.reason).toMatch(
      /^Tuned on \d+ windows of 10 days .* false alarms a week expected, at most/,
    );
  });

  test("reads the same past from sums as from rows, where both know the metric alike", async () => {
    await live(2);
    const { book } = await openPrices(harness);
    const scope = { key: KEY, environment: ENV, since: clock.now() - 3 * DAY_MS, until: clock.now() };
    const rows = await readPast(harness, scope, book);
    const sums = await readPast(harness, { ...scope, mostRows: 10 }, book);
    expect([rows.complete, sums.complete]).toEqual([true, false]);
    for (const metric of ["errors", "schemaOk", "thumbsDown", "latency", "cost", "quality"]) {
      // Slots of an hour are those of windows of twelve.
      const [fine, coarse] = [rows, sums].map((past) => metricPast(metric, 12 * HOUR_MS, past));
      const values = (past = fine) =>
        past?.slots.map(({ index, count, sum }) => [index, count, Number(sum.toFixed(9))]).sort();
      expect(values(coarse), metric).toEqual(values(fine));
      expect(coarse?.from).toBe("sums");
    }
  });

  test("refuses what it cannot know", async () => {
    const query = { key: KEY, environment: ENV };
    await expect(tuneGuards(harness, { ...query, metrics: ["bought"] })).rejects.toThrow(
      /which way is worse/,
    );
    await expect(tuneGuards(harness, { ...query, window: 0 })).rejects.toThrow(/a window of 0 ms/);
    await expect(tuneGuards(harness, { ...query, target: -1 })).rejects.toThrow(/cannot be aimed at/);
  });
});
