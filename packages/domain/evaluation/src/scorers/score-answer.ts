/** Scores an answer by all scorers of its case and brings their scores together. */
import type { ScorerSpec } from "../eval-case.ts";
import type { ScoreLine } from "../score-line.ts";
import type { ScoreInput, ScoreOutcome } from "../scorer.ts";
import type { Scorers } from "./create-scorers.ts";

/** What becomes of the scores in a line. */
export interface AnswerScores extends Pick<ScoreLine, "score" | "error" | "required" | "metrics"> {
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface ScoredAnswer {
  readonly scores: AnswerScores;
  /** What each scorer had to say, in the order of the specs. */
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly metric: string;
  readonly outcome: ScoreOutcome;
}

/** A required score below this is a veto. */
const LEAST_REQUIRED = 0.5;

/**
 * The aggregate is the mean of the scores by their weights. Where a scorer that counts (by its weight, or
 * because it is required) has no score, the answer has none either: what is missing is no zero. A metric
 * that several scorers report is their mean by weight, and null where one of them failed.
 */
export async function scoreAnswer(
  scorers: Scorers,
  specs: readonly ScorerSpec[],
  input: ScoreInput,
): Promise<ScoredAnswer> {
  const scored = await Promise.all(
    specs.map(async (spec) => ({ spec, outcome: await scorers.score(spec, input) })),
  );
  const findings = scored.map(({ spec, outcome }) => ({ metric: metricOf(spec), outcome }));
  const metrics = Object.fromEntries(
    [...Map.groupBy(scored, ({ spec }) => metricOf(spec))].map(([metric, group]) => [metric, meanOf(group)]),
  );
  return { scores: { ...aggregate(scored), ...requiredOf(scored), metrics }, findings };
}

interface Scored {
  readonly spec: ScorerSpec;
  readonly outcome: ScoreOutcome;
}

/** The name under which a scorer's score is reported. */
export function metricOf({ scorer, metric, negate }: ScorerSpec): string {
  return metric ?? (negate === true ? `not-${scorer}` : scorer);
}

function weightOf({ weight = 1 }: ScorerSpec): number {
  return weight;
}

/** Left out where nothing is required, and where nobody knows since a required scorer failed. */
function requiredOf(scored: readonly Scored[]): Pick<ScoreLine, "required"> {
  const required = scored.flatMap(({ spec, outcome }) => (spec.required === true ? [outcome] : []));
  if (required.some((outcome) => outcome.ok && outcome.value < LEAST_REQUIRED)) return { required: false };
  return required.length > 0 && required.every(({ ok }) => ok) ? { required: true } : {};
}

function aggregate(scored: readonly Scored[]): Pick<ScoreLine, "score" | "error"> {
  const failed = scored.find(
    ({ spec, outcome }) => !outcome.ok && (weightOf(spec) > 0 || spec.required === true),
  );
  if (failed !== undefined && !failed.outcome.ok) {
    return { score: null, error: `${metricOf(failed.spec)}: ${failed.outcome.error}` };
  }
  const weighted = scored.filter(({ spec }) => weightOf(spec) > 0);
  const score = meanOf(weighted);
  if (score !== null) return { score };
  return {
    score: null,
    error: scored.length === 0 ? "The case has no scorer." : "No scorer of the case has a weight.",
  };
}

/** Scorers without a weight count alike where there are no others. */
function meanOf(scored: readonly Scored[]): number | null {
  const isWeighted = scored.some(({ spec }) => weightOf(spec) > 0);
  let [sum, total, least, most] = [0, 0, 1, 0];
  for (const { spec, outcome } of scored) {
    if (!outcome.ok) return null;
    const weight = isWeighted ? weightOf(spec) : 1;
    sum += weight * outcome.value;
    total += weight;
    least = Math.min(least, outcome.value);
    most = Math.max(most, outcome.value);
  }
  // Rounding may not make less than full marks of nothing but full marks.
  return scored.length === 0 ? null : Math.min(most, Math.max(least, sum / total));
}
