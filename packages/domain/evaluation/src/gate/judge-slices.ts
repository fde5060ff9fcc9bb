/** Judges each slice of the cases by itself. */
import { benjaminiHochberg, holm } from "@colophon/methods";
import { comparePairs, lossPValue } from "./compare-pairs.ts";
import type { GateRules } from "./gate-options.ts";
import type { SliceVerdict } from "./gate-verdict.ts";
import type { CasePair } from "./pair-cases.ts";

/**
 * A slice is `worse` where it is shown to have lost more than the margin: among blocking slices with
 * Holm's adjustment, so that all of them together block an equal challenger at most alpha of the time;
 * among the others, which only inform, with Benjamini and Hochberg's. Worst first.
 */
export function judgeSlices(pairs: readonly CasePair[], rules: GateRules): readonly SliceVerdict[] {
  const bySlice = new Map<string, CasePair[]>();
  for (const pair of pairs) {
    for (const slice of pair.slices) {
      const members = bySlice.get(slice) ?? [];
      members.push(pair);
      bySlice.set(slice, members);
    }
  }
  const judged = [...bySlice].map(([slice, members]) => ({
    slice,
    ...comparePairs(members, rules),
    blocking: rules.blockingSlices.includes(slice),
    pValue: lossPValue(members, rules.margin),
  }));
  const blocking = judged.filter((one) => one.blocking);
  const others = judged.filter((one) => !one.blocking);
  const adjustedOf = (
    group: typeof judged,
    adjust: (pValues: readonly number[]) => readonly number[],
  ): SliceVerdict[] => {
    const adjusted = adjust(group.map(({ pValue }) => pValue));
    return group.map((one, at) => {
      const value = adjusted[at] ?? 1;
      return { ...one, adjusted: value, worse: value <= rules.alpha };
    });
  };
  return [...adjustedOf(blocking, holm), ...adjustedOf(others, benjaminiHochberg)].sort(
    (a, b) => a.difference - b.difference || a.slice.localeCompare(b.slice, "en"),
  );
}
