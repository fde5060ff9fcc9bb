/** The window that metrics are read in: whole hours, as their sums are kept. */
import { type EpochMs, HarnessError } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

export interface MetricWindow {
  readonly since: EpochMs;
  /** Exclusive. */
  readonly until: EpochMs;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

/**
 * Moves bounds outwards to whole hours, so that all figures are of the same calls; a week back from now where
 * nothing is said.
 *
 * @throws HarnessError `usage` for a window of no time.
 */
export function metricWindow(
  { clock }: Harness,
  asked: { readonly since?: EpochMs; readonly until?: EpochMs },
): MetricWindow {
  const until = Math.ceil((asked.until ?? clock.now() + 1) / HOUR_MS) * HOUR_MS;
  const since = Math.floor((asked.since ?? until - WEEK_MS) / HOUR_MS) * HOUR_MS;
  if (since < until) return { since, until };
  throw new HarnessError(
    "usage",
    `Metrics from ${new Date(since).toISOString()} until ${new Date(until).toISOString()} are of no time at all; begin before the end.`,
  );
}
