/** Collects what blocks a challenger whatever its mean. */
import type { ScoredSide } from "./fold-scores.ts";
import type { GuardVerdict, SliceVerdict, Veto } from "./gate-verdict.ts";
import { guardFigure, points } from "./say-figures.ts";

export interface VetoGrounds {
  /** Null for a first version. */
  readonly baseline: ScoredSide | null;
  readonly challenger: ScoredSide;
  readonly slices: readonly SliceVerdict[];
  readonly guards: readonly GuardVerdict[];
}

/** Required rules by case, one failed repeat being enough, then blocking slices, then guards. */
export function findVetoes({ baseline, challenger, slices, guards }: VetoGrounds): readonly Veto[] {
  return [
    ...requiredVetoes(baseline, challenger),
    ...slices.filter(({ blocking, worse }) => blocking && worse).map(sliceVeto),
    ...guards.filter(({ status }) => status === "exceeds").map(guardVeto),
  ];
}

function requiredVetoes(baseline: ScoredSide | null, challenger: ScoredSide): readonly Veto[] {
  return [...challenger.cases.values()]
    .filter(({ failed }) => failed.length > 0)
    .sort((a, b) => (a.case < b.case ? -1 : 1))
    .map(({ case: id, failed }) => {
      const baselineToo = (baseline?.cases.get(id)?.failed.length ?? 0) > 0;
      const too = baselineToo ? ", as it does for the baseline" : "";
      const text = `A required rule fails on the case "${id}"${too}.`;
      return { kind: "required", case: id, repeats: failed, baselineToo, text };
    });
}

function sliceVeto({ slice, difference, cases }: SliceVerdict): Veto {
  const text = `The blocking slice "${slice}" lost ${points(-difference)} on ${cases} cases.`;
  return { kind: "slice", slice, text };
}

function guardVeto(guard: GuardVerdict): Veto {
  return { kind: "guard", guard: guard.guard, text: `${guardFigure(guard)}, which is shown.` };
}
