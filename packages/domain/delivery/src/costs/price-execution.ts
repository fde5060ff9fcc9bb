/** What one call cost, by its row. */
import { type Execution, inputBandOf, type PriceBook } from "@colophon/kernel";
import { priceSum } from "./price-sum.ts";

const NANO = 1e9;

/** As of when the call started; null where it is unpriced or its provider named no tokens, which is not 0. */
export function priceExecution(
  execution: Execution,
  book: PriceBook,
): { readonly amount: number; readonly currency: string } | null {
  const { tokens, statedCost, provider, requestedModel, answeringModel, host, at } = execution;
  const { input, output, reasoning, cacheRead, cacheWrite } = tokens;
  const sum = {
    ...{ provider, requestedModel, answeringModel, host },
    band: inputBandOf(input),
    currency: statedCost?.currency ?? null,
    calls: 1,
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    reasoningTokens: reasoning ?? 0,
    cacheReadTokens: cacheRead ?? 0,
    cacheWriteTokens: cacheWrite ?? 0,
    uncounted: input === null && output === null ? 1 : 0,
    retries: 0,
    traces: 1,
    stated: Math.round((statedCost?.amount ?? 0) * NANO),
  };
  const cost = priceSum(sum, { book, at });
  if (cost.kind === "unpriced" || (cost.kind === "priced" && cost.billed === 0)) return null;
  return { amount: cost.amount, currency: cost.currency };
}
