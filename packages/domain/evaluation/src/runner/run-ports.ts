/** What a run needs of the world, handed in: calls, scores, a journal, and somebody to tell. */
import type {
  EpochMs,
  ExecutionId,
  ModelAnswer,
  ModelChoice,
  ModelResult,
  TokenUsage,
  VersionText,
} from "@colophon/kernel";
import type { EvalCase } from "../eval-case.ts";
import type { ScoreLine } from "../score-line.ts";
import type { ScoreInput } from "../scorer.ts";
import type { Money, RunSide } from "./run-plan.ts";

/** Tokens to be priced, and whose they are. */
export interface CallToPrice {
  readonly model: ModelChoice;
  readonly answeringModel: string | null;
  readonly host: string | null;
  readonly tokens: TokenUsage;
}

/** Prices calls; null for a model that nobody named a price for, and for calls whose tokens are unknown. */
export interface CallPrices {
  costOf(call: CallToPrice): Money | null;
}

/** An answer that was paid for once. */
export interface KeptAnswer {
  readonly answer: ModelAnswer;
  readonly execution: ExecutionId;
}

/** Keeps answers under everything that matters to them; what it says it holds survives `kill -9`. */
export interface AnswerCache {
  /** @param name what `answerName` gives. */
  find(name: string): KeptAnswer | undefined;
  keep(name: string, kept: KeptAnswer): void;
}

/** One try of a call, answered or not. */
export interface TriedCall {
  readonly key: string;
  readonly version: number | null;
  readonly hash: string;
  readonly model: ModelChoice;
  readonly purpose: "eval" | "judge";
  /** 1 for the first try. */
  readonly attempt: number;
  readonly started: EpochMs;
  readonly result: ModelResult;
}

/** Makes a row of the ledger out of every try; has it safe when it returns. */
export interface CallRecorder {
  record(call: TriedCall): ExecutionId;
}

/** A case's scores by all of its scorers, brought together. */
export interface CaseScores extends Pick<ScoreLine, "score" | "error" | "required" | "metrics"> {}

/** An answer to a case, and the text that was asked for it. */
export interface AnsweredCase {
  readonly evalCase: EvalCase;
  readonly text: VersionText;
  readonly input: ScoreInput;
}

export interface CaseScorer {
  /** Whether a score depends on the answer of another version. */
  readonly compares?: boolean;
  score(answered: AnsweredCase): Promise<CaseScores> | CaseScores;
}

/** One repeat of one case by all sides: what a run finishes at once or not at all. */
export interface ScoredGroup {
  readonly case: string;
  readonly repeat: number;
  readonly lines: Readonly<Partial<Record<RunSide, ScoreLine>>>;
}

/** What of a run is finished; a finished group survives `kill -9`. */
export interface RunJournal {
  /** Finished groups, those of earlier starts among them. */
  readonly finished: number;
  has(caseId: string, repeat: number): boolean;
  append(group: ScoredGroup): void;
}

/** What calls used so far; answers out of the cache use nothing. */
export interface Spent {
  /** Calls that were answered. */
  readonly calls: number;
  /** Answers out of the cache. */
  readonly cached: number;
  readonly retries: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the priced calls, in each currency. */
  readonly money: readonly Money[];
  /** Answered calls without a price or without tokens: their cost is unknown, not zero. */
  readonly unpriced: number;
}

/** Where a run is. */
export interface RunProgress {
  /** Groups (a repeat of a case by all sides) that are finished, those of earlier starts among them. */
  readonly done: number;
  /** Null where nobody knows. */
  readonly planned: number | null;
  /** Groups a second since this start; null before the first. */
  readonly rate: number | null;
  /** Milliseconds, at this rate; null where it is not known. */
  readonly left: number | null;
  readonly errors: number;
  readonly spent: Spent;
  /** Calls that may be under way at once, as of now. */
  readonly pace: number;
}
