/** How often a remote source and sink do what they do: one place for all of it, so that tests can be quick. */
import type { BackoffRange } from "./backoff.ts";

export interface RemotePace {
  /** Between two looks at the snapshot where events cannot be had. */
  readonly pollMs: number;
  /** Between failed looks. */
  readonly look: BackoffRange;
  /** Between tries at events that could not be had. */
  readonly listen: BackoffRange;
  /** After events ended, before they are asked for again: each process another part of it. */
  readonly spreadMs: number;
  /** Without a sign of life, after which events are taken for dead. */
  readonly silenceMs: number;
  /** After a change, before the snapshot goes to disk. */
  readonly keepMs: number;
  /** Between two marks that the snapshot on disk is still current. */
  readonly markMs: number;
  /** Between two words that this process is there. */
  readonly presentMs: number;
  /** That rows wait for others to travel with. */
  readonly gatherMs: number;
  /** Between failed batches. */
  readonly ship: BackoffRange;
  /** That `flush` takes at most. */
  readonly flushMs: number;
  /** That `close` waits for rows on their way. */
  readonly closeMs: number;
  /** Between two looks for what dead processes left. */
  readonly adoptMs: number;
}

export const PACE: RemotePace = {
  pollMs: 3_000,
  look: { first: 500, most: 30_000 },
  listen: { first: 5_000, most: 300_000 },
  spreadMs: 1_000,
  silenceMs: 45_000,
  keepMs: 2_000,
  markMs: 60_000,
  presentMs: 10_000,
  gatherMs: 200,
  ship: { first: 500, most: 30_000 },
  flushMs: 10_000,
  closeMs: 2_000,
  adoptMs: 30_000,
};
