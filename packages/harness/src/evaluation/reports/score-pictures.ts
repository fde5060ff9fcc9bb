/** Counts scores and paired differences into parts, for pictures. */
import { beside, type ScoredSide } from "@colophon/evaluation";
import type { Histogram, Picture } from "./report.ts";

const PARTS = 20;

/** Case means of each side, and how far cases moved between the first side and the last. */
export function scorePictures(
  sides: readonly { readonly name: string; readonly scores: ScoredSide }[],
): readonly Picture[] {
  const series = sides.map(({ name, scores }) => histogram(name, meansOf(scores), [0, 1]));
  const picture: Picture = { kind: "histograms", title: "Scores by case", unit: "cases", series };
  const first = sides[0]?.scores;
  const last = sides.at(-1)?.scores;
  if (sides.length < 2 || first === undefined || last === undefined) return [picture];
  const differences: number[] = [];
  for (const { other, own } of beside(first, last)) {
    const [before, after] = [other?.mean ?? null, own?.mean ?? null];
    if (before !== null && after !== null) differences.push(after - before);
  }
  const moved = histogram("challenger less baseline", differences, [-1, 1]);
  return [
    picture,
    { kind: "histograms", title: "Paired differences by case", unit: "cases", series: [moved] },
  ];
}

function meansOf(scores: ScoredSide): readonly number[] {
  const means: number[] = [];
  for (const { mean } of scores) if (mean !== null) means.push(mean);
  return means;
}

/** The last part holds its upper end too. */
export function histogram(
  name: string,
  values: readonly number[],
  [from, to]: readonly [number, number],
): Histogram {
  const counts = new Array<number>(PARTS).fill(0);
  for (const value of values) {
    const part = Math.floor(((value - from) / (to - from)) * PARTS);
    const at = Math.min(PARTS - 1, Math.max(0, part));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { name, from, to, counts };
}
