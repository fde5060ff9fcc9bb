/** One figure of a metric: a share or a mean with its interval and its count, or in words why there is none. */
import { type MetricKind, type MetricSums, sketchQuantile } from "@colophon/kernel";
import { studentQuantile, wilsonBounds } from "@colophon/methods";

/** Quantiles of an amount, within 2 % where they come from sketches. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** All intervals are of 95 %. */
export interface MetricFigure {
  readonly kind: MetricKind;
  /** The share of events, or the mean; null where nothing says it, which is neither 0 nor good. */
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** What it rests on: calls, or signals of an outcome. */
  readonly samples: number;
  /** Of amounts alone. */
  readonly quantiles: Quantiles | null;
  /** In words, why there is no value; null where there is one. */
  readonly reason: string | null;
}

/** One-sided on either side, so that an interval holds 95 %. */
export const ALPHA = 0.025;

/** What the sums of a metric add up to. */
export type SummedValues = Pick<MetricSums, "count" | "sum" | "sumOfSquares" | "sketch">;

export function noFigure(kind: MetricKind, reason: string): MetricFigure {
  return { kind, value: null, lower: null, upper: null, samples: 0, quantiles: null, reason };
}

/** A share with Wilson's interval. */
export function shareFigure({ hits, of }: { readonly hits: number; readonly of: number }, missing: string) {
  if (of <= 0) return noFigure("event", missing);
  const { lower, upper } = wilsonBounds({ hits, of }, ALPHA);
  return { ...noFigure("event", missing), value: hits / of, lower, upper, samples: of, reason: null };
}

/**
 * A mean with Student's interval, that of scores within [0, 1]; of one value alone there is none. Calls of one
 * user resemble each other, which sums do not know: the interval is that of calls that do not.
 */
export function meanFigure(kind: "score" | "amount", sums: SummedValues, missing: string): MetricFigure {
  const { count, sum, sumOfSquares, sketch } = sums;
  if (count === 0) return noFigure(kind, missing);
  const value = sum / count;
  const variance = count < 2 ? null : Math.max(0, (sumOfSquares - sum * value) / (count - 1));
  const reach =
    variance === null ? null : studentQuantile(1 - ALPHA, count - 1) * Math.sqrt(variance / count);
  const clip = (bound: number): number => (kind === "score" ? Math.min(1, Math.max(0, bound)) : bound);
  return {
    kind,
    value,
    lower: reach === null ? null : clip(value - reach),
    upper: reach === null ? null : clip(value + reach),
    samples: count,
    quantiles: kind === "amount" && sketch !== null ? quantilesOf(sketch) : null,
    reason: null,
  };
}

function quantilesOf(sketch: NonNullable<MetricSums["sketch"]>): Quantiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => sketchQuantile(sketch, share));
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 };
}
