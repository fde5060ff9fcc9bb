/** Precision, recall and their harmonic mean, out of counts. */

/** Each in [0, 1]. */
export interface OverlapScore {
  /** Share of what was said that was wanted. */
  readonly precision: number;
  /** Share of what was wanted that was said. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
}

/** Two empty texts agree; an empty one and another do not. */
export function overlapScore({
  shared,
  said,
  wanted,
}: {
  readonly shared: number;
  readonly said: number;
  readonly wanted: number;
}): OverlapScore {
  if (said === 0 && wanted === 0) return { precision: 1, recall: 1, f1: 1 };
  if (shared === 0) return { precision: 0, recall: 0, f1: 0 };
  return { precision: shared / said, recall: shared / wanted, f1: (2 * shared) / (said + wanted) };
}
