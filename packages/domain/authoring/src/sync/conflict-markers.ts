/** The marks of a merge that people have to finish. */
import type { MergeRegion } from "./merge-lines.ts";

/** Names of the three sides, as the marks show them. */
export interface SideNames {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/** All lines, with both sides and what they were made from where they disagree. */
export function markConflicts(regions: readonly MergeRegion[], names: SideNames): readonly string[] {
  return regions.flatMap((region) =>
    region.kind === "settled"
      ? region.lines
      : [
          `<<<<<<< ${names.ours}`,
          ...region.ours,
          `||||||| ${names.base}`,
          ...region.base,
          "=======",
          ...region.theirs,
          `>>>>>>> ${names.theirs}`,
        ],
  );
}

/** The line (from 1) of the first conflict that nobody has finished; undefined for none. */
export function conflictLine(source: string): number | undefined {
  const lines = source.split(/\r?\n/);
  const begin = lines.findIndex((line) => line.startsWith("<<<<<<< "));
  if (begin < 0) return undefined;
  const middle = lines.findIndex((line, index) => index > begin && line === "=======");
  const end = lines.findIndex((line, index) => index > middle && line.startsWith(">>>>>>> "));
  return middle < 0 || end < 0 ? undefined : begin + 1;
}
