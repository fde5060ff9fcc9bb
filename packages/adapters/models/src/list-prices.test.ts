/** Tests of the list prices on the library's own data: models, dates, times of the day, tiers. */
import { INPUT_BANDS, type PriceQuestion, type PriceSpan } from "@colophon/kernel";
import { type TieredPrices, waitForUpdate } from "@pydantic/genai-prices";
import { beforeAll, describe, expect, test } from "vitest";
import { loadListPrices } from "./list-prices.ts";

const list = await loadListPrices();

const AT = Date.parse("2026-10-01T12:00:00Z");

function question(
  provider: string,
  requestedModel: string,
  more: Partial<PriceQuestion> = {},
): PriceQuestion {
  return { provider, requestedModel, answeringModel: null, host: null, at: AT, inputTokens: 1_000, ...more };
}

function span(of: PriceQuestion, since: string, until: string): PriceSpan {
  return { ...of, since: Date.parse(since), until: Date.parse(until) };
}

describe("The list prices", () => {
  test("are per token, and say by hash where they come from", () => {
    expect(list.priceOf(question("openai", "gpt-5-mini"))).toEqual({
      currency: "USD",
      input: 0.25e-6,
      cacheRead: 0.025 / 1e6,
      cacheWrite: null,
      output: 2e-6,
      reasoning: null,
      call: 0,
      sources: [
        { kind: "list", name: "@pydantic/genai-prices", hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    });
  });

  test("know models that cost something for each call, and models without an output price", () => {
    expect(list.priceOf(question("perplexity", "sonar"))).toMatchObject({ call: 0.012 });
    expect(list.priceOf(question("openai", "text-embedding-3-small"))).toMatchObject({
      input: 0.02e-6,
      output: null,
    });
  });

  test("look the answering model up first, and the requested one where that is not listed", () => {
    const dated = { answeringModel: "gpt-5-mini-2026-01-15" };
    expect(list.priceOf(question("openai", "gpt-5-mini", dated))?.input).toBe(0.25e-6);
    const other = { answeringModel: "gpt-5-nano" };
    expect(list.priceOf(question("openai", "gpt-5-mini", other))?.input).toBe(0.05 / 1e6);
  });

  test("take the provider of the host for the one that sends the bill", () => {
    const groq = question("openai", "llama-3.3-70b-versatile", { host: "api.groq.com" });
    expect(list.priceOf(groq)?.input).toBe(0.59e-6);
    expect(list.priceOf({ ...groq, host: null })).toBeUndefined();
    const gateway = question("openai", "gpt-5-mini", { host: "localhost:8080" });
    expect(list.priceOf(gateway)?.input).toBe(0.25e-6);
  });

  test("guess no provider from a model's name, and know no price of a model that nobody lists", () => {
    expect(list.priceOf(question("custom", "gpt-5-mini"))).toBeUndefined();
    expect(list.priceOf(question("", "gpt-5-mini"))).toBeUndefined();
    expect(list.priceOf(question("openai", "gpt-99"))).toBeUndefined();
    expect(list.changes(span(question("openai", "gpt-99"), "2020-01-01", "2030-01-01"))).toEqual([]);
  });

  test("do not make a model free whose price is not given", () => {
    expect(list.priceOf(question("google", "gemma-3"))).toMatchObject({ input: null, output: null });
  });

  test("are those of the date", () => {
    const model = question("deepseek", "deepseek-v4-flash");
    const price = (day: string): number | null | undefined =>
      list.priceOf({ ...model, at: Date.parse(`${day}T22:00:00Z`) })?.input;
    expect([price("2026-08-16"), price("2026-08-17")]).toEqual([0.14e-6, 0.22e-6]);
    const gpt = question("google", "gemini-3.6-flash");
    expect(list.changes(span(gpt, "2026-12-01", "2027-02-01"))).toEqual([Date.parse("2027-01-01")]);
    expect(list.changes(span(gpt, "2027-01-01", "2027-02-01"))).toEqual([]);
  });

  test("are those of the time of the day, and say when they change", () => {
    const model = question("deepseek", "deepseek-chat");
    const times = list.changes(span(model, "2026-03-01T12:00:00Z", "2026-03-03T00:00:00Z"));
    expect(times.map((at) => new Date(at).toISOString().slice(5, 16))).toEqual([
      "03-01T16:30",
      "03-02T00:30",
      "03-02T16:30",
    ]);
    const [evening = 0, morning = 0] = times;
    const at = (moment: number) => list.priceOf({ ...model, at: moment })?.input;
    expect([at(evening - 1), at(evening), at(morning - 1), at(morning)]).toEqual([
      0.27e-6, 0.135e-6, 0.135e-6, 0.27e-6,
    ]);
  });

  test("charge a long input by its tier, the output too", () => {
    const model = question("anthropic", "claude-sonnet-4-5-20250929");
    const prices = [null, 200_000, 200_001, 900_000].map((inputTokens) => {
      const found = list.priceOf({ ...model, inputTokens });
      return [found?.input, found?.output];
    });
    expect(prices).toEqual([
      [3e-6, 15e-6],
      [3e-6, 15e-6],
      [6e-6, 22.5e-6],
      [6e-6, 22.5e-6],
    ]);
  });

  describe("have no tier", () => {
    let starts: readonly number[];
    beforeAll(async () => {
      const models = ((await waitForUpdate()) ?? []).flatMap(({ models }) => models);
      const all = models.flatMap(({ prices }) =>
        Array.isArray(prices) ? prices.map((one) => one.prices) : [prices],
      );
      const tiered = all.flatMap((prices) =>
        Object.values(prices).filter((price): price is TieredPrices => typeof price === "object"),
      );
      starts = [...new Set(tiered.flatMap(({ tiers }) => tiers.map(({ start }) => start)))];
    });

    test("that begins within a size band, so that sums by band are priced exactly", () => {
      expect(starts.length).toBeGreaterThan(3);
      expect(starts.filter((start) => !INPUT_BANDS.some((least) => least === start + 1))).toEqual([]);
    });
  });
});
