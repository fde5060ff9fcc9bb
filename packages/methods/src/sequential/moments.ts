/** Count, mean, spread and skewness of values, one by one or merged. */
import { HarnessError } from "@colophon/kernel";

/** Plain data: as JSON and back it goes on with the same numbers. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Squared distances from the mean, summed. */
  readonly squares: number;
  /** Cubed distances from the mean, summed. */
  readonly cubes: number;
}

export const NO_VALUES: Moments = { count: 0, mean: 0, squares: 0, cubes: 0 };

/** @throws HarnessError `usage` for a value that is no finite number. */
export function addToMoments(moments: Moments, value: number): Moments {
  if (!Number.isFinite(value)) {
    throw new HarnessError("usage", `There is no mean of the value ${value}; give finite numbers.`);
  }
  return mergeMoments(moments, { count: 1, mean: value, squares: 0, cubes: 0 });
}

/**
 * As if the values of both had been added to one, in any order but for rounding. P. Pébay, Sandia report
 * SAND2008-6212.
 */
export function mergeMoments(one: Moments, other: Moments): Moments {
  const [n, m] = [one.count, other.count];
  const count = n + m;
  if (count === 0) return NO_VALUES;
  const gap = other.mean - one.mean;
  const crossed = (gap * n * m) / count;
  const squared = gap * crossed;
  return {
    count,
    mean: one.mean + (gap * m) / count,
    squares: one.squares + other.squares + squared,
    cubes:
      one.cubes +
      other.cubes +
      (squared * gap * (n - m)) / count +
      (3 * gap * (n * other.squares - m * one.squares)) / count,
  };
}

/** The squared standard error of the mean; null with fewer than two values. */
export function meanVariance({ count, squares }: Moments): number | null {
  return count < 2 ? null : squares / (count - 1) / count;
}

/** m₃/m₂^1.5 of the values about the mean of their own moments; 0 where nothing varies. */
export function skewnessWithin(all: readonly Moments[]): number {
  let [count, squares, cubes] = [0, 0, 0];
  for (const moments of all) {
    count += moments.count;
    squares += moments.squares;
    cubes += moments.cubes;
  }
  return squares === 0 ? 0 : cubes / count / (squares / count) ** 1.5;
}
