/** Lets go of rows of calls that are long over; their sums stay. */
import { type EpochMs, HarnessError, type RetainedCounts } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface RetainRequest {
  /** Rows of calls that started before then go, or fewer where rows lie together. */
  readonly before: EpochMs;
  /** Counts alone, and changes nothing. */
  readonly dryRun?: boolean;
}

export interface RetainedRows extends Omit<RetainedCounts, "since"> {
  /** ISO 8601: rows of calls that started then or later are kept. */
  readonly since: string;
  readonly dryRun: boolean;
}

/**
 * Lets go of rows, their outcomes, starts and contents, or says how many would go.
 *
 * @throws HarnessError `time-invalid` for a time to come, `store-unsupported` for a store that keeps every
 * row, `store-read-only` for anybody but the owner of the store.
 * @example
 * const { since, executions } = await retainRows(harness, { before: Date.parse("2026-01-01"), dryRun: true });
 */
export async function retainRows(
  harness: Harness,
  { before, dryRun = false }: RetainRequest,
): Promise<RetainedRows> {
  if (before > harness.clock.now()) {
    throw new HarnessError(
      "time-invalid",
      `${new Date(before).toISOString()} is still to come; name a time that has been.`,
    );
  }
  const { since, executions, outcomes } = await harness.care.retain(before, harness.actor, { dryRun });
  return { since: new Date(since).toISOString(), executions, outcomes, dryRun };
}
