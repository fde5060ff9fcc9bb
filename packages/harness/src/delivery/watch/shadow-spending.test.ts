/** Tests of what a shadow may spend: with any prices, processes and traffic it stays within its budget. */
import type { Execution, ShadowStage } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShadowSpending } from "./shadow-spending.ts";

const STAGE: ShadowStage = {
  rate: 1,
  concurrency: 2,
  calls: 1_000_000,
  budget: { amount: 10, currency: "USD" },
  metric: "quality",
  margin: 0.03,
  alpha: 0.05,
  pairs: 50,
  patience: 86_400_000,
};

interface Call {
  readonly start: number;
  readonly end: number;
  readonly cost: number;
}

const rowOf = ({ start, end, cost }: Call) =>
  ({
    at: start,
    latency: end - start,
    status: "ok",
    tokens: { input: 10 },
    statedCost: { amount: cost, currency: "USD" },
  }) as Execution;
const costOf = ({ statedCost }: Execution) => statedCost;

const TICK = 1_000;
/** Processes ask for news five times a second; the decision itself takes a moment too. */
const FOLLOWED = 400;

/** Every slot of every process starts its next call at once; a look each second; what was spent at the end. */
function spend(about: {
  readonly processes: number;
  readonly latency: number;
  readonly costs: readonly number[];
}) {
  const { processes, latency, costs } = about;
  const spending = new ShadowSpending(STAGE, costOf);
  const calls: Call[] = [];
  let told = 0;
  let stops = Number.POSITIVE_INFINITY;
  for (let now = 0; now < 600_000 && now < stops; now += 100) {
    const running = calls.filter(({ end }) => end > now).length;
    for (let slot = running; slot < STAGE.concurrency * processes; slot += 1) {
      const cost = costs[calls.length % costs.length] ?? 0;
      calls.push({ start: now, end: now + latency, cost });
    }
    if (now % TICK !== 0 || stops < Number.POSITIVE_INFINITY) continue;
    const ended = calls.filter(({ end }) => end <= now).toSorted((a, b) => a.end - b.end);
    for (const call of ended.slice(told)) spending.add(rowOf(call));
    told = ended.length;
    if (spending.reading({ processes }).exhausted) stops = now + FOLLOWED;
  }
  return calls.reduce((sum, { cost }) => sum + cost, 0);
}

describe("the spending of a shadow", () => {
  test("stays within the budget, and uses some of it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.double({ min: 0.001, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (processes, tenths, costs) => {
          const spent = spend({ processes, latency: tenths * 100, costs });
          expect(spent).toBeLessThanOrEqual(10);
          expect(spent).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("uses most of a budget that is large beside a call", () => {
    expect(spend({ processes: 1, latency: 1_000, costs: [0.01] })).toBeGreaterThan(8);
  });

  test("a call that nobody can price ends it, and its sum is unknown, not zero", () => {
    const spending = new ShadowSpending(STAGE, () => null);
    expect(spending.reading({ processes: 1 })).toMatchObject({ exhausted: false, calls: 0 });
    spending.add(rowOf({ start: 0, end: 100, cost: 0 }));
    expect(spending.reading({ processes: 1 })).toEqual({ calls: 1, spent: null, exhausted: true });
  });

  test("a call that failed before it used anything costs nothing", () => {
    const spending = new ShadowSpending(STAGE, () => null);
    const failed = { ...rowOf({ start: 0, end: 100, cost: 0 }), status: "error", tokens: { input: null } };
    spending.add(failed as Execution);
    expect(spending.reading({ processes: 1 })).toMatchObject({ exhausted: false });
  });

  test("calls of all processes together stay within what the stage lets them be", () => {
    const spending = new ShadowSpending({ ...STAGE, budget: null, calls: 20 }, costOf);
    expect(spending.reading({ processes: 10 }).exhausted).toBe(false);
    expect(spending.reading({ processes: 11 }).exhausted).toBe(true);
    for (let at = 0; at < 19; at += 1) spending.add(rowOf({ start: at, end: at + 100, cost: 1 }));
    expect(spending.reading({ processes: 1 })).toEqual({ calls: 19, spent: null, exhausted: true });
  });

  test("is one for all prompts that move together", () => {
    const stage = { ...STAGE, concurrency: 1, budget: { amount: 1, currency: "USD" } };
    const [one, other] = [new ShadowSpending(stage, costOf), new ShadowSpending(stage, costOf)];
    for (let call = 0; call < 60; call += 1) {
      const row = rowOf({ start: call * 10_000, end: call * 10_000 + 5_000, cost: 0.01 });
      one.add(row);
      other.add(row);
    }
    expect(one.reading({ processes: 1 }).exhausted).toBe(false);
    const together = { calls: 120, spent: { amount: expect.closeTo(1.2) }, exhausted: true };
    expect(one.reading({ processes: 1, others: [other] })).toMatchObject(together);
    const calls = { ...stage, budget: null, calls: 100 };
    const [few, more] = [new ShadowSpending(calls, costOf), new ShadowSpending(calls, costOf)];
    for (const of of [few, more]) {
      for (let call = 0; call < 55; call += 1) of.add(rowOf({ start: call, end: call + 9_000, cost: 0 }));
    }
    expect(few.reading({ processes: 1, others: [more] })).toMatchObject({ calls: 110, exhausted: true });
  });
});
