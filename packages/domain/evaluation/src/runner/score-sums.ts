/** Sums up lines as they pass by: means over cases with their intervals, counts and costs. */
import type { Estimate } from "@colophon/kernel";
import { clusteredMean, studentBounds } from "@colophon/methods";
import type { ScoreLine } from "../score-line.ts";

/** The name of the aggregate among the metrics. */
export const AGGREGATE = "score";

/** One-sided level of each bound. */
const ALPHA = 0.05;

interface CaseSum {
  sum: number;
  count: number;
  readonly cluster: string | null;
}

/** A case, by the mean of its scored repeats. */
export interface CaseMean {
  readonly case: string;
  readonly mean: number;
}

/** Holds two numbers for each case and metric, whatever the number of repeats. */
export class ScoreSums {
  readonly #metrics = new Map<string, Map<string, CaseSum>>();
  #lines = 0;
  #errors = 0;
  #cost = 0;
  #unpriced = 0;

  add(line: ScoreLine): void {
    this.#lines += 1;
    if (line.score === null) this.#errors += 1;
    this.#count(AGGREGATE, line, line.score);
    for (const [metric, value] of Object.entries(line.metrics ?? {})) this.#count(metric, line, value);
    const cost = line.guards?.cost ?? null;
    if (cost !== null) this.#cost += cost;
    else if (line.guards !== undefined) this.#unpriced += 1;
  }

  #count(metric: string, { case: id, cluster }: ScoreLine, value: number | null): void {
    const cases = this.#metrics.get(metric) ?? new Map<string, CaseSum>();
    this.#metrics.set(metric, cases);
    if (value === null) return;
    const known = cases.get(id);
    if (known === undefined) cases.set(id, { sum: value, count: 1, cluster });
    else {
      known.sum += value;
      known.count += 1;
    }
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

  /** Cases by the mean of their scored repeats, in the order in which they were first seen. */
  means(metric: string = AGGREGATE): readonly CaseMean[] {
    return [...(this.#metrics.get(metric) ?? [])].map(([id, { sum, count }]) => ({
      case: id,
      mean: sum / count,
    }));
  }

  /** By metric: the mean over cases with bounds at 5 % each (t over clusters); null without a score. */
  scores(): Readonly<Record<string, Estimate | null>> {
    return Object.fromEntries([...this.#metrics].map(([metric, cases]) => [metric, estimate(cases)]));
  }
}

function estimate(cases: ReadonlyMap<string, CaseSum>): Estimate | null {
  if (cases.size === 0) return null;
  const all = [...cases.values()];
  const mean = clusteredMean(
    all.map(({ sum, count }) => sum / count),
    all.map(({ cluster }) => cluster),
  );
  const bounds = studentBounds(mean, ALPHA);
  const { lower = null, upper = null } = bounds ?? {};
  return { value: mean.mean, lower, upper, samples: cases.size };
}
