/** Cuts a span of time into whole units, whose sums are kept, and what is left at its ends. */

export interface Span {
  /** First millisecond. */
  readonly from: number;
  /** The millisecond after the last. */
  readonly until: number;
}

export interface SpanPiece extends Span {
  /** Milliseconds of the units that the piece consists of; null for one that cuts even the smallest. */
  readonly unit: number | null;
  /** Whether the piece is to be added, or taken away from a larger one. */
  readonly sign: 1 | -1;
}

/**
 * Each end goes to the nearest border of a unit, so what is left is at most half a unit, to be added or
 * taken away; the next smaller unit cuts it in turn. All pieces with their signs come to the span.
 *
 * @param units milliseconds, the largest first, each a multiple of the next.
 */
export function cutSpan(
  { from, until }: Span,
  units: readonly number[],
  sign: 1 | -1 = 1,
): readonly SpanPiece[] {
  if (from >= until) return [];
  const [unit, ...smaller] = units;
  if (unit === undefined) return [{ from, until, unit: null, sign }];
  const first = Math.round(from / unit) * unit;
  const last = Math.round(until / unit) * unit;
  if (first === last) return cutSpan({ from, until }, smaller, sign);
  const other = sign === 1 ? -1 : 1;
  return [
    { from: first, until: last, unit, sign },
    ...cutSpan({ from, until: first }, smaller, sign),
    ...cutSpan({ from: first, until: from }, smaller, other),
    ...cutSpan({ from: last, until }, smaller, sign),
    ...cutSpan({ from: until, until: last }, smaller, other),
  ];
}

/**
 * The same with nothing to be taken away, for sums of fractions: beside a far larger value what is left of
 * a difference says nothing. What is left at the ends is up to a whole unit.
 */
export function fillSpan({ from, until }: Span, units: readonly number[]): readonly SpanPiece[] {
  if (from >= until) return [];
  const [unit, ...smaller] = units;
  if (unit === undefined) return [{ from, until, unit: null, sign: 1 }];
  const first = Math.ceil(from / unit) * unit;
  const last = Math.floor(until / unit) * unit;
  if (first >= last) return fillSpan({ from, until }, smaller);
  return [
    { from: first, until: last, unit, sign: 1 },
    ...fillSpan({ from, until: first }, smaller),
    ...fillSpan({ from: last, until }, smaller),
  ];
}
