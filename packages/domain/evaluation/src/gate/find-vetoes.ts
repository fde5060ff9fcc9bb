/** Collects what blocks a challenger whatever its mean. */
import { beside } from "./beside.ts";
import type { GuardVerdict, SliceVerdict, Veto } from "./gate-verdict.ts";
import { guardFigure, points } from "./say-figures.ts";
import type { ScoredSide } from "./scored-side.ts";

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
  const vetoes: Veto[] = [];
  for (const { case: id, other, own } of beside(baseline, challenger)) {
    const repeats = own?.failed ?? [];
    if (repeats.length === 0) continue;
    const baselineToo = (other?.failed.length ?? 0) > 0;
    const too = baselineToo ? ", as it does for the baseline" : "";
    const text = `A required rule fails on the case "${id}"${too}.`;
    vetoes.push({ kind: "required", case: id, repeats, baselineToo, text });
  }
  return vetoes;
}

function sliceVeto({ slice, difference, cases }: SliceVerdict): Veto {
  const text = `The blocking slice "${slice}" lost ${points(-difference)} on ${cases} cases.`;
  return { kind: "slice", slice, text };
}

function guardVeto(guard: GuardVerdict): Veto {
  return { kind: "guard", guard: guard.guard, text: `${guardFigure(guard)}, which is shown.` };
}
