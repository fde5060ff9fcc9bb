/** Holds costs that are read from sums against every row priced by itself, on both stores. */
import { inputBandOf, type Purpose, type TokenUsage } from "@colophon/kernel";
import { loadListPrices, readPriceTable, recordedPrices } from "@colophon/models";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUSES } from "../opened-house.fixture.ts";
import { readInstant } from "../read-time.ts";
import { explainCostChange } from "./explain-cost-change.ts";
import { COST_DIMENSIONS, listCosts } from "./list-costs.ts";
import { setPrices } from "./price-tables.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-08-10T00:00:00Z");

/** Tiers, prices by date and by the time of the day, a model that nobody lists. */
const MODELS = [
  ["openai", "gpt-5-mini"],
  ["anthropic", "claude-sonnet-4-5"],
  ["deepseek", "deepseek-v4-flash"],
  ["deepseek", "deepseek-chat"],
  ["custom", "our-own"],
] as const;

const count = (max: number): fc.Arbitrary<number | null> =>
  fc.option(fc.nat({ max }), { nil: null, freq: 8 });

const usage: fc.Arbitrary<TokenUsage> = fc
  .record({ input: count(400_000), output: count(5_000), cached: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ input, output, cached }) => ({
    input,
    output,
    reasoning: output === null ? null : Math.floor(output * cached),
    cacheRead: input === null ? null : Math.floor(input * cached),
    cacheWrite: input === null ? null : Math.floor((input * (1 - cached)) / 2),
  }));

const row = fc.record({
  at: fc.integer({ min: START, max: START + 9 * DAY }),
  model: fc.constantFrom(...MODELS),
  prompt: fc.constantFrom("support.triage", "support.reply"),
  version: fc.constantFrom(1, 2, null),
  purpose: fc.constantFrom<Purpose>("serve", "eval"),
  tenant: fc.constantFrom("acme", "globex", null),
  tokens: usage,
  stated: fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: null, freq: 3 }),
});

const table = fc.record({
  since: fc.integer({ min: START - DAY, max: START + 10 * DAY }),
  text: fc.constantFrom(
    'prices: [{ model: "openai/*", factor: 0.5 }]',
    "currency: EUR\nprices: [{ model: gpt-5-mini, input: 3, output: 9, until: 2026-08-15T07:30Z }]",
    'prices: [{ model: "*/*-chat", since: 2026-08-12, input: 1, output: 2, call: 0.01 }, { model: "*/our-own", input: 1, output: 1 }]',
  ),
});

const histories = fc.record({
  rows: fc.array(row, { maxLength: 25 }),
  tables: fc.array(table, { maxLength: 3 }),
  from: fc.integer({ min: START - DAY, max: START + 9 * DAY }),
  length: fc.integer({ min: 1, max: 10 * DAY }),
});

type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

const list = await loadListPrices();

/** Each row by itself: at its own millisecond, with its own number of input tokens. */
function naive({ rows, tables, from, length }: History): Readonly<Record<string, number>> {
  const data = tables.map(({ since, text }) => {
    const { hash, table: content } = readPriceTable({ file: "p", text, readTime: readInstant });
    return { name: "p", hash, since, reason: "x", table: content };
  });
  const book = recordedPrices(data, list);
  const totals: Record<string, number> = {};
  for (const { at, model, tokens, stated } of rows) {
    if (at < from || at >= from + length) continue;
    const add = (currency: string, amount: number): void => {
      totals[currency] = (totals[currency] ?? 0) + amount;
    };
    const [provider, requestedModel] = model;
    if (stated !== null) {
      add("CHF", stated / 1_000);
      continue;
    }
    const question = { provider, requestedModel, answeringModel: null, host: null, at };
    const prices = book.priceOf({ ...question, inputTokens: tokens.input });
    if (prices === undefined || (tokens.input === null && tokens.output === null)) continue;
    const { input: i, output: o, cacheRead: cr, cacheWrite: cw, reasoning: r } = tokens;
    const [input, output, read, write, thought] = [i ?? 0, o ?? 0, cr ?? 0, cw ?? 0, r ?? 0];
    const fresh = prices.input ?? 0;
    const plain = prices.output ?? 0;
    add(
      prices.currency,
      (input - read - write) * fresh +
        read * (prices.cacheRead ?? fresh) +
        write * (prices.cacheWrite ?? fresh) +
        (output - thought) * plain +
        thought * (prices.reasoning ?? plain) +
        prices.call,
    );
  }
  return totals;
}

describe.each(HOUSES)("Costs on $name", ({ open }) => {
  test("are the same from sums as from every row by itself, whatever they are told apart by", {
    timeout: 120_000,
  }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(histories, fc.subarray([...COST_DIMENSIONS]), async (history, by) => {
        const { harness, close } = await open();
        try {
          run += 1;
          const ids = history.rows.map(({ at }, index) =>
            seededIds({ clock: fixedClock(at), seed: `${run} ${index}` }),
          );
          await harness.ledger.append(
            history.rows.map(({ model, tenant, stated, at: _at, ...fields }, index) =>
              anExecution(ids[index] as (typeof ids)[number], {
                ...fields,
                provider: model[0],
                requestedModel: model[1],
                answeringModel: null,
                host: null,
                subjects: { tenant },
                statedCost: stated === null ? null : { amount: stated / 1_000, currency: "CHF" },
              }),
            ),
          );
          for (const { since, text } of history.tables) {
            await setPrices(harness, { prices: { file: "p.yaml", text }, since, reason: "x" });
          }
          const window = { since: history.from, until: history.from + history.length };
          const { rows, total } = await listCosts(harness, { ...window, by });
          const expected = naive(history);
          const amounts = Object.fromEntries(total.amounts.map(({ currency, amount }) => [currency, amount]));
          expect(Object.keys(amounts).sort()).toEqual(Object.keys(expected).sort());
          for (const [currency, amount] of Object.entries(expected)) {
            expect(amounts[currency]).toBeCloseTo(amount, 9);
            const sum = rows
              .flatMap((one) => one.amounts)
              .reduce((all, one) => all + (one.currency === currency ? one.amount : 0), 0);
            expect(sum).toBeCloseTo(amount, 9);
          }
          expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(total.calls);
          const half = history.from + Math.ceil(history.length / 2);
          const { changes } = await explainCostChange(harness, {
            key: null,
            before: { since: history.from, until: half },
            after: { since: half, until: Math.max(half + 1, window.until) },
          });
          for (const change of changes) {
            if (change.currency === null || window.until <= half) continue;
            expect(change.before.amount + change.after.amount).toBeCloseTo(expected[change.currency] ?? 0, 6);
          }
        } finally {
          await close();
        }
      }),
      { numRuns: 25 },
    );
  });

  test("know bands of input as the ledger does", () => {
    expect([null, 0, 128_001, 1e9].map(inputBandOf)).toEqual([null, 0, 128_001, 512_001]);
  });
});
