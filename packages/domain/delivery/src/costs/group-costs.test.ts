/** Tests of adding costs up: by what is asked for, in each currency, with what is not known apart. */
import { describe, expect, test } from "vitest";
import { aSum, priced } from "./costs.fixture.ts";
import { distinctSources, groupCosts } from "./group-costs.ts";

describe("groupCosts", () => {
  test("adds up by the values asked for, the largest share first", () => {
    const sums = [
      aSum({ prompt: "a", calls: 10 }),
      aSum({ prompt: "b", calls: 30 }),
      aSum({ prompt: "a", calls: 10, version: 8 }),
    ];
    const groups = groupCosts(priced(sums), ({ prompt }) => [prompt]);
    expect(groups.map(({ values, calls }) => [values, calls])).toEqual([
      [["b"], 30],
      [["a"], 20],
    ]);
    // A call costs 1,000 × $1 + 100 × $8 per million.
    expect(groups[0]?.amounts).toEqual([
      { currency: "USD", amount: expect.closeTo(0.054, 12), share: expect.closeTo(0.6, 12) },
    ]);
    expect(groups[1]?.tokens).toEqual({
      input: 20_000,
      output: 2_000,
      reasoning: 0,
      cacheRead: 0,
      cacheWrite: 0,
    });
  });

  test("keeps currencies apart, each with shares of its own", () => {
    const sums = [
      aSum({ prompt: "a" }),
      aSum({ prompt: "a", requestedModel: "euro" }),
      aSum({ prompt: "b", requestedModel: "euro" }),
    ];
    const [a, b] = groupCosts(priced(sums), ({ prompt }) => [prompt]);
    expect(a?.amounts.map(({ currency, share }) => [currency, share])).toEqual([
      ["EUR", 0.5],
      ["USD", 1],
    ]);
    expect(b?.amounts.map(({ currency, share }) => [currency, share])).toEqual([["EUR", 0.5]]);
  });

  test("shows what has no price in calls and tokens, and as no amount", () => {
    const [group] = groupCosts(priced([aSum({ requestedModel: "nobody" })]), () => []);
    expect(group).toMatchObject({
      amounts: [],
      unpriced: { calls: 100, inputTokens: 100_000, outputTokens: 10_000 },
      sources: [],
    });
  });

  test("counts calls without tokens as unpriced, and shows no amount where there are no others", () => {
    const some = aSum({ prompt: "some", uncounted: 40 });
    const all = aSum({ prompt: "all", uncounted: 100, inputTokens: 0, outputTokens: 0 });
    const [first, second] = groupCosts(priced([some, all]), ({ prompt }) => [prompt]);
    expect(first).toMatchObject({ unpriced: { calls: 40 }, amounts: [{ share: 1 }] });
    expect(second).toMatchObject({ values: ["all"], unpriced: { calls: 100 }, amounts: [] });
  });

  test("says which lists and tables priced it, each once", () => {
    const groups = groupCosts(priced([aSum(), aSum({ version: 8 })]), ({ version }) => [version]);
    expect(groups.map(({ sources }) => sources.length)).toEqual([1, 1]);
    expect(distinctSources(groups)).toEqual([{ kind: "list", name: "test prices", hash: "a".repeat(64) }]);
  });

  test("has no share of nothing", () => {
    const [group] = groupCosts(priced([aSum({ currency: "USD", stated: 0 })]), () => []);
    expect(group?.amounts).toEqual([{ currency: "USD", amount: 0, share: null }]);
  });
});
