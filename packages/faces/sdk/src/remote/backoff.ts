/** How long to wait before the next try: longer with each failure, and never for all at the same moment. */
import type { RandomSource } from "@colophon/kernel";

export interface BackoffRange {
  /** Milliseconds after the first failure; doubled with each further one. */
  readonly first: number;
  readonly most: number;
}

/** Between half of the pause and the whole of it. */
export function backoff(failures: number, { first, most }: BackoffRange, random: RandomSource): number {
  const whole = Math.min(most, first * 2 ** Math.max(0, failures - 1));
  return whole * (0.5 + jitter(random) / 2);
}

/** 0 up to 1. */
export function jitter(random: RandomSource): number {
  const [value = 0] = new Uint32Array(random.fill(new Uint8Array(4)).buffer);
  return value / 2 ** 32;
}
