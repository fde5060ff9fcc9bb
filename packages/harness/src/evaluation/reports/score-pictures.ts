/** Counts scores and paired differences into parts, for pictures. */
import type { ScoreLine } from "@colophon/evaluation";
import type { Histogram, Picture } from "./report.ts";

const PARTS = 20;

/** Case means of each side, and how far cases moved between the first side and the last. */
export function scorePictures(
  sides: readonly { readonly name: string; readonly lines: Iterable<ScoreLine> }[],
): readonly Picture[] {
  const means = sides.map(({ name, lines }) => ({ name, means: caseMeans(lines) }));
  const series = means.map(({ name, means: of }) => histogram(name, [...of.values()], [0, 1]));
  const scores: Picture = { kind: "histograms", title: "Scores by case", unit: "cases", series };
  const first = means[0]?.means;
  const last = means.at(-1)?.means;
  if (means.length < 2 || first === undefined || last === undefined) return [scores];
  const differences = [...last].flatMap(([id, mean]) => {
    const before = first.get(id);
    return before === undefined ? [] : [mean - before];
  });
  const moved = histogram("challenger less baseline", differences, [-1, 1]);
  return [
    scores,
    { kind: "histograms", title: "Paired differences by case", unit: "cases", series: [moved] },
  ];
}

function caseMeans(lines: Iterable<ScoreLine>): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { case: id, score } of lines) {
    if (score === null) continue;
    const one = sums.get(id) ?? { sum: 0, count: 0 };
    one.sum += score;
    one.count += 1;
    sums.set(id, one);
  }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]));
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
