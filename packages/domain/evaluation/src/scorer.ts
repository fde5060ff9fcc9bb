/** What scorers see of an answer, and what they say of it. */
import type { Expectation, ScorerSpec } from "./eval-case.ts";

/** An answer to be scored. */
export interface ScoreInput {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: Expectation;
  /** Null where the model answered with tool calls alone. */
  readonly text: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly refused: boolean;
  /** Milliseconds. */
  readonly latency: number;
  /** Null where the call is unpriced. */
  readonly cost: number | null;
  /** In which it stands, and as which of the two; absent where one version is asked alone. */
  readonly pair?: { readonly answers: AnswerPair; readonly as: "challenger" | "opponent" };
}

/** An answer as far as another one is compared with it. */
export type ComparableAnswer = Pick<ScoreInput, "text" | "toolCalls">;

/** Answers to the same repeat of a case; the same object when either is scored. Null where there is no answer. */
export interface AnswerPair {
  readonly challenger: ComparableAnswer | null;
  /** Of the baseline, or of the anchor. */
  readonly opponent: ComparableAnswer | null;
}

/** A score in [0, 1], or why there is none: an error is never a 0. */
export type ScoreOutcome =
  | { readonly ok: true; readonly value: number; readonly why?: string }
  | { readonly ok: false; readonly error: string };

/** Scores by one rule or judge. */
export interface Scorer {
  readonly name: string;
  /** Says what is wrong with a spec before anything is run; undefined for nothing. */
  check(spec: ScorerSpec): string | undefined;
  /** Says what a spec needs that this run does not have, such as an embedding model; undefined for nothing. */
  lacks?(spec: ScorerSpec): string | undefined;
  score(spec: ScorerSpec, input: ScoreInput): Promise<ScoreOutcome> | ScoreOutcome;
}
