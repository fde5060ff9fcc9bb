/** The part of LedgerStore's contract that is about sums: always what the rows add up to, whatever the window. */
import type { LedgerStore, RollupFilter, TenantRollupFilter } from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anExecution } from "../builders/an-execution.ts";
import { anyExecutionFields } from "./arbitraries.ts";
import { expectedRollups, expectedTenantRollups, rollupKey } from "./expected-rollups.ts";
import type { Fresh, OpenedStore } from "./opened-store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const GRAINS = [{ by: "hour" }, { by: "day" }, { by: "window" }] as const satisfies readonly RollupFilter[];
const TENANT_GRAINS = [
  { by: "day" },
  { by: "window" },
  { by: "day", detail: "model" },
  { by: "window", detail: "model" },
] as const satisfies readonly TenantRollupFilter[];

function byKey<T extends Parameters<typeof rollupKey>[0]>(sums: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map(sums.map((sum) => [rollupKey(sum), sum]));
  expect(found.size, "each sum is listed once").toBe(sums.length);
  return found;
}

/** Holds the sums of a window, of everything unless given, against the rows, by whatever they can be asked for. */
export async function expectRollupsToAddUp(
  ledger: LedgerStore,
  window: Pick<RollupFilter, "prompt" | "environment" | "since" | "until"> = {},
): Promise<void> {
  const rows = await ledger.listExecutions({ limit: 100_000 });
  for (const grain of GRAINS) {
    const filter = { ...window, ...grain };
    expect(byKey(await ledger.listRollups(filter)), grain.by).toEqual(expectedRollups(rows, filter));
  }
  for (const grain of TENANT_GRAINS) {
    const filter = { ...window, ...grain };
    const sums = await ledger.listTenantRollups(filter);
    expect(byKey(sums), `tenants, ${JSON.stringify(grain)}`).toEqual(expectedTenantRollups(rows, filter));
  }
}

type Window = Parameters<typeof expectRollupsToAddUp>[1];

const step = fc.record({
  fields: anyExecutionFields(),
  copies: fc.integer({ min: 1, max: 3 }),
  pause: fc.oneof(fc.nat(HOUR_MS), fc.nat(2 * DAY_MS)),
  /** Sealing folds what there is into the sums. */
  seal: fc.boolean(),
});

const window = fc.record(
  {
    since: fc.oneof(
      fc.nat(4 * DAY_MS),
      fc.nat(96).map((hours) => hours * HOUR_MS),
    ),
    until: fc.oneof(
      fc.nat(6 * DAY_MS),
      fc.nat(144).map((hours) => hours * HOUR_MS),
    ),
    prompt: fc.constant("support.triage"),
    environment: fc.constant("production"),
  },
  { requiredKeys: [] },
);

