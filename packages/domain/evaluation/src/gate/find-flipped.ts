/** Finds the cases on which the sides disagree most. */
import type { FlippedCase } from "./gate-verdict.ts";
import type { CasePair } from "./pair-cases.ts";

/** A case passes from that mean on, as scorers do. */
const PASSES = 0.5;
const HALF_THE_SCALE = 0.5;

/** Cases that pass on one side alone, or moved by half the scale; the worst first. */
export function findFlipped(pairs: readonly CasePair[]): readonly FlippedCase[] {
  return pairs
    .filter(
      ({ before, after, difference }) =>
        before >= PASSES !== after >= PASSES || Math.abs(difference) >= HALF_THE_SCALE,
    )
    .map(({ case: id, slices, before, after, difference }) => ({
      case: id,
      slice: slices,
      baseline: before,
      challenger: after,
      difference,
    }))
    .sort((a, b) => a.difference - b.difference || (a.case < b.case ? -1 : 1));
}
