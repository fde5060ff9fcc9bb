/** Says what makes a run unfit to be judged at all. */
import type { GateRules } from "./gate-options.ts";
import type { PairedCases } from "./pair-cases.ts";
import type { ScoredSide } from "./scored-side.ts";

export interface NamedSide {
  readonly name: "baseline" | "challenger" | "anchor";
  readonly side: ScoredSide;
}

/** The challenger paired with another side. */
export interface NamedPairs {
  readonly name: "baseline" | "anchor";
  readonly paired: PairedCases;
}

/** One sentence for each reason; none for a run that can be judged. */
export function findTrouble(
  sides: readonly NamedSide[],
  pairings: readonly NamedPairs[],
  rules: GateRules,
): readonly string[] {
  return [
    ...rules.trouble,
    ...sides.flatMap((side) => sideTrouble(side, rules)),
    ...pairings.flatMap((pairing) => pairTrouble(pairing, rules)),
  ];
}

function sideTrouble({ name, side }: NamedSide, rules: GateRules): readonly string[] {
  const { lines, errors, unscored } = side;
  if (lines === 0) return [`There are no scores of the ${name}.`];
  const said: string[] = [];
  if (errors > rules.maxErrorShare * lines) {
    said.push(
      `${errors} of ${lines} answers of the ${name} have no score (${percent(errors / lines)}, at most ${percent(rules.maxErrorShare)} may): an error is no score of 0, so there is no verdict.`,
    );
  }
  // The anchor stands in for nobody's required metric: it is compared by its aggregate alone.
  if (name === "anchor") return said;
  for (const [metric, id] of unscored) {
    said.push(`The required metric "${metric}" has no score on the case "${id}" of the ${name}.`);
  }
  return said;
}

function pairTrouble({ name, paired }: NamedPairs, rules: GateRules): readonly string[] {
  const { pairs, unpaired, conflicts } = paired;
  const all = pairs.length + unpaired.length;
  const said: string[] = [];
  if (pairs.length === 0) said.push(`No case has a score of both challenger and ${name}.`);
  else if (unpaired.length > rules.maxUnpairedShare * all) {
    said.push(
      `${unpaired.length} of ${all} cases lack a score of challenger or ${name} (${percent(unpaired.length / all)}, at most ${percent(rules.maxUnpairedShare)} may), such as "${unpaired[0]}".`,
    );
  }
  if (conflicts.length > 0) {
    said.push(
      `The case "${conflicts[0]}" is in another cluster for the ${name} than for the challenger: these are not the same cases.`,
    );
  }
  return said;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
