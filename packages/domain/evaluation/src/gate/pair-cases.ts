/** Pairs the cases of two sides, and keeps apart what has no pair. */
import { beside } from "./beside.ts";
import type { ScoredCase, ScoredSide } from "./scored-side.ts";

/** A case that both sides have a score of. */
export interface CasePair {
  readonly case: string;
  readonly cluster: string | null;
  readonly slices: readonly string[];
  readonly baseline: ScoredCase;
  readonly challenger: ScoredCase;
  /** Means over repeats. */
  readonly before: number;
  readonly after: number;
  /** `after` less `before`. */
  readonly difference: number;
}

export interface PairedCases {
  /** By case, so that the order of the lines changes nothing. */
  readonly pairs: readonly CasePair[];
  /** Cases that only one side has a score of, or that neither has. */
  readonly unpaired: readonly string[];
  /** Cases that the sides put into different clusters: they are not the same cases. */
  readonly conflicts: readonly string[];
}

export function pairCases(baseline: ScoredSide, challenger: ScoredSide): PairedCases {
  const pairs: CasePair[] = [];
  const unpaired: string[] = [];
  const conflicts: string[] = [];
  for (const { case: id, other: before, own: after } of beside(baseline, challenger)) {
    const pair = before === undefined || after === undefined ? undefined : pairOf(before, after);
    if (pair === undefined) unpaired.push(id);
    else pairs.push(pair);
    if (before !== undefined && after !== undefined && before.cluster !== after.cluster) conflicts.push(id);
  }
  return { pairs, unpaired, conflicts };
}

function pairOf(baseline: ScoredCase, challenger: ScoredCase): CasePair | undefined {
  const [before, after] = [baseline.mean, challenger.mean];
  if (before === null || after === null) return undefined;
  return {
    case: baseline.case,
    cluster: baseline.cluster,
    slices: unionOf(baseline.slices, challenger.slices),
    baseline,
    challenger,
    before,
    after,
    difference: after - before,
  };
}

function unionOf(one: readonly string[], other: readonly string[]): readonly string[] {
  return other.every((slice) => one.includes(slice)) ? one : [...new Set([...one, ...other])].sort();
}
