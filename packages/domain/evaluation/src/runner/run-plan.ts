/** What a run is asked to do: which versions, on which models, how often, and within what budget. */
import type { Message, ModelChoice, VersionText } from "@colophon/kernel";
import type { EvalCase } from "../eval-case.ts";

/** What a version is compared as; a run of one version alone has a challenger and nothing else. */
export const RUN_SIDES = ["baseline", "anchor", "challenger"] as const;
export type RunSide = (typeof RUN_SIDES)[number];

/** A version on a model, ready to be asked. */
export interface Contender {
  readonly side: RunSide;
  readonly key: string;
  /** A version (`v7`) or a candidate (`c3`), as records name it. */
  readonly subject: string;
  /** Null for a candidate. */
  readonly version: number | null;
  /** Of the text. */
  readonly hash: string;
  readonly text: VersionText;
  readonly model: ModelChoice;
  /** Hashes of the partials' texts. */
  readonly parts: readonly string[];
  /**
   * Added to a repeat's number to name its draw. Two contenders of the same text and model with the same
   * offset are given the same answers; with another offset they are asked anew, which is what an A/A run wants.
   */
  readonly drawOffset: number;
  /** @throws HarnessError `variable-missing` or `variable-type` for variables that the body cannot take. */
  render(variables: Readonly<Record<string, unknown>>): readonly Message[];
}

/** An amount of a currency (ISO 4217, upper case). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** What a run may use at most; null for no limit. Every start of a run, a resumed one too, has it anew. */
export interface RunBudget {
  readonly money: Money | null;
  /** Input and output together. */
  readonly tokens: number | null;
  readonly milliseconds: number | null;
}

export const NO_BUDGET: RunBudget = { money: null, tokens: null, milliseconds: null };

export interface RunPlan {
  /** At least one, each side once. All of them answer each case in the same run. */
  readonly contenders: readonly Contender[];
  /** In the order in which they are asked; a run that ends early has asked the first ones. */
  readonly cases: AsyncIterable<EvalCase> | Iterable<EvalCase>;
  /** How many cases there are, for progress; null where nobody knows. */
  readonly count: number | null;
  readonly repeats: number;
  /** Decides the order of the sides within a case. */
  readonly seed: string;
  /** Cases and repeats that are worked on at once. */
  readonly workers: number;
}

/** How a run came to its end. */
export type RunEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "budget"; readonly limit: "money" | "tokens" | "time"; readonly why: string }
  /** Somebody asked it to stop. */
  | { readonly kind: "stopped" }
  /** No call would come through. */
  | { readonly kind: "barred"; readonly why: string };
