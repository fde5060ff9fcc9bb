/** Explains why costs differ between two windows. */
import {
  type CostChange,
  distinctSources,
  explainCosts,
  FINEST_DECIMALS,
  type Priced,
  roundChange,
} from "@colophon/delivery";
import { getPrompt, HarnessError, type PriceSource, type Rollup } from "@colophon/kernel";
import { checkEnvironment } from "../environments.ts";
import type { Harness } from "../harness.ts";
import { openPrices, type PriceText } from "./house-prices.ts";
import { modelName } from "./list-costs.ts";
import { pricedRollups } from "./priced-sums.ts";
import type { Period } from "./read-period.ts";

export interface CostChangeQuery {
  /** Null explains the cost of all prompts. */
  readonly key: string | null;
  readonly environment?: string;
  readonly before: Period;
  readonly after: Period;
  /** Prices that come before all others, in place of the file beside the store. */
  readonly prices?: PriceText;
}

/** Calls that no amount is known of, by window. */
export interface UnpricedCalls {
  readonly model: string;
  readonly reason: "no-price" | "no-tokens";
  readonly before: number;
  readonly after: number;
}

/** Times are ISO 8601; `until` is exclusive. */
export interface ExplainedWindow {
  readonly since: string;
  readonly until: string;
}

export interface CostExplanation {
  readonly key: string | null;
  readonly environment: string | null;
  readonly before: ExplainedWindow;
  readonly after: ExplainedWindow;
  /** One for each currency, the largest change first; amounts in billionths at the finest. */
  readonly changes: readonly CostChange[];
  /** Not part of any change. */
  readonly unpriced: readonly UnpricedCalls[];
  /** The lists and tables that priced it, by hash. */
  readonly tables: readonly PriceSource[];
  /** The file that priced before all records, and is in none of them. */
  readonly workingCopy: string | null;
}

/**
 * Splits the change of cost exactly among volume, calls per trace, retries, the mixes of prompts and
 * models, tokens, cache hits and price, and says in words which of them it is.
 *
 * @throws HarnessError `usage`, `key-unknown` or `environment-unknown` where no row and no record knows
 * the name, `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { changes } = await explainCostChange(harness, {
 *   key: "support.triage",
 *   before: { since: Date.parse("2026-01-09"), until: Date.parse("2026-01-10") },
 *   after: { since: Date.parse("2026-01-16"), until: Date.parse("2026-01-17") },
 * });
 * console.log(changes[0]?.headline);
 */
export async function explainCostChange(harness: Harness, query: CostChangeQuery): Promise<CostExplanation> {
  const { key, environment, before, after } = query;
  for (const { since, until } of [before, after]) {
    if (since < until) continue;
    throw new HarnessError(
      "usage",
      `The window from ${new Date(since).toISOString()} ends before it begins; swap its times.`,
    );
  }
  const { book, workingCopy } = await openPrices(harness, query.prices);
  const within = {
    ...(key === null ? {} : { prompt: key }),
    ...(environment === undefined ? {} : { environment }),
  };
  const [then, now] = [
    await pricedRollups(harness, { ...before, ...within }, book),
    await pricedRollups(harness, { ...after, ...within }, book),
  ];
  if (then.length === 0 && now.length === 0) await checkNames(harness, query);
  const changes = explainCosts({ subject: key ?? "all prompts", before: then, after: now });
  const sources = [...then, ...now].flatMap(({ cost }) => (cost.kind === "priced" ? [cost] : []));
  return {
    key,
    environment: environment ?? null,
    before: written(before),
    after: written(after),
    changes: changes.map((change) => roundChange(change, FINEST_DECIMALS)),
    unpriced: unpricedCalls(then, now),
    tables: distinctSources(sources),
    workingCopy: workingCopy?.file ?? null,
  };
}

/** Nothing found is no answer to a slip of the pen. */
async function checkNames(harness: Harness, { key, environment }: CostChangeQuery): Promise<void> {
  if (environment !== undefined) await checkEnvironment(harness, environment);
  if (key === null) return;
  const rows = await harness.ledger.listExecutions({ prompt: key, limit: 1 });
  if (rows.length === 0) getPrompt(await harness.records.state(), key);
}

function written({ since, until }: Period): ExplainedWindow {
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function unpricedCalls(
  before: readonly Priced<Rollup>[],
  after: readonly Priced<Rollup>[],
): readonly UnpricedCalls[] {
  const found = new Map<string, { -readonly [K in keyof UnpricedCalls]: UnpricedCalls[K] }>();
  const count = (rows: readonly Priced<Rollup>[], side: "before" | "after"): void => {
    for (const { sum, cost } of rows) {
      // A call that failed without tokens costs nothing, which is known.
      const untold = cost.kind === "priced" ? Math.max(0, sum.uncounted - sum.errors) : 0;
      const calls = cost.kind === "unpriced" ? sum.calls : untold;
      if (calls === 0) continue;
      const reason = cost.kind === "unpriced" ? "no-price" : "no-tokens";
      const model = modelName(sum);
      const name = `${reason} ${model}`;
      const entry = found.get(name) ?? { model, reason, before: 0, after: 0 };
      entry[side] += calls;
      found.set(name, entry);
    }
  };
  count(before, "before");
  count(after, "after");
  return [...found.values()].sort((a, b) => b.before + b.after - a.before - a.after);
}
