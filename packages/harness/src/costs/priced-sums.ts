/** Prices the sums of a window, taken apart wherever a price changes within it. */
import { type CostSum, type Priced, priceSum } from "@colophon/delivery";
import type { EpochMs, PriceBook, Rollup, TenantRollup } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

export interface CostScope {
  /** First millisecond, inclusive. */
  readonly since: EpochMs;
  /** Last millisecond, exclusive. */
  readonly until: EpochMs;
  readonly prompt?: string;
  readonly environment?: string;
}

export interface RollupScope extends CostScope {
  /** What one sum covers; the whole window unless given. */
  readonly by?: "hour" | "day" | "window";
}

/** Sums of the scope with their costs; of one key there is one for each stretch of time with one price. */
export function pricedRollups(
  { ledger }: Harness,
  { by = "window", ...scope }: RollupScope,
  book: PriceBook,
): Promise<readonly Priced<Rollup>[]> {
  return pricedSums({ scope, book, list: (part) => ledger.listRollups({ ...part, by }) });
}

export interface TenantScope extends CostScope {
  /** Whether the sums of a tenant are wanted by version as well, or by model alone, which is faster. */
  readonly detail: "version" | "model";
}

/** The same, by tenant as well. */
export function pricedTenantRollups(
  { ledger }: Harness,
  { detail, ...scope }: TenantScope,
  book: PriceBook,
): Promise<readonly Priced<TenantRollup>[]> {
  const list = (part: CostScope) => ledger.listTenantRollups({ ...part, by: "window", detail });
  return pricedSums({ scope, book, list });
}

interface SumsToPrice<S extends CostSum> {
  readonly scope: CostScope;
  readonly book: PriceBook;
  readonly list: (scope: CostScope) => Promise<readonly S[]>;
}

async function pricedSums<S extends CostSum>(given: SumsToPrice<S>): Promise<readonly Priced<S>[]> {
  const { scope, book, list } = given;
  const whole = await list(scope);
  const changes = priceChanges(whole, scope, book);
  const price = (sums: readonly S[], at: EpochMs): readonly Priced<S>[] =>
    sums.map((sum) => ({ sum, cost: priceSum(sum, { book, at }) }));
  if (changes.length === 0) return price(whole, scope.since);
  const bounds = [scope.since, ...changes, scope.until];
  const parts: Priced<S>[] = [];
  for (const [index, since] of bounds.slice(0, -1).entries()) {
    parts.push(...price(await list({ ...scope, since, until: bounds[index + 1] ?? scope.until }), since));
  }
  return parts;
}

/** When the price of any model of these sums changes within the scope, ascending. */
function priceChanges(sums: readonly CostSum[], scope: CostScope, book: PriceBook): readonly EpochMs[] {
  const models = new Map<string, CostSum>();
  for (const sum of sums) {
    const { provider, requestedModel, answeringModel, host, currency } = sum;
    // What the application stated is priced by nobody else.
    if (currency !== null) continue;
    models.set(JSON.stringify([provider, requestedModel, answeringModel, host]), sum);
  }
  const { since, until } = scope;
  const times = [...models.values()].flatMap(({ provider, requestedModel, answeringModel, host }) =>
    book.changes({ provider, requestedModel, answeringModel, host, since, until }),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}
