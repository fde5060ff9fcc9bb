/** Merges two lists of lines that were made from a third: what both sides changed in one place is a conflict. */
import { diff3Merge } from "node-diff3";

export interface LineSides {
  /** What both were made from. */
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** Lines that are settled, or a place that both sides changed each in a way of its own. */
export type MergeRegion =
  | { readonly kind: "settled"; readonly lines: readonly string[] }
  | ({ readonly kind: "conflict" } & LineSides);

/** Comparing takes time with the product of the lines that differ; beyond this, all of them are one conflict. */
const MOST_PAIRS = 25_000_000;

/**
 * In the order of the lines. The same with the sides exchanged, except for which one is which in a conflict.
 *
 * Three-way merge after Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007).
 */
export function mergeLines(sides: LineSides): readonly MergeRegion[] {
  const { base, ours, theirs } = sides;
  if (sameLines(ours, theirs) || sameLines(theirs, base)) return settled(ours);
  if (sameLines(ours, base)) return settled(theirs);
  const head = commonLength(sides, (lines, index) => lines[index]);
  const rest = mapSides(sides, (lines) => lines.slice(head));
  const tail = commonLength(rest, (lines, index) => lines[lines.length - 1 - index]);
  const middle = mapSides(rest, (lines) => lines.slice(0, lines.length - tail));
  return [
    ...settled(base.slice(0, head)),
    ...mergeMiddle(middle),
    ...settled(base.slice(base.length - tail)),
  ];
}

function mergeMiddle({ base, ours, theirs }: LineSides): readonly MergeRegion[] {
  if (base.length * Math.max(ours.length, theirs.length) > MOST_PAIRS) {
    return [{ kind: "conflict", base, ours, theirs }];
  }
  return diff3Merge([...ours], [...base], [...theirs]).flatMap(({ ok = [], conflict }): MergeRegion[] => [
    ...settled(ok),
    ...(conflict === undefined
      ? []
      : [{ kind: "conflict", base: conflict.o, ours: conflict.a, theirs: conflict.b } as const]),
  ]);
}

function settled(lines: readonly string[]): MergeRegion[] {
  return lines.length === 0 ? [] : [{ kind: "settled", lines }];
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function mapSides(sides: LineSides, change: (lines: readonly string[]) => readonly string[]): LineSides {
  return { base: change(sides.base), ours: change(sides.ours), theirs: change(sides.theirs) };
}

/** How many lines all three have in common from one end on. */
function commonLength(
  { base, ours, theirs }: LineSides,
  at: (lines: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(base.length, ours.length, theirs.length);
  let length = 0;
  while (length < most && at(base, length) === at(ours, length) && at(base, length) === at(theirs, length)) {
    length++;
  }
  return length;
}
