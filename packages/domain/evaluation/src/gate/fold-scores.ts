/** Folds score lines into their cases: one mean per case, however often it was repeated. */
import { HarnessError } from "@colophon/kernel";
import type { ScoreGuards, ScoreLine } from "../score-line.ts";

/** What is known of one case on one side. */
export interface ScoredCase {
  readonly case: string;
  readonly cluster: string | null;
  readonly slices: readonly string[];
  /** Repeats, those without a score among them. */
  readonly answers: number;
  /** Of the repeats that have one, by repeat. */
  readonly scores: readonly number[];
  /** How many repeats say whether a required rule holds. */
  readonly ruled: number;
  /** Repeats on which a required rule failed. */
  readonly failed: readonly number[];
  /** Figures of each answer that has any. */
  readonly guards: readonly ScoreGuards[];
}

export interface ScoredSide {
  readonly cases: ReadonlyMap<string, ScoredCase>;
  readonly lines: number;
  /** Lines without a score. */
  readonly errors: number;
  /** By required metric, the case of the first line that has no score of it. */
  readonly unscored: ReadonlyMap<string, string>;
}

/** Arrays of few entries: a set of a hundred thousand cases has as many of these. */
interface GrowingCase {
  readonly case: string;
  readonly cluster: string | null;
  slices: readonly string[];
  readonly answers: ScoredAnswer[];
  ruled: number;
  readonly failed: number[];
}

interface ScoredAnswer {
  readonly repeat: number;
  readonly score: number | null;
  readonly guards: ScoreGuards | undefined;
}

/**
 * A line without a score adds to `errors` and to nothing else: its case has the mean of its other repeats,
 * or none.
 *
 * @throws HarnessError `input-malformed` for a repeat that comes twice, a case in two clusters, or a score
 * outside of [0, 1].
 */
export function foldScores(lines: Iterable<ScoreLine>, requiredMetrics: readonly string[] = []): ScoredSide {
  const cases = new Map<string, GrowingCase>();
  const unscored = new Map<string, string>();
  let count = 0;
  let errors = 0;
  for (const line of lines) {
    count += 1;
    if (line.score === null) errors += 1;
    addLine(cases, line);
    for (const metric of requiredMetrics) {
      const missing = !Object.hasOwn(line.metrics ?? {}, metric) || line.metrics?.[metric] === null;
      if (missing && !unscored.has(metric)) unscored.set(metric, line.case);
    }
  }
  const folded = [...cases.values()].map((grown) => [grown.case, foldCase(grown)] as const);
  return { cases: new Map(folded), lines: count, errors, unscored };
}

function addLine(cases: Map<string, GrowingCase>, line: ScoreLine): void {
  const { case: id, cluster, repeat, score, guards } = line;
  const known = cases.get(id);
  const grown = known ?? { case: id, cluster, slices: [], answers: [], ruled: 0, failed: [] };
  if (known === undefined) cases.set(id, grown);
  if (grown.answers.some((answer) => answer.repeat === repeat))
    throw malformed(id, `has repeat ${repeat} twice; keep one of them`);
  if (grown.cluster !== cluster)
    throw malformed(id, `is in the clusters ${grown.cluster} and ${cluster}; keep it in one`);
  if (score !== null && !(score >= 0 && score <= 1)) {
    throw malformed(id, `has the score ${score}; give one from 0 to 1, or null for a failed scorer`);
  }
  grown.answers.push({ repeat, score, guards });
  if (line.slice.some((slice) => !grown.slices.includes(slice)))
    grown.slices = [...new Set([...grown.slices, ...line.slice])].sort();
  if (line.required !== undefined) grown.ruled += 1;
  if (line.required === false) grown.failed.push(repeat);
}

function malformed(id: string, what: string): HarnessError {
  return new HarnessError("input-malformed", `The case "${id}" ${what}.`);
}

/** Ordered by repeat, so that the order of the lines can change no digit of a sum. */
function foldCase({ answers, failed, ...rest }: GrowingCase): ScoredCase {
  answers.sort((a, b) => a.repeat - b.repeat);
  return {
    ...rest,
    answers: answers.length,
    failed: failed.sort((a, b) => a - b),
    scores: answers.flatMap(({ score }) => (score === null ? [] : [score])),
    guards: answers.flatMap(({ guards }) => (guards === undefined ? [] : [guards])),
  };
}

/** The mean over repeats; null without a scored one. */
export function caseMean({ scores }: ScoredCase): number | null {
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
