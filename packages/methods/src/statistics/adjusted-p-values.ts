/** P-values of several tests at once, adjusted for their number. */

/**
 * Holm's step-down adjustment, in the order given: the chance of one false rejection or more is at
 * most the level at which adjusted values are read, however the tests depend on each other.
 *
 * S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly number[]): readonly number[] {
  let largest = 0;
  return inOrder(pValues, (p, rank) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    return largest;
  });
}

/**
 * Benjamini and Hochberg's adjustment, in the order given: of what is rejected, the expected share of
 * false rejections is at most the level, for independent or positively dependent tests.
 *
 * Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995).
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const count = pValues.length;
  let smallest = 1;
  // From the largest p-value down.
  return inOrder(
    pValues.map((p) => -p),
    (negative, rank) => {
      smallest = Math.min(smallest, (-negative * count) / (count - rank));
      return smallest;
    },
  );
}

/** Maps values from the smallest up and gives them back in the order they came in. */
function inOrder(values: readonly number[], map: (value: number, rank: number) => number): number[] {
  const result = new Array<number>(values.length);
  values
    .map((value, at) => ({ value, at }))
    .sort((a, b) => a.value - b.value || a.at - b.at)
    .forEach(({ value, at }, rank) => {
      result[at] = map(value, rank);
    });
  return result;
}
