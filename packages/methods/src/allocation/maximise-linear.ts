/** The simplex method for the small linear programs of mixtures of arms. */

/** Maximise `gain · x` where every row of `rows` has `row · x ≤ limit`, and x ≥ 0; no limit is negative. */
export interface LinearProgram {
  readonly gain: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly limits: readonly number[];
}

/** What is smaller is rounding: the values here are shares. */
const ROUNDING = 1e-12;

/**
 * The greatest `gain · x`, or infinity. Starts at x = 0, which holds since no limit is negative, and
 * pivots by Bland's rule, which does not cycle where rows tie.
 *
 * R. Bland, New finite pivoting rules for the simplex method, Mathematics of Operations Research 2 (1977).
 */
export function maximiseLinear({ gain, rows, limits }: LinearProgram): number {
  const count = gain.length;
  // Each row: its coefficients, one slack per row, the limit. The last row holds what can still be gained.
  const tableau = [...rows, gain].map((row, at) => [
    ...row,
    ...rows.map((_, slack) => (slack === at ? 1 : 0)),
    limits[at] ?? 0,
  ]);
  const objective = tableau[rows.length] as number[];
  const basis = rows.map((_, at) => count + at);
  const last = objective.length - 1;
  for (;;) {
    const entering = objective.findIndex((value, at) => at < last && value > ROUNDING);
    if (entering < 0) return -(objective[last] ?? 0);
    const leaving = leavingRow(tableau, basis, entering);
    if (leaving < 0) return Number.POSITIVE_INFINITY;
    pivot(tableau, leaving, entering);
    basis[leaving] = entering;
  }
}

/** The row that limits the entering variable first; of several the one whose variable comes first. */
function leavingRow(
  tableau: readonly (readonly number[])[],
  basis: readonly number[],
  entering: number,
): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  basis.forEach((variable, at) => {
    const row = tableau[at] ?? [];
    const slope = row[entering] ?? 0;
    if (slope <= ROUNDING) return;
    const ratio = (row.at(-1) ?? 0) / slope;
    if (ratio < least || (ratio === least && variable < (basis[best] ?? 0))) [best, least] = [at, ratio];
  });
  return best;
}

function pivot(tableau: readonly number[][], leaving: number, entering: number): void {
  const row = tableau[leaving] as number[];
  const scale = row[entering] ?? 1;
  for (let at = 0; at < row.length; at += 1) row[at] = (row[at] ?? 0) / scale;
  for (const other of tableau) {
    const factor = other[entering] ?? 0;
    if (other === row || factor === 0) continue;
    for (let at = 0; at < other.length; at += 1) other[at] = (other[at] ?? 0) - factor * (row[at] ?? 0);
  }
}
