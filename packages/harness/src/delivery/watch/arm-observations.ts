/** Gathers what rows and outcomes say of the arms of a rollout, as allocation asks for it. */
import {
  type ArmObservation,
  type CostOf,
  type MetricReading,
  metricKind,
  outcomeValue,
  rowValue,
} from "@colophon/delivery";
import type { Arrivals, Execution } from "@colophon/kernel";

/** Of drawn calls alone: who was not drawn is no sample of any arm. */
export class ArmObservations {
  readonly list: ArmObservation[] = [];
  readonly #metrics: readonly string[];
  readonly #versions: ReadonlySet<number>;
  readonly #salt: string;
  readonly #costOf: CostOf;

  constructor(about: {
    readonly metrics: readonly string[];
    readonly versions: readonly number[];
    readonly salt: string;
    readonly costOf: CostOf;
  }) {
    this.#metrics = about.metrics;
    this.#versions = new Set(about.versions);
    this.#salt = about.salt;
    this.#costOf = about.costOf;
  }

  fold({ executions, outcomes }: Pick<Arrivals, "executions" | "outcomes">): void {
    for (const row of executions) {
      const readings = this.#readings((metric) => rowValue(metric, row, this.#costOf), row.at);
      this.#add(row, readings);
    }
    for (const arrived of outcomes) {
      const { outcome, execution } = arrived;
      const readings = this.#readings(
        (metric) => outcomeValue(metric, arrived, metricKind(metric)),
        outcome.at,
      );
      if (readings.length > 0) this.#add(execution, readings);
    }
  }

  #readings(read: (metric: string) => number | null, at: number): readonly MetricReading[] {
    return this.#metrics.flatMap((metric) => {
      const value = read(metric);
      return value === null ? [] : [{ metric, value, at }];
    });
  }

  #add(row: Execution, readings: readonly MetricReading[]): void {
    const { id, version, purpose, assignment, at } = row;
    if (purpose !== "serve" || assignment?.salt !== this.#salt) return;
    if (version === null || !this.#versions.has(version)) return;
    this.list.push({
      execution: id,
      version,
      probability: assignment.probability,
      unit: String(assignment.draw),
      at,
      readings,
    });
  }
}
