/** Sums of calls for tests of costs, and prices that can be reckoned with in the head. */
import type { EpochMs, PriceBook, Rollup, TokenPrices } from "@colophon/kernel";
import { type Priced, priceSum } from "./price-sum.ts";

const SOURCE = { kind: "list", name: "test prices", hash: "a".repeat(64) } as const;

/** Dollars per million tokens, by model. */
const PRICES: Readonly<Record<string, Partial<TokenPrices>>> = {
  small: { input: 1, cacheRead: 0.1, output: 8 },
  large: { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 40, reasoning: 60 },
  embedding: { input: 1 },
  search: { input: 1, output: 1, call: 0.01 },
  euro: { input: 2, output: 4, currency: "EUR" },
  unlisted: {},
};

export function pricesOf(model: string, factor = 1): TokenPrices | undefined {
  const found = PRICES[model];
  if (found === undefined) return undefined;
  const perToken = (price: number | null | undefined): number | null =>
    price === undefined || price === null ? null : (price * factor) / 1e6;
  return {
    currency: found.currency ?? "USD",
    input: perToken(found.input),
    cacheRead: perToken(found.cacheRead),
    cacheWrite: perToken(found.cacheWrite),
    output: perToken(found.output),
    reasoning: perToken(found.reasoning),
    call: found.call ?? 0,
    sources: [SOURCE],
  };
}

/** From this time on everything costs half as much again. */
export const DEARER: EpochMs = 1_000;

export const BOOK: PriceBook = {
  priceOf: ({ requestedModel, at }) => pricesOf(requestedModel, at >= DEARER ? 1.5 : 1),
  changes: () => [DEARER],
};

/** 100 calls of 1,000 input and 100 output tokens, each a trace of its own. */
export function aSum(fields: Partial<Rollup> = {}): Rollup {
  const calls = fields.calls ?? 100;
  return {
    hour: null,
    prompt: "support.triage",
    version: 7,
    hash: `hash ${fields.prompt ?? ""} ${fields.version ?? 7}`,
    environment: "production",
    lane: "live",
    purpose: "serve",
    requestedModel: "small",
    answeringModel: null,
    provider: "openai",
    host: null,
    band: 0,
    currency: null,
    calls,
    errors: 0,
    aborted: 0,
    inputTokens: calls * 1_000,
    outputTokens: calls * 100,
    reasoningTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    uncounted: 0,
    retries: 0,
    traces: calls - (fields.retries ?? 0),
    stated: 0,
    latency: 0,
    firstToken: 0,
    firstTokens: 0,
    schemaOk: 0,
    schemaBad: 0,
    refused: 0,
    ...fields,
  };
}

export function priced(sums: readonly Rollup[], at: EpochMs = 0): readonly Priced<Rollup>[] {
  return sums.map((sum) => ({ sum, cost: priceSum(sum, { book: BOOK, at }) }));
}
