/** Adds costs up by what people ask for: by prompt, version, model, owner, tenant or purpose. */
import type { CostSums, PriceSource } from "@colophon/kernel";
import type { CostSum, Priced } from "./price-sum.ts";

/** An amount in a currency, and its share of all that was spent in that currency; null of nothing. */
export interface AmountShare {
  readonly currency: string;
  readonly amount: number;
  readonly share: number | null;
}

export interface CostTokens {
  /** Cached ones included. */
  readonly input: number;
  /** Reasoning included. */
  readonly output: number;
  readonly reasoning: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What nobody knows the cost of: models without a price, and calls whose provider named no tokens. */
export interface UnpricedCosts {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CostGroup {
  /** One value for each dimension, in their order. */
  readonly values: readonly (string | number | null)[];
  readonly calls: number;
  readonly tokens: CostTokens;
  /** In the order of their currencies; empty where nothing is priced. */
  readonly amounts: readonly AmountShare[];
  readonly unpriced: UnpricedCosts;
  readonly sources: readonly PriceSource[];
}

interface Growing {
  readonly values: readonly (string | number | null)[];
  calls: number;
  tokens: CostTokens;
  readonly amounts: Map<string, number>;
  unpriced: UnpricedCosts;
  readonly sources: Map<string, PriceSource>;
}

const NO_TOKENS: CostTokens = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 };
const NOTHING_UNPRICED: UnpricedCosts = { calls: 0, inputTokens: 0, outputTokens: 0 };

/** The largest share first, groups without a price last, by their calls. */
export function groupCosts<S extends CostSum>(
  priced: readonly Priced<S>[],
  valuesOf: (sum: S) => readonly (string | number | null)[],
): readonly CostGroup[] {
  const groups = new Map<string, Growing>();
  const totals = new Map<string, number>();
  for (const one of priced) {
    const values = valuesOf(one.sum);
    const name = JSON.stringify(values);
    const group = groups.get(name) ?? empty(values);
    groups.set(name, group);
    grow(group, one);
    if (one.cost.kind !== "unpriced") add(totals, one.cost);
  }
  return [...groups.values()]
    .map((group) => finished(group, totals))
    .sort((a, b) => shareOf(b) - shareOf(a) || b.calls - a.calls || compareNames(a, b));
}

/** The sources, each once. */
export function distinctSources(
  found: Iterable<{ readonly sources: readonly PriceSource[] }>,
): readonly PriceSource[] {
  const known = new Map<string, PriceSource>();
  for (const { sources } of found) for (const source of sources) known.set(nameOf(source), source);
  return [...known.values()];
}

function nameOf({ kind, hash }: PriceSource): string {
  return `${kind} ${hash}`;
}

function empty(values: Growing["values"]): Growing {
  return {
    values,
    calls: 0,
    tokens: NO_TOKENS,
    amounts: new Map(),
    unpriced: NOTHING_UNPRICED,
    sources: new Map(),
  };
}

function grow(group: Growing, { sum, cost }: Priced): void {
  group.calls += sum.calls;
  group.tokens = addTokens(group.tokens, sum);
  if (cost.kind === "unpriced") group.unpriced = addUnpriced(group.unpriced, sum);
  // Of uncounted calls alone there is a price and no amount: what is not known is not shown as 0.
  else if (cost.kind === "stated" || cost.billed > 0) add(group.amounts, cost);
  if (cost.kind !== "priced") return;
  const { calls } = group.unpriced;
  group.unpriced = { ...group.unpriced, calls: calls + sum.uncounted };
  for (const source of cost.sources) group.sources.set(nameOf(source), source);
}

function addTokens(tokens: CostTokens, sum: CostSums): CostTokens {
  return {
    input: tokens.input + sum.inputTokens,
    output: tokens.output + sum.outputTokens,
    reasoning: tokens.reasoning + sum.reasoningTokens,
    cacheRead: tokens.cacheRead + sum.cacheReadTokens,
    cacheWrite: tokens.cacheWrite + sum.cacheWriteTokens,
  };
}

function addUnpriced(unpriced: UnpricedCosts, sum: CostSums): UnpricedCosts {
  return {
    calls: unpriced.calls + sum.calls,
    inputTokens: unpriced.inputTokens + sum.inputTokens,
    outputTokens: unpriced.outputTokens + sum.outputTokens,
  };
}

function add(
  amounts: Map<string, number>,
  { currency, amount }: { readonly currency: string; readonly amount: number },
): void {
  amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
}

function finished(group: Growing, totals: ReadonlyMap<string, number>): CostGroup {
  const { values, calls, tokens, unpriced, sources } = group;
  const amounts = [...group.amounts]
    .map(([currency, amount]) => {
      const total = totals.get(currency) ?? 0;
      return { currency, amount, share: total > 0 ? amount / total : null };
    })
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return { values, calls, tokens, amounts, unpriced, sources: [...sources.values()] };
}

function shareOf({ amounts }: CostGroup): number {
  return Math.max(-1, ...amounts.map(({ share }) => share ?? 0));
}

function compareNames(a: CostGroup, b: CostGroup): number {
  return JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1;
}
