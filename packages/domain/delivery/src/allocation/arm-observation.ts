/** What one execution says of the arm that served it, as allocation reads it from ledger and outcomes. */
import type { EpochMs, ExecutionId } from "@colophon/kernel";

/** A metric's value for one execution. */
export interface MetricReading {
  /** A metric of the standard table, or the name of an outcome. */
  readonly metric: string;
  /** Events are 1 where they happened and 0 where not. */
  readonly value: number;
  /** When it was said; of several readings of one metric the last counts. */
  readonly at: EpochMs;
}

/**
 * An execution and what is known of it so far. Feedback that comes late is one more observation of the
 * same execution, with its own readings. A reading that is not there has not arrived: it counts for nothing.
 */
export interface ArmObservation {
  readonly execution: ExecutionId;
  /** The arm: the version that answered. */
  readonly version: number;
  /**
   * With which the draw gave this version: of the live version the shares of `live` and `control`
   * together. Null where no draw chose.
   */
  readonly probability: number | null;
  /** Who was assigned, where the assignment is sticky: calls of one unit are one draw. */
  readonly unit: string | null;
  /** When the call started. */
  readonly at: EpochMs;
  readonly readings: readonly MetricReading[];
}

/** An execution with the last reading of each metric. */
export interface MergedObservation extends Omit<ArmObservation, "readings"> {
  readonly readings: ReadonlyMap<string, MetricReading>;
}

/**
 * One observation for each execution, in the order of their ids, whatever order and batches they came in.
 * Of readings that were said in the same millisecond the greater counts.
 */
export function mergeObservations(observations: readonly ArmObservation[]): readonly MergedObservation[] {
  const byExecution = new Map<ExecutionId, ArmObservation & { readonly last: Map<string, MetricReading> }>();
  for (const observation of observations) {
    const known = byExecution.get(observation.execution);
    const last = known?.last ?? new Map<string, MetricReading>();
    if (known === undefined) byExecution.set(observation.execution, { ...observation, last });
    for (const reading of observation.readings) {
      const before = last.get(reading.metric);
      if (before === undefined || isLater(reading, before)) last.set(reading.metric, reading);
    }
  }
  return [...byExecution.values()]
    .sort((a, b) => (a.execution < b.execution ? -1 : 1))
    .map(({ last, ...observation }) => ({ ...observation, readings: last }));
}

function isLater(reading: MetricReading, before: MetricReading): boolean {
  return reading.at === before.at ? reading.value > before.value : reading.at > before.at;
}
