/** What a row of the ledger, or an outcome, says of a metric. */
import {
  type CustomMetric,
  type Execution,
  type Outcome,
  type OutcomeValue,
  STANDARD_METRICS,
} from "@colophon/kernel";

/** Money of one call; null where it is unpriced, which is not 0. */
export type CostOf = (execution: Execution) => { readonly amount: number; readonly currency: string } | null;

/** What a metric is made of and which way is worse; undefined for an outcome that nobody described. */
export function metricKind(metric: string, custom?: CustomMetric): CustomMetric | undefined {
  if (!Object.hasOwn(STANDARD_METRICS, metric)) return custom;
  const { kind, worse } = STANDARD_METRICS[metric as keyof typeof STANDARD_METRICS];
  return { kind, worse };
}

/** Metrics that rows have, by name. */
const OF_ROWS: Readonly<Record<string, (execution: Execution) => boolean | number | null>> = {
  // An aborted call neither failed nor came to an end.
  errors: ({ status }) => (status === "aborted" ? null : status === "error"),
  schemaOk: ({ schemaOk }) => schemaOk,
  refused: ({ refused }) => refused,
  // What failed or was cut off says nothing of how long an answer takes, or how long it is.
  latency: ({ status, latency }) => (status === "ok" ? latency : null),
  firstToken: ({ status, firstToken }) => (status === "ok" ? firstToken : null),
  outputLength: ({ status, outputLength }) => (status === "ok" ? outputLength : null),
};

/** Metrics whose name is not that of the outcome that they are read from. */
const OUTCOME_OF: Readonly<Record<string, string>> = { thumbsDown: "thumbs" };

/**
 * A row's value of a metric: events are 1 where they happened and 0 where not. Null where the row does not
 * say, and for metrics of outcomes.
 */
export function rowValue(metric: string, execution: Execution, costOf: CostOf): number | null {
  if (metric === "cost") return costOf(execution)?.amount ?? null;
  if (!Object.hasOwn(OF_ROWS, metric)) return null;
  const value = OF_ROWS[metric]?.(execution) ?? null;
  return value === null ? null : Number(value);
}

/**
 * An outcome's value of a metric; null where it is about something else, where its value is none that such
 * a metric can have, and where the row itself says it.
 */
export function outcomeValue(
  metric: string,
  { outcome, execution }: { readonly outcome: Outcome; readonly execution: Execution },
  custom?: CustomMetric,
): number | null {
  if (outcome.name !== (OUTCOME_OF[metric] ?? metric)) return null;
  if (Object.hasOwn(OF_ROWS, metric)) {
    const said = OF_ROWS[metric]?.(execution) ?? null;
    // Only what a row leaves open is an outcome's to say; how long a user waited is another metric.
    if (said !== null || metricKind(metric)?.kind !== "event") return null;
  }
  const value = numberOf(outcome.value, metricKind(metric, custom)?.kind);
  return value !== null && metric === "thumbsDown" ? 1 - value : value;
}

function numberOf(value: OutcomeValue, kind: CustomMetric["kind"] | undefined): number | null {
  switch (kind) {
    case "event":
      return typeof value === "boolean" ? Number(value) : null;
    case "score":
      return typeof value === "number" && value >= 0 && value <= 1 ? value : null;
    case "amount":
      return typeof value === "number" ? value : null;
    default:
      return null;
  }
}
