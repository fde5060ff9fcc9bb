/** Finds evidence that a challenger lacks and that could have spoken against it. */
import { caseMean, type ScoredCase, type ScoredSide } from "./fold-scores.ts";
import type { GateRules } from "./gate-options.ts";

export interface EvidenceGaps {
  /**
   * Share of its answers that the challenger has no score of, beyond those that the baseline has none of:
   * by so much its mean would be lower if all of these had failed. 0 where the baseline lacks as many.
   */
  readonly live: number;
  /** The same beside the anchor; 0 without one. */
  readonly anchor: number;
  /** Cases with a required rule that has no result on some answer of the challenger, sorted. */
  readonly unruled: readonly string[];
  /** Blocking slices of which too many cases have no pair. */
  readonly thinSlices: readonly string[];
}

export interface GateSides {
  /** Null for a first version. */
  readonly baseline: ScoredSide | null;
  readonly challenger: ScoredSide;
  readonly anchor: ScoredSide | null;
}

export function findGaps({ baseline, challenger, anchor }: GateSides, rules: GateRules): EvidenceGaps {
  return {
    live: excessOf(baseline, challenger),
    anchor: anchor === null ? 0 : excessOf(anchor, challenger),
    unruled: unruledCases(baseline, challenger),
    thinSlices: baseline === null ? [] : thinSlices(baseline, challenger, rules),
  };
}

/** Without another side the whole share that is missing. */
function excessOf(other: ScoredSide | null, challenger: ScoredSide): number {
  const ids = idsOf(other, challenger);
  let excess = 0;
  for (const id of ids) {
    excess += (other === null ? 1 : scoredShare(other.cases.get(id))) - scoredShare(challenger.cases.get(id));
  }
  return ids.length === 0 ? 0 : Math.max(0, excess / ids.length);
}

function scoredShare(one: ScoredCase | undefined): number {
  return one === undefined ? 0 : one.scores.length / one.answers;
}

/**
 * A rule that nobody could check has not passed. A case has one where any of its answers has a result; an
 * error leaves that open where no answer of the case tells, and the set has rules at all.
 */
function unruledCases(baseline: ScoredSide | null, challenger: ScoredSide): readonly string[] {
  const isRuled = ({ ruled }: ScoredCase): boolean => ruled > 0;
  const sides = baseline === null ? [challenger] : [baseline, challenger];
  const hasRules = sides.some(({ cases }) => [...cases.values()].some(isRuled));
  if (!hasRules) return [];
  return idsOf(baseline, challenger)
    .filter((id) => {
      const own = challenger.cases.get(id);
      if (own !== undefined && own.ruled === own.answers) return false;
      const known = sides.flatMap(({ cases }) => cases.get(id) ?? []);
      return known.some(isRuled) || !known.some(({ scores }) => scores.length > 0);
    })
    .sort();
}

function thinSlices(baseline: ScoredSide, challenger: ScoredSide, rules: GateRules): readonly string[] {
  return rules.blockingSlices.filter((slice) => {
    let [members, lacking] = [0, 0];
    for (const id of idsOf(baseline, challenger)) {
      const sides = [baseline.cases.get(id), challenger.cases.get(id)];
      if (!sides.some((side) => side?.slices.includes(slice))) continue;
      members += 1;
      if (sides.some((side) => side === undefined || caseMean(side) === null)) lacking += 1;
    }
    return lacking < members && lacking > rules.maxUnpairedShare * members;
  });
}

function idsOf(other: ScoredSide | null, challenger: ScoredSide): readonly string[] {
  return [...new Set([...(other?.cases.keys() ?? []), ...challenger.cases.keys()])];
}
