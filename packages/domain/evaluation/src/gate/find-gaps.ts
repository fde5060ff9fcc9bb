/** Finds evidence that a challenger lacks and that could have spoken against it. */
import { beside } from "./beside.ts";
import type { GateRules } from "./gate-options.ts";
import type { ScoredCase, ScoredSide } from "./scored-side.ts";

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

/** Sums of shares such as thirds that are the same differ by about so much. */
const ROUNDING = 1e-12;

/** Without another side the whole share that is missing. */
function excessOf(other: ScoredSide | null, challenger: ScoredSide): number {
  let [excess, cases] = [0, 0];
  for (const one of beside(other, challenger)) {
    excess += (other === null ? 1 : scoredShare(one.other)) - scoredShare(one.own);
    cases += 1;
  }
  return excess > ROUNDING * cases ? excess / cases : 0;
}

function scoredShare(one: ScoredCase | undefined): number {
  return one === undefined ? 0 : one.scored / one.answers;
}

/**
 * A rule that nobody could check has not passed. A case has one where any of its answers has a result; an
 * error leaves that open where no answer of the case tells, and the set has rules at all.
 */
function unruledCases(baseline: ScoredSide | null, challenger: ScoredSide): readonly string[] {
  const unruled: string[] = [];
  let hasRules = false;
  for (const { case: id, other, own } of beside(baseline, challenger)) {
    const known = [other, own].filter((one) => one !== undefined);
    const isRuled = known.some(({ ruled }) => ruled > 0);
    hasRules ||= isRuled;
    if (own !== undefined && own.ruled === own.answers) continue;
    if (isRuled || !known.some(({ scored }) => scored > 0)) unruled.push(id);
  }
  return hasRules ? unruled : [];
}

function thinSlices(baseline: ScoredSide, challenger: ScoredSide, rules: GateRules): readonly string[] {
  return rules.blockingSlices.filter((slice) => {
    let [members, lacking] = [0, 0];
    for (const { other, own } of beside(baseline, challenger)) {
      const sides = [other, own];
      if (!sides.some((side) => side?.slices.includes(slice))) continue;
      members += 1;
      if (sides.some((side) => side === undefined || side.scored === 0)) lacking += 1;
    }
    return lacking < members && lacking > rules.maxUnpairedShare * members;
  });
}
