/** Adds up the metrics of rows and outcomes by the call's key and unit of time. */
import { MetricTally, type MetricTotals, mergeTotals } from "./metric-totals.ts";
import type { MetricsByNumber } from "./packed-metrics.ts";
import type { SqlRow } from "./sql-row.ts";
import { HOUR_MS } from "./units.ts";

/** What is measured of each row, with its column. An outcome's metric has the number of its signal, a row's a negative one. */
export const ROW_METRICS = [
  ["latency", "latency"],
  ["firstToken", "first_token"],
  ["outputLength", "output_length"],
  ["inputTokens", "input"],
  ["outputTokens", "output"],
] as const;

/** The number of a row's metric by its place in the list. */
function rowMetricNumber(index: number): number {
  return -1 - index;
}

/** The name of a row's metric; undefined for the number of an outcome's signal. */
export function rowMetric(number: number): string | undefined {
  return ROW_METRICS[-1 - number]?.[0];
}

/** What sums are kept apart by; numbers are those of the dictionaries. */
export interface MetricKey {
  readonly version: number;
  /** Counted in the table's unit. */
  readonly slot: number;
  readonly scope: number;
  readonly model: number;
}

/** Totals of a call's metrics in one slot. */
export interface MetricGroup {
  readonly key: MetricKey;
  readonly metrics: MetricsByNumber;
}

interface Tallies {
  readonly key: MetricKey;
  readonly tallies: Map<number, MetricTally>;
}

/** Metrics by hour while rows and outcomes are added to them. */
export class MetricHours {
  readonly #groups = new Map<string, Tallies>();

  /** A row of the ledger: `at`, `version`, `scope`, `model`, and the columns of `ROW_METRICS`. */
  addRow(row: SqlRow): void {
    const { tallies } = groupOf(this.#groups, row);
    for (const [index, [, column]] of ROW_METRICS.entries()) {
      const value = row[column] as number | null;
      if (value !== null) tallyOf(tallies, rowMetricNumber(index)).add(value);
    }
  }

  /** An outcome with the first four columns of its row, its `signal` and its `value` as JSON. */
  addOutcome(row: SqlRow): void {
    const { tallies } = groupOf(this.#groups, row);
    tallyOf(tallies, row.signal as number).add(outcomeValue(row.value as string));
  }

  /** How many groups there are. */
  get size(): number {
    return this.#groups.size;
  }

  get groups(): readonly MetricGroup[] {
    return [...this.#groups.values()].map(({ key, tallies }) => ({
      key,
      metrics: new Map([...tallies].map(([number, tally]) => [number, tally.totals])),
    }));
  }
}

function groupOf(groups: Map<string, Tallies>, { at, version, scope, model }: SqlRow): Tallies {
  const slot = Math.floor((at as number) / HOUR_MS);
  const place = `${version} ${slot} ${scope} ${model}`;
  let group = groups.get(place);
  if (group === undefined) {
    group = { key: { version, slot, scope, model } as MetricKey, tallies: new Map() };
    groups.set(place, group);
  }
  return group;
}

function tallyOf(tallies: Map<number, MetricTally>, number: number): MetricTally {
  const tally = tallies.get(number) ?? new MetricTally();
  tallies.set(number, tally);
  return tally;
}

/** What somebody made illegible counts as a text: verifying the chains is what finds it. */
function outcomeValue(json: string): number | boolean | string {
  if (json === "true" || json === "false") return json === "true";
  const value = json === "" ? Number.NaN : Number(json);
  return Number.isFinite(value) ? value : json;
}

/** Groups of hours in larger slots. */
export function inSlotsOf(unit: number, hours: readonly MetricGroup[]): readonly MetricGroup[] {
  const groups = new Map<string, MetricGroup>();
  for (const { key, metrics } of hours) {
    const { version, scope, model } = key;
    const slot = Math.floor((key.slot * HOUR_MS) / unit);
    const place = `${version} ${slot} ${scope} ${model}`;
    const known = groups.get(place);
    const merged = known === undefined ? metrics : mergeMetrics(known.metrics, metrics);
    groups.set(place, { key: { version, slot, scope, model }, metrics: merged });
  }
  return [...groups.values()];
}

/** Adds totals up, metric by metric. */
export function mergeMetrics(one: MetricsByNumber, other: MetricsByNumber): MetricsByNumber {
  const merged = new Map<number, MetricTotals>(one);
  for (const [number, totals] of other) {
    const known = merged.get(number);
    merged.set(number, known === undefined ? totals : mergeTotals(known, totals));
  }
  return merged;
}
