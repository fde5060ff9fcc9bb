/** Prices single calls of runs by the house's own prices. */
import { priceSum } from "@colophon/delivery";
import type { CallPrices } from "@colophon/evaluation";
import { type EpochMs, inputBandOf, type PriceBook } from "@colophon/kernel";

/** Prices as of a moment: those of a run do not change while it goes on. */
export function callPrices(book: PriceBook, at: EpochMs): CallPrices {
  return {
    costOf({ model, answeringModel, host, tokens }) {
      const { input, output, reasoning, cacheRead, cacheWrite } = tokens;
      if (input === null && output === null) return null;
      const call = { provider: model.provider, requestedModel: model.id, answeringModel, host };
      const sums = {
        calls: 1,
        inputTokens: input ?? 0,
        outputTokens: output ?? 0,
        reasoningTokens: reasoning ?? 0,
        cacheReadTokens: cacheRead ?? 0,
        cacheWriteTokens: cacheWrite ?? 0,
        uncounted: 0,
        retries: 0,
        traces: 1,
        stated: 0,
      };
      const cost = priceSum({ ...call, band: inputBandOf(input), currency: null, ...sums }, { book, at });
      return cost.kind === "priced" ? { amount: cost.amount, currency: cost.currency } : null;
    },
  };
}
