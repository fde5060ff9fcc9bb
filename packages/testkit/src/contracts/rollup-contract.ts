/** The part of LedgerStore's contract that is about hourly sums: always what the rows add up to. */
import type { LedgerStore } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import { anyExecutionFields } from "./arbitraries.ts";
import { expectedRollups, rollupKey } from "./expected-rollups.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const HOUR_MS = 3_600_000;

/** Holds all rollups against all rows. */
export async function expectRollupsToAddUp(ledger: LedgerStore): Promise<void> {
  const rows = await ledger.listExecutions({ limit: 100_000 });
  const rollups = await ledger.listRollups({});
  const byKey = new Map(rollups.map((rollup) => [rollupKey(rollup), rollup]));
  expect(byKey.size, "each sum is listed once").toBe(rollups.length);
  expect(byKey).toEqual(expectedRollups(rows));
}

export function rollupContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("equal what the rows add up to, for any rows over any hours", async () => {
    const step = fc.record({
      fields: anyExecutionFields(),
      copies: fc.integer({ min: 1, max: 3 }),
      pause: fc.nat(HOUR_MS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { ledger, ids, clock, dispose } = await open();
        for (const { fields, copies, pause } of steps) {
          // What differs between rows of one sum must not split it.
          const drafts = Array.from({ length: copies }, (_, at) =>
            anExecution(ids, { ...fields, caller: `${at}`.repeat(64), host: `host-${at}`, latency: at }),
          );
          await ledger.append(drafts);
          await ledger.append(drafts);
          clock.advance(pause);
        }
        await expectRollupsToAddUp(ledger);
        await dispose();
      }),
      { numRuns: 25 },
    );
  });

  test("are found by prompt, environment and hours", async () => {
    const { ledger, ids, clock } = await open();
    clock.advance(HOUR_MS - (clock.now() % HOUR_MS));
    const start = clock.now();
    await ledger.append([anExecution(ids), anExecution(ids, { prompt: "support.reply" })]);
    clock.advance(HOUR_MS);
    await ledger.append([anExecution(ids), anExecution(ids, { environment: "staging" })]);
    clock.advance(HOUR_MS);
    await ledger.append([anExecution(ids)]);
    const hours = async (filter: Parameters<LedgerStore["listRollups"]>[0]): Promise<readonly number[]> =>
      (await ledger.listRollups(filter)).map(({ hour }) => hour - start / HOUR_MS).toSorted((a, b) => a - b);
    expect(await hours({})).toEqual([0, 0, 1, 1, 2]);
    expect(await hours({ prompt: "support.triage" })).toEqual([0, 1, 1, 2]);
    expect(await hours({ environment: "staging" })).toEqual([1]);
    expect(await hours({ since: start + HOUR_MS })).toEqual([1, 1, 2]);
    expect(await hours({ until: start + HOUR_MS })).toEqual([0, 0]);
    expect(await hours({ prompt: "support.reply", since: start, until: start + HOUR_MS })).toEqual([0]);
    expect(await hours({ prompt: "unheard-of" })).toEqual([]);
  });

  test("tell calls whose provider named no tokens from calls that took none", async () => {
    const { ledger, ids } = await open();
    const nothing = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };
    await ledger.append([
      anExecution(ids, { tokens: nothing }),
      anExecution(ids, { tokens: { ...nothing, input: 0 } }),
    ]);
    expect(await ledger.listRollups({})).toMatchObject([{ calls: 2, uncounted: 1, inputTokens: 0 }]);
  });
}