export function rollupContract(open: () => Promise<Fresh<OpenedStore>>): void {
  test("equal what the rows add up to, for any rows, sealed at any points, in any windows", async () => {
    const steps = fc.array(step, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(window, { minLength: 1, maxLength: 3 }), async (all, windows) => {
        const { ledger, care, ids, clock, dispose } = await open();
        const start = clock.now();
        for (const { fields, copies, pause, seal } of all) {
          // What differs between rows of one sum must not split it.
          const drafts = Array.from({ length: copies }, (_, at) =>
            anExecution(ids, {
              ...fields,
              caller: `${at}`.repeat(64),
              systemFingerprint: `fp-${at}`,
              latency: at,
            }),
          );
          await ledger.append(drafts);
          await ledger.append(drafts);
          if (seal) await care.seal();
          clock.advance(pause);
        }
        await expectRollupsToAddUp(ledger);
        for (const asked of windows) await expectRollupsToAddUp(ledger, placed(asked, start));
        await dispose();
      }),
      { numRuns: 25 },
    );
  });

  test("are those of a window to the millisecond, and of rows that come late as well", async () => {
    const { ledger, care, ids, clock } = await open();
    clock.advance(DAY_MS - (clock.now() % DAY_MS));
    const midnight = clock.now();
    const late = anExecution(ids);
    for (let hour = 0; hour < 40; hour++) {
      await ledger.append([anExecution(ids, { subjects: { tenant: hour % 2 === 0 ? "acme" : null } })]);
      if (hour === 30) await care.seal();
      clock.advance(HOUR_MS);
    }
    await ledger.append([late]);
    for (const since of [0, 1, HOUR_MS, 13 * HOUR_MS + 1, DAY_MS, DAY_MS + 1]) {
      for (const until of [1, HOUR_MS + 1, 14 * HOUR_MS, 30 * HOUR_MS + 1, 35 * HOUR_MS, 3 * DAY_MS]) {
        await expectRollupsToAddUp(ledger, { since: midnight + since, until: midnight + until });
      }
    }
    expect(await ledger.listRollups({ since: midnight, until: midnight })).toEqual([]);
  });

  test("are found by prompt, environment and hours, in order of time", async () => {
    const { ledger, ids, clock } = await open();
    clock.advance(HOUR_MS - (clock.now() % HOUR_MS));
    const start = clock.now();
    await ledger.append([anExecution(ids), anExecution(ids, { prompt: "support.reply" })]);
    clock.advance(HOUR_MS);
    await ledger.append([anExecution(ids), anExecution(ids, { environment: "staging" })]);
    clock.advance(HOUR_MS);
    await ledger.append([anExecution(ids)]);
    const hours = async (filter: RollupFilter): Promise<readonly number[]> =>
      (await ledger.listRollups(filter)).map(({ hour }) => (hour as number) - start / HOUR_MS);
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
    const found = await ledger.listRollups({});
    expect(found.toSorted((a, b) => b.uncounted - a.uncounted)).toMatchObject([
      { calls: 1, uncounted: 1, band: null, inputTokens: 0 },
      { calls: 1, uncounted: 0, band: 0, inputTokens: 0 },
    ]);
  });

  test("keep calls apart where a price list may: by the size of their input", async () => {
    const { ledger, ids } = await open();
    const sizes = [0, 128_000, 128_001, 199_999, 200_000, 200_001, 272_000, 512_000, 512_001];
    await ledger.append(
      sizes.map((input) => {
        const tokens = { input, output: 1, reasoning: null, cacheRead: null, cacheWrite: null };
        return anExecution(ids, { tokens });
      }),
    );
    const found = (await ledger.listRollups({})).map(({ band, calls }) => [band, calls]);
    expect(found.toSorted(([a], [b]) => (a as number) - (b as number))).toEqual([
      ...[
        [0, 2],
        [128_001, 2],
        [200_000, 1],
        [200_001, 1],
        [272_000, 1],
        [272_001, 1],
        [512_001, 1],
      ],
    ]);
  });

  test("keep costs that the application stated apart by currency, in billionths of its unit", async () => {
    const { ledger, care, ids } = await open();
    const stated = (amount: number, currency: string) =>
      anExecution(ids, { statedCost: { amount, currency } });
    await ledger.append([
      stated(0.1, "USD"),
      stated(0.2, "USD"),
      stated(2_000_000.5, "JPY"),
      anExecution(ids),
    ]);
    await care.seal();
    await ledger.append([stated(1e-9, "USD"), stated(Number.NaN, "USD"), stated(-1, "USD"), stated(1, "")]);
    const found = (await ledger.listRollups({})).map(({ currency, calls, stated: sum }) => [
      currency,
      calls,
      sum,
    ]);
    expect(found.toSorted()).toEqual([
      [null, 4, 0],
      ["JPY", 1, 2_000_000_500_000_000],
      ["USD", 3, 300_000_001],
    ]);
  });

  test("tell retries, and the beginnings of traces from their other calls", async () => {
    const { ledger, ids } = await open();
    await ledger.append([
      anExecution(ids),
      anExecution(ids, { attempt: 2 }),
      anExecution(ids, { step: 1 }),
      anExecution(ids, { step: 1, attempt: 2 }),
      anExecution(ids, { step: 2 }),
    ]);
    expect(await ledger.listRollups({})).toMatchObject([{ calls: 5, retries: 2, traces: 2 }]);
  });

  test("of tenants add up to those of all, and keep an erased tenant's under its pseudonym", async () => {
    const { ledger, care, records, ids } = await open();
    const subjects = [{ tenant: "acme" }, { tenant: "globex" }, {}, { tenant: "acme", user: "ada" }];
    await ledger.append(subjects.map((of) => anExecution(ids, { subjects: of })));
    const acme = { kind: "tenant", value: "acme" } as const;
    const pseudonym = await records.findPseudonym(acme);
    const calls = async (): Promise<unknown> =>
      new Map(
        (await ledger.listTenantRollups({ by: "window", detail: "model" })).map((sum) => [
          sum.tenant,
          sum.calls,
        ]),
      );
    const globex = await records.findPseudonym({ kind: "tenant", value: "globex" });
    const expected = new Map([
      [pseudonym, 2],
      [globex, 1],
      [null, 1],
    ]);
    expect(await calls()).toEqual(expected);
    await care.erase(acme, { id: "officer", via: "cli" });
    await care.seal();
    expect(await calls()).toEqual(expected);
  });
}

/** A window of the generated kind, from the beginning of a test's time on. */
function placed({ since, until, ...more }: { since?: number; until?: number }, start: number): Window {
  return {
    ...more,
    ...(since === undefined ? undefined : { since: start + since }),
    ...(until === undefined ? undefined : { until: start + until }),
  };
}
