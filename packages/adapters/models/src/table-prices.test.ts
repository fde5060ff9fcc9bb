/** Tests of negotiated prices in front of the list, and of tables in force one after another. */
import type { PriceBook, PriceEntry, PriceTableData } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ask, DAY, day, fixed, list } from "./prices.fixture.ts";
import { recordedPrices, tableSpans } from "./recorded-prices.ts";
import { tablePrices } from "./table-prices.ts";

function bookOf(...prices: readonly PriceEntry[]): PriceBook {
  const source = { kind: "working-copy", name: "prices", hash: "1" } as const;
  return tablePrices({ table: { prices }, source }, { list, next: list });
}

const factor = (model: string, by: number): PriceEntry => ({
  kind: "factor",
  model,
  since: null,
  until: null,
  factor: by,
});

describe("A price table", () => {
  test("prices what it names, per million tokens, and leaves the rest to the list", () => {
    const book = bookOf(fixed("openai/gpt-5", 3));
    expect(book.priceOf(ask("gpt-5"))).toMatchObject({ currency: "EUR", input: 3e-6, output: null, call: 0 });
    expect(book.priceOf(ask("gpt-5-mini"))).toMatchObject({ currency: "USD", input: 1 });
    expect(book.priceOf(ask("gpt-99"))).toBeUndefined();
  });

  test("counts the first entry that matches", () => {
    const book = bookOf(fixed("openai/gpt-5", 3), fixed("openai/*", 7));
    expect(book.priceOf(ask("gpt-5"))?.input).toBe(3e-6);
    expect(book.priceOf(ask("gpt-99"))?.input).toBe(7e-6);
  });

  test.each([
    ["openai/gpt-5", "gpt-5", true],
    ["OpenAI/GPT-5", "gpt-5", true],
    ["openai/gpt-5", "gpt-5-mini", false],
    ["openai/gpt-5*", "gpt-5-mini", true],
    ["openai/gpt-*-mini", "gpt-5-mini", true],
    ["openai/gpt-*-mini", "gpt-mini", false],
    ["*/gpt-5", "gpt-5", true],
    ["*/*5*i*", "gpt-5-mini", true],
    ["*/*x*", "gpt-5-mini", false],
    ["anthropic/*", "gpt-5", false],
    ["openai/gpt.5", "gpt-5", false],
  ])("with the pattern %s and the model %s: %s", (pattern, model, matches) => {
    expect(bookOf(fixed(pattern, 9)).priceOf(ask(model))?.input === 9e-6).toBe(matches);
  });

  test("knows a model by the name that answered as well", () => {
    const book = bookOf(fixed("openai/gpt-5-2026-01-15", 9));
    expect(book.priceOf(ask("gpt-5", { answeringModel: "gpt-5-2026-01-15" }))?.input).toBe(9e-6);
  });

  test("gives a discount on every list price, and names both sources", () => {
    const priced = bookOf(factor("openai/*", 0.5)).priceOf(ask("gpt-5"));
    expect(priced).toMatchObject({
      currency: "USD",
      input: 2,
      cacheRead: 0.5,
      cacheWrite: null,
      output: 16,
      call: 0.25,
    });
    expect(priced?.sources.map(({ kind }) => kind)).toEqual(["working-copy", "list"]);
  });

  test("cannot discount what has no list price", () => {
    expect(bookOf(factor("*/*", 0.5)).priceOf(ask("gpt-99"))).toBeUndefined();
  });

  test("counts an entry from its first moment until just before its last", () => {
    const book = bookOf(fixed("openai/gpt-5", 3, { since: day(2), until: day(4) }));
    const input = (at: number) => book.priceOf(ask("gpt-5", { at }))?.input;
    expect([day(2) - 1, day(2), day(4) - 1, day(4)].map(input)).toEqual([4, 3e-6, 3e-6, 4]);
    expect(book.changes({ ...ask("gpt-5"), since: day(0), until: day(9) })).toEqual([day(2), day(4)]);
    expect(book.changes({ ...ask("gpt-5"), since: day(2), until: day(4) })).toEqual([]);
  });
});

function record(name: string, since: number, ...prices: readonly PriceEntry[]): PriceTableData {
  return { name, hash: name, since: day(since), reason: "negotiated", table: { prices } };
}

describe("Recorded tables", () => {
  test("are in force from their time on, before that the list prices", () => {
    const book = recordedPrices(
      [record("a", 2, fixed("openai/gpt-5", 3)), record("b", 5, fixed("openai/gpt-5", 2))],
      list,
    );
    const input = (number: number) => book.priceOf(ask("gpt-5", { at: day(number) }))?.input;
    expect([1, 2, 4, 5].map(input)).toEqual([4, 3e-6, 3e-6, 2e-6]);
    expect(book.changes({ ...ask("gpt-5"), since: day(0), until: day(9) })).toEqual([day(2), day(5)]);
  });

  test("price the past anew where a later record says so", () => {
    const wrong = record("wrong", 2, fixed("openai/gpt-5", 30));
    const right = record("right", 1, fixed("openai/gpt-5", 3));
    expect(tableSpans([wrong, right])).toEqual([{ since: day(1), until: null, data: right }]);
    const book = recordedPrices([wrong, right], list);
    expect(book.priceOf(ask("gpt-5", { at: day(3) }))?.input).toBe(3e-6);
  });

  test("cut an earlier one off where a later one begins", () => {
    const [a, b] = [record("a", 1), record("b", 3)];
    expect(tableSpans([a, b])).toEqual([
      { since: day(1), until: day(3), data: a },
      { since: day(3), until: null, data: b },
    ]);
    expect(tableSpans([])).toEqual([]);
  });

  test("are in force as the last record before the moment says, whatever the order of their times", () => {
    const records = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(records, fc.nat({ max: 10 }), (times, asked) => {
        const all = times.map((since, at) => record(String(at), since));
        const naive = all.findLast(({ since }) => since <= day(asked));
        const found = tableSpans(all).findLast(({ since }) => since <= day(asked));
        expect(found?.data).toBe(naive);
        for (const { since, until } of tableSpans(all)) expect(until === null || since < until).toBe(true);
      }),
    );
  });

  test("never change between two times that they name", () => {
    const entry = fc.record({
      model: fc.constantFrom("openai/*", "openai/gpt-5", "*/gpt-5-mini"),
      since: fc.option(fc.nat({ max: 14 }), { nil: null }),
      days: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
      input: fc.integer({ min: 1, max: 9 }),
    });
    const tables = fc.array(
      fc.record({ since: fc.nat({ max: 14 }), entries: fc.array(entry, { maxLength: 3 }) }),
      {
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(tables, fc.constantFrom("gpt-5", "gpt-5-mini"), (given, model) => {
        const records = given.map(({ since, entries }, at) =>
          record(
            String(at),
            since,
            ...entries.map(({ model: pattern, since: from, days, input }) =>
              fixed(pattern, input, {
                since: from === null ? null : day(from),
                until: days === null ? null : day((from ?? 0) + days),
              }),
            ),
          ),
        );
        const book = recordedPrices(records, list);
        const bounds = book.changes({ ...ask(model), since: day(0), until: day(16) });
        let last = book.priceOf(ask(model, { at: day(0) }));
        for (let at = day(0); at < day(16); at += DAY / 2) {
          const now = book.priceOf(ask(model, { at }));
          if (!bounds.includes(at)) expect(now).toEqual(last);
          last = now;
        }
      }),
    );
  });
});
