/** Score lines for tests: passes and failures by count, and scores by function. */
import type { ScoreLine } from "../score-line.ts";

/** One line with everything else left at its plainest. */
export function line(id: string, score: number | null, more: Partial<ScoreLine> = {}): ScoreLine {
  const error = score === null ? { error: "the judge gave no answer" } : {};
  return { case: id, cluster: null, repeat: 0, score, slice: [], ...error, ...more };
}

/** `count` cases named `c000` on, with the score of each. */
export function lines(
  count: number,
  score: (at: number) => number | null,
  more: (at: number) => Partial<ScoreLine> = () => ({}),
): readonly ScoreLine[] {
  return Array.from({ length: count }, (_, at) => line(name(at), score(at), more(at)));
}

export function name(at: number): string {
  return `c${String(at).padStart(3, "0")}`;
}

/** That many passes, then failures. */
export function passes(count: number, of: number): readonly ScoreLine[] {
  return lines(of, (at) => (at < count ? 1 : 0));
}
