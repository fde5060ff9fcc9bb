/** What is asked of a pass over calls of production, and what it came to. */
import type { RunBudget, RunEnd, ScorerSpec, Spent } from "@colophon/evaluation";
import type { EpochMs, OutcomeSource } from "@colophon/kernel";
import type { EvaluationParts } from "../runs/evaluation-parts.ts";

export interface OnlineRequest {
  readonly key: string;
  readonly environment: string;
  /** A day before `until` unless given. */
  readonly since?: EpochMs | undefined;
  /** Exclusive; now unless given. */
  readonly until?: EpochMs | undefined;
  /** Share of the served calls, chosen by their ids; 0.05 unless given. */
  readonly sample?: number | undefined;
  /** Share of the shadowed calls, each with the live call that it repeats; all unless given. */
  readonly pairs?: number | undefined;
  /** Those of the prompt's eval set that expect nothing of an answer, unless given. */
  readonly scorers?: readonly ScorerSpec[] | undefined;
  /** The most that judges may use; needed where one is asked. */
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 8 unless given. */
  readonly concurrency?: number | undefined;
}

/** What judges used of a budget; `money` in its currency, 0 where it limits none. */
export interface OnlineUse {
  readonly money: number;
  readonly tokens: number;
  /** That the pass took. */
  readonly milliseconds: number;
}

export interface OnlineParts extends Omit<EvaluationParts, "onEstimate" | "onProgress"> {
  /** Told at the end of a pass in which judges may be asked, also of one that failed. */
  readonly onUsed?: ((used: OnlineUse) => void) | undefined;
}

/** What became of one rule or judge. */
export interface RaterReport {
  /** As its outcomes name it. */
  readonly by: string;
  readonly source: OutcomeSource;
  /** The name of its outcomes. */
  readonly metric: string;
  /** Outcomes that were appended. */
  readonly scored: number;
  /** Calls that it had scored before. */
  readonly known: number;
  /** Calls that it failed on: no outcome, and neither a 0. */
  readonly errors: number;
  /** The first of these. */
  readonly error: string | null;
  /** Calls that it was not asked about any more, since the budget was at its end. */
  readonly left: number;
  /** Of what was appended now; null for nothing. */
  readonly mean: number | null;
}

export interface OnlineReport {
  readonly key: string;
  readonly environment: string;
  /** ISO 8601; `until` is exclusive. */
  readonly since: string;
  readonly until: string;
  readonly sample: number;
  /** Answered calls that were chosen, those of pairs among them. */
  readonly calls: number;
  /** Live calls with a repeat. */
  readonly pairs: number;
  /** Chosen calls that a scorer would have needed the contents of. */
  readonly insufficient: { readonly reason: "contents not captured"; readonly calls: number } | null;
  readonly raters: readonly RaterReport[];
  /** Scorers of the eval set that cannot score calls of production, each in a sentence. */
  readonly skipped: readonly string[];
  readonly end: RunEnd;
  /** Null where no judge was asked. */
  readonly spent: Spent | null;
}
