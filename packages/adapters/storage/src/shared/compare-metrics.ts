/** Compares metrics that are kept with those that rows and outcomes add up to. */
import type { MetricGroup, MetricKey } from "./metric-groups.ts";
import type { MetricTotals } from "./metric-totals.ts";
import type { MetricsByNumber } from "./packed-metrics.ts";

/** The keys of groups that are not the same on both sides. */
export function metricsThatDiffer(
  expected: readonly MetricGroup[],
  kept: readonly MetricGroup[],
): readonly MetricKey[] {
  const [one, other] = [byKey(expected), byKey(kept)];
  return [...new Map([...one, ...other])].flatMap(([place, { key }]) => {
    const metrics = one.get(place)?.metrics;
    const found = other.get(place)?.metrics;
    return metrics !== undefined && found !== undefined && agree(metrics, found) ? [] : [key];
  });
}

function byKey(groups: readonly MetricGroup[]): ReadonlyMap<string, MetricGroup> {
  return new Map(groups.map((group) => [placeOf(group.key), group]));
}

function placeOf({ version, slot, scope, model }: MetricKey): string {
  return `${version} ${slot} ${scope} ${model}`;
}

function agree(one: MetricsByNumber, other: MetricsByNumber): boolean {
  return (
    one.size === other.size &&
    [...one].every(([number, totals]) => {
      const found = other.get(number);
      return found !== undefined && sameTotals(totals, found);
    })
  );
}

/**
 * Fractions come to other last digits in another order of adding them up: a billionth of what the values
 * can come to at most is let pass. No sum of values is larger than the root of `count * squares`.
 */
function sameTotals(one: MetricTotals, other: MetricTotals): boolean {
  const { count, squares } = one;
  return (
    count === other.count &&
    one.zeros === other.zeros &&
    near([one.sum, other.sum], Math.sqrt(count * squares)) &&
    near([one.squares, other.squares], squares) &&
    one.bins.length === other.bins.length &&
    one.bins.every((part, at) => part === other.bins[at])
  );
}

function near([one, other]: readonly [number, number], most: number): boolean {
  return one === other || Math.abs(one - other) <= 1e-9 * most;
}
