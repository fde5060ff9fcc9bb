/** One scored answer: what runs write, what gates read, and what results of other tools are brought to. */

/** One repeat of one case, scored. A JSON line of a score file. */
export interface ScoreLine {
  readonly case: string;
  /** Null for a case that stands for itself. */
  readonly cluster: string | null;
  /** 0, 1, 2, … */
  readonly repeat: number;
  /** The case's aggregate in [0, 1]; null where scorer, judge or provider failed. */
  readonly score: number | null;
  /** Why there is no score. */
  readonly error?: string;
  /** The same held against the anchor, where a scorer compares; left out where that is `score`. */
  readonly towardsAnchor?: number | null;
  /** Slices of the case. */
  readonly slice: readonly string[];
  /** False where a required rule failed; a veto. Left out where none is required. */
  readonly required?: boolean;
  /** Scores by metric in [0, 1]; null where that scorer failed. */
  readonly metrics?: Readonly<Record<string, number | null>>;
  /** What is guarded beside quality, where it is known. */
  readonly guards?: ScoreGuards;
}

/** Figures of one call that guards compare; null where unknown. */
export interface ScoreGuards {
  /** In the currency of the run's price table. */
  readonly cost: number | null;
  /** Milliseconds. */
  readonly latency: number | null;
  /** Characters of the answer. */
  readonly length: number | null;
  readonly refused: boolean | null;
}

/** The line as it is compared with the anchor's. */
export function towardsAnchor(line: ScoreLine): ScoreLine {
  return line.towardsAnchor === undefined ? line : { ...line, score: line.towardsAnchor };
}
