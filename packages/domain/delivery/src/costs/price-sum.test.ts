/** Tests of pricing a sum: every kind of token once, and nothing made up. */
import { describe, expect, test } from "vitest";
import { aSum, BOOK, DEARER } from "./costs.fixture.ts";
import { priceSum } from "./price-sum.ts";

const price = (fields: Parameters<typeof aSum>[0], at = 0) => priceSum(aSum(fields), { book: BOOK, at });

describe("priceSum", () => {
  test("prices fresh input, cache reads and writes, visible output and reasoning once each", () => {
    const cost = price({
      requestedModel: "large",
      calls: 1,
      inputTokens: 1_000_000,
      cacheReadTokens: 400_000,
      cacheWriteTokens: 100_000,
      outputTokens: 50_000,
      reasoningTokens: 20_000,
    });
    expect(cost).toMatchObject({ kind: "priced", currency: "USD", billed: 1 });
    // 0.5 × 5 + 0.4 × 0.5 + 0.1 × 6.25 + 0.03 × 40 + 0.02 × 60
    expect(cost.kind === "priced" && cost.amount).toBeCloseTo(5.725, 12);
  });

  test("takes the price of fresh input for a cache, and of output for reasoning, where they have none", () => {
    const plain = price({ calls: 1, inputTokens: 1_000, outputTokens: 100 });
    const special = price({
      calls: 1,
      inputTokens: 1_000,
      cacheWriteTokens: 500,
      outputTokens: 100,
      reasoningTokens: 90,
    });
    expect(special).toMatchObject({ amount: expect.closeTo((plain as { amount: number }).amount, 12) });
  });

  test("prices at the time it is asked for", () => {
    const [then, now] = [price({}), price({}, DEARER)] as { amount: number }[];
    expect((now?.amount ?? 0) / (then?.amount ?? 0)).toBeCloseTo(1.5, 12);
  });

  test("counts a price per call for the calls that are billed", () => {
    expect(
      price({ requestedModel: "search", calls: 10, uncounted: 4, inputTokens: 0, outputTokens: 0 }),
    ).toMatchObject({
      billed: 6,
      amount: expect.closeTo(0.06, 12),
    });
  });

  test("takes a cost that the application stated as it is, whatever the model", () => {
    expect(price({ requestedModel: "nobody", currency: "EUR", stated: 1_250_000_000 })).toEqual({
      kind: "stated",
      currency: "EUR",
      amount: 1.25,
    });
  });

  test.each([
    ["a model that nobody lists", { requestedModel: "nobody" }],
    ["a model that is listed without a price", { requestedModel: "unlisted" }],
    ["output of a model that has no price for output", { requestedModel: "embedding" }],
  ])("knows no cost of %s", (_name, fields) => {
    expect(price(fields)).toEqual({ kind: "unpriced" });
  });

  test("needs no price for tokens that there are none of", () => {
    expect(price({ requestedModel: "embedding", outputTokens: 0 })).toMatchObject({ kind: "priced" });
  });

  test("asks the book about the size band of the calls", () => {
    const asked: (number | null)[] = [];
    const book = {
      ...BOOK,
      priceOf: ({ inputTokens }: { inputTokens: number | null }) => {
        asked.push(inputTokens);
        return undefined;
      },
    };
    priceSum(aSum({ band: 200_001 }), { book, at: 0 });
    priceSum(aSum({ band: null }), { book, at: 0 });
    expect(asked).toEqual([200_001, null]);
  });

  test("has no less than no fresh input, should a provider count more cached tokens", () => {
    expect(price({ calls: 1, inputTokens: 100, cacheReadTokens: 150, outputTokens: 0 })).toMatchObject({
      tokens: { fresh: 0, cacheRead: 150 },
    });
  });
});
