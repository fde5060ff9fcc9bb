/** Sums up lines as they pass by: means over cases with their intervals, counts and costs. */
import type { Estimate } from "@colophon/kernel";
import { clusteredMean, studentBounds } from "@colophon/methods";
import { NameNumbers } from "../name-numbers.ts";
import { NumberColumn } from "../number-column.ts";
import type { ScoreLine } from "../score-line.ts";

/** The name of the aggregate among the metrics. */
export const AGGREGATE = "score";

/** One-sided level of each bound. */
const ALPHA = 0.05;

/** By the numbers of cases. */
interface MetricSums {
  readonly sum: NumberColumn;
  readonly count: NumberColumn;
}

/** Holds two numbers for each case and metric, whatever the number of repeats. */
export class ScoreSums {
  readonly #cases: NameNumbers;
  readonly #clusters: (string | null)[] = [];
  readonly #metrics = new Map<string, MetricSums>();
  #lines = 0;
  #errors = 0;
  #cost = 0;
  #unpriced = 0;

  /** @param cases shared by sums over the same cases. */
  constructor(cases: NameNumbers = new NameNumbers()) {
    this.#cases = cases;
  }

  add(line: ScoreLine): void {
    this.#lines += 1;
    if (line.score === null) this.#errors += 1;
    const place = this.#cases.of(line.case);
    this.#clusters[place] = line.cluster;
    this.#count(AGGREGATE, place, line.score);
    const { metrics = {} } = line;
    for (const metric of Object.keys(metrics)) this.#count(metric, place, metrics[metric] ?? null);
    const cost = line.guards?.cost ?? null;
    if (cost !== null) this.#cost += cost;
    else if (line.guards !== undefined) this.#unpriced += 1;
  }

  #count(metric: string, place: number, value: number | null): void {
    let sums = this.#metrics.get(metric);
    if (sums === undefined) {
      sums = { sum: new NumberColumn(), count: new NumberColumn() };
      this.#metrics.set(metric, sums);
    }
    if (value === null) return;
    sums.sum.add(place, value);
    sums.count.add(place, 1);
  }

  get lines(): number {
    return this.#lines;
  }

  /** Lines without a score. */
  get errors(): number {
    return this.#errors;
  }

  /** Of the answers, in the currency of the prices; null where one is unpriced, or none was made. */
  get cost(): number | null {
    return this.#unpriced > 0 || this.#lines === this.#errors ? null : this.#cost;
  }

  /** By metric: the mean over cases with bounds at 5 % each (t over clusters); null without a score. */
  scores(): Readonly<Record<string, Estimate | null>> {
    return Object.fromEntries(
      [...this.#metrics].map(([metric, sums]) => [metric, estimate(sums, this.#clusters)]),
    );
  }
}

function estimate({ sum, count }: MetricSums, all: readonly (string | null)[]): Estimate | null {
  const means: number[] = [];
  const clusters: (string | null)[] = [];
  for (let place = 0; place < count.length; place++) {
    if (count.at(place) === 0) continue;
    means.push(sum.at(place) / count.at(place));
    clusters.push(all[place] ?? null);
  }
  if (means.length === 0) return null;
  const mean = clusteredMean(means, clusters);
  const { lower = null, upper = null } = studentBounds(mean, ALPHA) ?? {};
  return { value: mean.mean, lower, upper, samples: means.length };
}
