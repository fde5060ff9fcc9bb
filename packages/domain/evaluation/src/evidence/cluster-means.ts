/** Lets calls of one unit say one thing together: the mean of its first pairs, once. */

interface OpenCluster {
  readonly sums: number[];
  count: number;
  /** Number of the last pair of it, of all pairs. */
  last: number;
}

/** Pairs of one unit that are averaged at most; what comes after says nothing more. */
const MOST_PAIRS = 10;
/** Pairs of others after which a unit is taken to be silent. */
const QUIET_PAIRS = 30;

/**
 * Pairs of one user or session resemble each other, so they are no independent observations. A unit is closed
 * at its tenth pair, or once thirty pairs of others have come since its last; then the mean of its pairs is one
 * observation, and its later pairs are none. What closes a unit is how many pairs came, never what they said.
 */
export class ClusterMeans {
  /** By how long they have been silent, the longest first. */
  readonly #open = new Map<string, OpenCluster>();
  readonly #closed = new Set<string>();
  #pairs = 0;

  /**
   * @param unit null where nobody knows whose call it was: then it is a unit of its own.
   * @param values the same number of them for each pair.
   * @returns the observations that are finished by it, in their order.
   */
  add(unit: string | null, values: readonly number[]): readonly (readonly number[])[] {
    this.#pairs += 1;
    const quiet = this.#closeQuiet();
    if (unit === null) return [...quiet, values];
    if (this.#closed.has(unit)) return quiet;
    const known = this.#open.get(unit) ?? { sums: values.map(() => 0), count: 0, last: 0 };
    values.forEach((value, at) => {
      known.sums[at] = (known.sums[at] ?? 0) + value;
    });
    known.count += 1;
    known.last = this.#pairs;
    this.#open.delete(unit);
    this.#open.set(unit, known);
    return known.count >= MOST_PAIRS ? [...quiet, this.#close(unit, known)] : quiet;
  }

  #closeQuiet(): readonly (readonly number[])[] {
    const quiet: (readonly number[])[] = [];
    for (const [unit, cluster] of this.#open) {
      if (this.#pairs - cluster.last <= QUIET_PAIRS) break;
      quiet.push(this.#close(unit, cluster));
    }
    return quiet;
  }

  #close(unit: string, { sums, count }: OpenCluster): readonly number[] {
    this.#open.delete(unit);
    this.#closed.add(unit);
    return sums.map((sum) => sum / count);
  }
}
