/** What lines of metrics are kept apart by, and where a sum or a row belongs. */
import type { Execution, Lane, MetricSums, Rollup } from "@colophon/kernel";

/** What metrics of a prompt can be told apart by, beside the environment. */
export const METRIC_DIMENSIONS = ["version", "lane", "model", "hour", "day"] as const;
export type MetricDimension = (typeof METRIC_DIMENSIONS)[number];

/** A line's place; what it is not told apart by is null in all of them. */
export interface MetricPlace {
  readonly environment: string;
  /** Null for the text in the code too. */
  readonly version: number | null;
  /** Null for what no lane served too: overrides, pins, the text in the code. */
  readonly lane: Lane | null;
  /** The model that answered, where one did. */
  readonly model: string | null;
  /** Hours since the epoch: the hour, or the first one of the (UTC) day. */
  readonly hour: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

type Placed = Pick<
  Rollup & MetricSums,
  "environment" | "version" | "lane" | "provider" | "requestedModel" | "answeringModel" | "hour"
>;

/** Of a sum that was asked for by the same hour or day. */
export function placeOfSum(sum: Placed, by: readonly MetricDimension[]): MetricPlace {
  const { environment, version, lane, provider, requestedModel, answeringModel, hour } = sum;
  return {
    environment,
    version: by.includes("version") ? version : null,
    lane: by.includes("lane") ? lane : null,
    model: by.includes("model") ? `${provider}/${answeringModel ?? requestedModel}` : null,
    hour: by.includes("hour") || by.includes("day") ? hour : null,
  };
}

export function placeOfRow(row: Execution, by: readonly MetricDimension[]): MetricPlace {
  const hours = Math.floor(row.at / HOUR_MS);
  const hour = by.includes("day") ? Math.floor(hours / DAY_HOURS) * DAY_HOURS : hours;
  return placeOfSum({ ...row, hour }, by);
}

export function placeName({ environment, version, lane, model, hour }: MetricPlace): string {
  return JSON.stringify([environment, hour, version, lane, model]);
}
