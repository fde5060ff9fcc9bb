/** Adds up what the calls of one piece of work used, and prices it at its end. */
import {
  type AmountShare,
  type CostSum,
  type CostTokens,
  groupCosts,
  priceSum,
  type UnpricedCosts,
} from "@colophon/delivery";
import { type CostSums, type ExecutionDraft, inputBandOf } from "@colophon/kernel";
import type { Harness } from "../harness.ts";
import { openPrices } from "./house-prices.ts";

/** What calls used, by their rows. */
export interface Spending {
  /** Rows, further tries of the same call among them. */
  readonly calls: number;
  readonly retries: number;
  /** Calls whose provider named no tokens. */
  readonly uncounted: number;
  /** Of the other calls; null where there are none. */
  readonly tokens: CostTokens | null;
  /** In each currency; empty where nothing is priced. */
  readonly amounts: readonly Omit<AmountShare, "share">[];
  readonly unpriced: UnpricedCosts;
}

/** Sums of rows as they are written: one for each model, host and size of input. */
export class SpendingSums {
  readonly #sums = new Map<string, CostSum>();

  add(row: ExecutionDraft): void {
    const { provider, requestedModel, answeringModel, host } = row;
    const band = inputBandOf(row.tokens.input);
    const currency = row.statedCost?.currency ?? null;
    const key = { provider, requestedModel, answeringModel, host, band, currency };
    const name = JSON.stringify(key);
    this.#sums.set(name, { ...key, ...added(this.#sums.get(name) ?? NOTHING, row) });
  }

  /** Priced as of now, as `costs` prices it. */
  async spending(harness: Harness): Promise<Spending> {
    const sums = [...this.#sums.values()];
    const total = (field: "calls" | "retries" | "uncounted"): number =>
      sums.reduce((all, sum) => all + sum[field], 0);
    const [calls, retries, uncounted] = [total("calls"), total("retries"), total("uncounted")];
    const { book } = await openPrices(harness);
    const at = harness.clock.now();
    const priced = sums.map((sum) => ({ sum, cost: priceSum(sum, { book, at }) }));
    const [group] = groupCosts(priced, () => []);
    return {
      ...{ calls, retries, uncounted },
      tokens: group === undefined || uncounted === calls ? null : group.tokens,
      amounts: (group?.amounts ?? []).map(({ currency, amount }) => ({ currency, amount })),
      unpriced: group?.unpriced ?? { calls: 0, inputTokens: 0, outputTokens: 0 },
    };
  }
}

const NOTHING: CostSums = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  uncounted: 0,
  retries: 0,
  traces: 0,
  stated: 0,
};
const NANO = 1e9;

function added(sums: CostSums, { tokens, attempt, step, statedCost }: ExecutionDraft): CostSums {
  const { input, output, reasoning, cacheRead, cacheWrite } = tokens;
  return {
    calls: sums.calls + 1,
    inputTokens: sums.inputTokens + (input ?? 0),
    outputTokens: sums.outputTokens + (output ?? 0),
    reasoningTokens: sums.reasoningTokens + (reasoning ?? 0),
    cacheReadTokens: sums.cacheReadTokens + (cacheRead ?? 0),
    cacheWriteTokens: sums.cacheWriteTokens + (cacheWrite ?? 0),
    uncounted: sums.uncounted + (input === null && output === null ? 1 : 0),
    retries: sums.retries + (attempt > 1 ? 1 : 0),
    traces: sums.traces + (attempt === 1 && (step ?? 1) === 1 ? 1 : 0),
    stated: sums.stated + Math.round((statedCost?.amount ?? 0) * NANO),
  };
}
