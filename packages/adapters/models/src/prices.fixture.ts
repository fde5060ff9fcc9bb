/** A price book for tests: two models with list prices, one of them with another from a day on. */
import type { EpochMs, PriceBook, PriceEntry, PriceQuestion, TokenPrices } from "@colophon/kernel";

export const DAY = 86_400_000;
export const START = Date.parse("2026-01-01");

export const day = (number: number): EpochMs => START + number * DAY;

const LISTED: Readonly<Record<string, readonly (readonly [EpochMs, number])[]>> = {
  "openai/gpt-5": [[0, 4]],
  "openai/gpt-5-mini": [
    [0, 1],
    [day(10), 2],
  ],
};

/** Prices in dollars a token, as no model has them, so that sums can be read. */
export const list: PriceBook = {
  priceOf({ provider, requestedModel, at }) {
    const dated = LISTED[`${provider}/${requestedModel}`]?.findLast(([since]) => since <= at);
    return dated && pricesOf(dated[1]);
  },
  changes({ provider, requestedModel, since, until }) {
    const dated = LISTED[`${provider}/${requestedModel}`] ?? [];
    return dated.map(([at]) => at).filter((at) => at > since && at < until);
  },
};

function pricesOf(input: number): TokenPrices {
  return {
    currency: "USD",
    input,
    cacheRead: input / 4,
    cacheWrite: null,
    output: input * 8,
    reasoning: null,
    call: 0.5,
    sources: [{ kind: "list", name: "list", hash: "0" }],
  };
}

export function ask(requestedModel: string, more: Partial<PriceQuestion> = {}): PriceQuestion {
  return {
    provider: "openai",
    requestedModel,
    answeringModel: null,
    host: null,
    at: day(0),
    inputTokens: 100,
    ...more,
  };
}

/** `input` is per million tokens here, as in a table. */
export function fixed(model: string, input: number, more: Partial<PriceEntry> = {}): PriceEntry {
  const none = { cacheRead: null, cacheWrite: null, output: null, reasoning: null, call: 0 };
  return {
    kind: "fixed",
    model,
    since: null,
    until: null,
    currency: "EUR",
    input,
    ...none,
    ...more,
  } as PriceEntry;
}
