/** Tests of the price file: what it may say, and one sentence for whatever is wrong. */
import { HarnessError } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { readPriceTable } from "./read-price-table.ts";

function readTime(text: string, where: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new HarnessError("time-invalid", `${where} "${text}" is no date.`);
  return at;
}

const read = (text: string) => readPriceTable({ file: "prices.yaml", text, readTime });

describe("readPriceTable", () => {
  test("reads fixed prices, factors, dates and patterns", () => {
    const { name, table } = read(`
name: contract
currency: EUR
prices:
  - model: openai/gpt-5*
    since: 2026-01-01
    until: 2026-07-01T12:00:00Z
    input: 1.10
    cacheRead: 0.11
    output: 8.8
    reasoning: 4
  - { model: claude-sonnet-4-5, currency: USD, input: 2, cacheWrite: 2.5, output: 9, call: 0.001 }
  - { model: "google/*", factor: 0.85 }
`);
    expect(name).toBe("contract");
    expect(table.prices).toEqual([
      {
        kind: "fixed",
        model: "openai/gpt-5*",
        since: Date.parse("2026-01-01"),
        until: Date.parse("2026-07-01T12:00:00Z"),
        currency: "EUR",
        input: 1.1,
        cacheRead: 0.11,
        cacheWrite: null,
        output: 8.8,
        reasoning: 4,
        call: 0,
      },
      {
        kind: "fixed",
        model: "anthropic/claude-sonnet-4-5",
        since: null,
        until: null,
        currency: "USD",
        input: 2,
        cacheRead: null,
        cacheWrite: 2.5,
        output: 9,
        reasoning: null,
        call: 0.001,
      },
      { kind: "factor", model: "google/*", since: null, until: null, factor: 0.85 },
    ]);
  });

  test("takes dollars where no currency is named, and every provider for a name that tells none", () => {
    expect(read("prices: [{ model: our-model, input: 0, output: 0 }]")).toMatchObject({
      name: null,
      table: { prices: [{ model: "*/our-model", currency: "USD" }] },
    });
  });

  test("has one hash for one content, however it is written and named", () => {
    const one = read("name: a\nprices:\n  - model: gpt-5\n    input: 1.0\n    output: 2\n");
    const same = read('{"prices": [{"output": 2, "input": 1, "model": "openai/gpt-5", "currency": "USD"}]}');
    expect(one.hash).toBe(same.hash);
    expect(read("prices: [{ model: gpt-5, input: 1, output: 3 }]").hash).not.toBe(one.hash);
  });

  test.each([
    ["a slip of YAML", "prices:\n  - model: a\n   input: 1", "malformed at line 3"],
    ["a field given twice", "name: a\nname: b\nprices: []", "malformed at line 2, column 1"],
    ["no list", "currency: EUR", "prices.yaml: it has no list of prices"],
    ["an empty list", "prices: []", "no list of prices"],
    ["a text", "free", "prices.yaml: it is no object"],
    ["a misspelt field", "price: []", "did you mean prices?"],
    ["a name that is none", "name: 7\nprices: []", "name 7 is no name"],
    ["a currency that is none", "currency: dollars\nprices: [{}]", 'currency "dollars"'],
    ["an entry that is none", "prices: [gpt-5]", "prices.yaml, price 1: it is no object"],
    ["no model", "prices: [{ input: 1 }]", "names no model"],
    ["no price", "prices: [{ model: gpt-5 }]", "openai/gpt-5 has no price"],
    ["a misspelt price", "prices: [{ model: gpt-5, inputs: 1 }]", "did you mean input?"],
    ["a price in words", "prices: [{ model: gpt-5, input: free }]", 'input "free" is no amount'],
    ["a price below nothing", "prices: [{ model: gpt-5, input: -1 }]", "input -1 is no amount"],
    ["an endless price", "prices: [{ model: gpt-5, input: .inf }]", "is no amount"],
    ["a factor and a price", "prices: [{ model: gpt-5, factor: 1, input: 1 }]", "input cannot stand beside"],
    ["a factor in euros", "prices: [{ model: gpt-5, factor: 1, currency: EUR }]", "currency cannot stand"],
    ["a cache price alone", "prices: [{ model: gpt-5, cacheRead: 1 }]", "cacheRead is given without input"],
    ["a reasoning price alone", "prices: [{ model: gpt-5, input: 1, reasoning: 1 }]", "without output"],
    [
      "a second entry with a bad date",
      "prices: [{ model: a, input: 1 }, { model: b, since: soon, input: 1 }]",
      "prices.yaml, price 2: since",
    ],
    [
      "dates the wrong way round",
      "prices: [{ model: a, since: 2026-02-01, until: 2026-01-01, input: 1 }]",
      "swap them",
    ],
  ])("refuses %s in one sentence", (_name, text, words) => {
    expect(() => read(text)).toThrow(words);
    try {
      read(text);
    } catch (error) {
      const { code, message } = error as HarnessError;
      expect(["input-malformed", "time-invalid"]).toContain(code);
      expect(message).toMatch(/^prices\.yaml[^\n]*[.?]$/);
    }
  });

  test("says that a pattern which begins with a star is quoted, since YAML takes it for something else", () => {
    expect(() => read("prices:\n  - { model: */gpt-5, input: 1, output: 8 }")).toThrow(
      expect.objectContaining({
        code: "input-malformed",
        message: expect.stringMatching(/^prices\.yaml .*\/gpt-5.*quote/),
      }),
    );
  });
});
