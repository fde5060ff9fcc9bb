/** Which arms no other arm beats in everything, and by how much the others are beaten. */

/** An arm's values, one for each objective in the same order, greater being better. */
export type ArmValues = readonly number[];

/** Whether `a` is nowhere worse than `b` and somewhere better. */
export function dominates(a: ArmValues, b: ArmValues): boolean {
  let better = false;
  for (let at = 0; at < b.length; at += 1) {
    const [mine, theirs] = [a[at] as number, b[at] as number];
    if (mine < theirs) return false;
    if (mine > theirs) better = true;
  }
  return better;
}

/** The places of the arms that no other arm dominates, in their order. */
export function paretoFront(arms: readonly ArmValues[]): readonly number[] {
  const front: number[] = [];
  arms.forEach((arm, at) => {
    if (!arms.some((other) => dominates(other, arm))) front.push(at);
  });
  return front;
}

/**
 * By arm, Δᵢ = max(0, maxⱼ min_d(μⱼ_d − μᵢ_d)): by how much one arm is better in every objective at once.
 * It is 0 on the front, and for an arm that is only matched in one objective.
 *
 * M. Drugan and A. Nowé, Designing multi-objective multi-armed bandits algorithms, IJCNN 2013, with the
 * least difference in place of their Euclidean distance.
 */
export function paretoGaps(arms: readonly ArmValues[]): readonly number[] {
  return arms.map((arm) =>
    arms.reduce((gap, other) => {
      const least = Math.min(...other.map((value, at) => value - (arm[at] as number)));
      return Math.max(gap, least);
    }, 0),
  );
}
