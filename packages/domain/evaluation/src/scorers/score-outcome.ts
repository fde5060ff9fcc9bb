/** Ways to say what a scorer found. */
import type { ScoreOutcome } from "../scorer.ts";

/** 1 for yes and 0 for no; `why` is told of a no. */
export function passes(isPassed: boolean, why: string): ScoreOutcome {
  return isPassed ? { ok: true, value: 1 } : { ok: true, value: 0, why };
}

/** A share in [0, 1]; with a threshold 1 from it on, else 0. */
export function graded(value: number, threshold: number | undefined): ScoreOutcome {
  const why = `${Number(value.toFixed(4))}`;
  if (threshold === undefined) return { ok: true, value, why };
  return passes(value >= threshold, `${why} is below ${threshold}`);
}

/** No score, and why: an error is never a 0. */
export function noScore(error: string): ScoreOutcome {
  return { ok: false, error };
}

/** A text short enough for a line of a report. */
export function quoted(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 79)}…`);
}
