/** Figures of what rows themselves say. */
import type { Rollup } from "@colophon/kernel";
import { type MetricFigure, meanFigure, type SummedValues, shareFigure } from "./metric-figure.ts";

/** Counts of calls, added up. */
export type CallCounts = Pick<
  Rollup,
  "calls" | "errors" | "aborted" | "retries" | "schemaOk" | "schemaBad" | "refused"
>;

export const NO_CALLS: CallCounts = {
  calls: 0,
  errors: 0,
  aborted: 0,
  retries: 0,
  schemaOk: 0,
  schemaBad: 0,
  refused: 0,
};

export function addCalls(counts: CallCounts, sum: CallCounts): CallCounts {
  return {
    calls: counts.calls + sum.calls,
    errors: counts.errors + sum.errors,
    aborted: counts.aborted + sum.aborted,
    retries: counts.retries + sum.retries,
    schemaOk: counts.schemaOk + sum.schemaOk,
    schemaBad: counts.schemaBad + sum.schemaBad,
    refused: counts.refused + sum.refused,
  };
}

/** Metrics of rows that are amounts, with why they may be missing. */
const AMOUNTS = {
  latency: "no call was recorded",
  firstToken: "no answer was streamed",
  outputLength: "no answer's text was read",
  inputTokens: "no provider named its tokens",
  outputTokens: "no provider named its tokens",
} as const;

export const ROW_AMOUNTS: readonly string[] = Object.keys(AMOUNTS);

/**
 * An aborted call neither failed nor came to an end, so it is in no share of errors. Whether an answer was
 * declined is known of those that were read, which is what tokens or a text were read of.
 */
export function rowFigures(
  counts: CallCounts,
  sums: ReadonlyMap<string, SummedValues>,
): Readonly<Record<string, MetricFigure>> {
  const { calls, errors, aborted, retries, schemaOk, schemaBad, refused } = counts;
  const answered = calls - errors - aborted;
  const seen = Math.max(
    sums.get("outputLength")?.count ?? 0,
    sums.get("outputTokens")?.count ?? 0,
    schemaOk + schemaBad,
    refused,
  );
  const read = Math.max(refused, Math.min(answered, seen));
  const amounts = Object.entries(AMOUNTS).map(([metric, missing]) => [
    metric,
    meanFigure("amount", sums.get(metric) ?? NO_VALUES, missing),
  ]);
  return {
    errors: shareFigure({ hits: errors, of: calls - aborted }, "no call came to an end"),
    aborted: shareFigure({ hits: aborted, of: calls }, "no call was recorded"),
    schemaOk: shareFigure(
      { hits: schemaOk, of: schemaOk + schemaBad },
      "no answer was held against an output contract",
    ),
    refused: shareFigure({ hits: refused, of: read }, "no answer was read"),
    retries: shareFigure({ hits: retries, of: calls }, "no call was recorded"),
    ...Object.fromEntries(amounts),
  };
}

const NO_VALUES: SummedValues = { count: 0, sum: 0, sumOfSquares: 0, sketch: null };
