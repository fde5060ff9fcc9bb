/** The clock port: time is injected, so that rollouts, expiries and reports are exact in tests. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** The time, handed in so that tests hold it in their own hands. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. */
  now(): EpochMs;
  /** A monotone reading in milliseconds, for durations. */
  elapsed(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};
