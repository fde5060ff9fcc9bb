/** What a gate says of a challenger, and on what grounds. */
import type { Verdict } from "@colophon/kernel";
import type { GateMode, GuardName } from "./gate-options.ts";

/**
 * How bounds were found: `tango` is the exact test on Tango's score statistic for pass or fail pairs,
 * `student` the t interval over clusters, `bootstrap` the studentised bootstrap of whole clusters,
 * `student+tango` the wider of two where few cases moved. Of one side alone: `clopper-pearson`.
 */
export type GateMethod =
  | "tango"
  | "student"
  | "bootstrap"
  | "student+tango"
  | "clopper-pearson"
  | "student+clopper-pearson";

/** Challenger less other side, as a mean over cases. Bounds are one-sided at alpha each. */
export interface GateComparison {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly cases: number;
  readonly clusters: number;
  readonly method: GateMethod;
}

/** A slice of the cases. */
export interface SliceVerdict extends GateComparison {
  readonly slice: string;
  readonly blocking: boolean;
  /** Of the test that the slice lost no more than the margin; small says that it did. */
  readonly pValue: number;
  /** By Holm among blocking slices, by Benjamini and Hochberg among the others. */
  readonly adjusted: number;
  /** Shown to have lost more than the margin. */
  readonly worse: boolean;
}

/** `exceeds` is shown, `above` only observed; `unknown` where too few answers have the figure. */
export type GuardStatus = "within" | "above" | "exceeds" | "unknown";

export interface GuardVerdict {
  readonly guard: GuardName;
  readonly status: GuardStatus;
  /** A multiple of the baseline's, for `refusals` a difference. */
  readonly limit: number;
  readonly baseline: number | null;
  readonly challenger: number | null;
  /** In the unit of the limit. */
  readonly value: number | null;
  /** One-sided bounds of the value, at alpha shared among the guards; null where unknown. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly cases: number;
}

/** What blocks by itself, whatever the mean. */
export type Veto =
  | {
      readonly kind: "required";
      readonly case: string;
      /** Repeats on which a required rule failed. */
      readonly repeats: readonly number[];
      /** The baseline failed one on this case too. */
      readonly baselineToo: boolean;
      readonly text: string;
    }
  | { readonly kind: "slice"; readonly slice: string; readonly text: string }
  | { readonly kind: "guard"; readonly guard: GuardName; readonly text: string };

/** A case that passes (a mean of at least 0.5) on one side alone, or moved by half the scale. */
export interface FlippedCase {
  readonly case: string;
  readonly slice: readonly string[];
  readonly baseline: number;
  readonly challenger: number;
  readonly difference: number;
}

/** What the verdict could not count. */
export interface MissingEvidence {
  /** Lines without a score, and all lines, by side. */
  readonly baseline: LineCount;
  readonly challenger: LineCount;
  readonly anchor: LineCount | null;
  /** Cases that only one of baseline and challenger has a score of. */
  readonly unpaired: readonly string[];
}

export interface LineCount {
  readonly lines: number;
  readonly errors: number;
}

export interface GateVerdict {
  readonly verdict: Verdict;
  readonly mode: GateMode;
  /** Challenger less baseline, as a mean over cases, each case counting once; null without pairs. */
  readonly difference: number | null;
  /** One-sided bounds at alpha each: together an interval of 1 − 2 alpha. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly margin: number;
  readonly alpha: number;
  /** Paired cases. */
  readonly cases: number;
  readonly clusters: number;
  /** Fewest scored repeats of a paired case on either side. */
  readonly repeats: number;
  readonly method: GateMethod | null;
  /** What the plain ratchet (mean not below the baseline's) would have said; null without pairs. */
  readonly ratchet: "ship" | "block" | null;
  readonly means: { readonly baseline: number | null; readonly challenger: number | null };
  /** Against the best accepted version, where one was given. */
  readonly anchor: GateComparison | null;
  /** Of a version without a baseline: what its mean had to reach; null otherwise. */
  readonly threshold: number | null;
  readonly slices: readonly SliceVerdict[];
  readonly guards: readonly GuardVerdict[];
  readonly vetoes: readonly Veto[];
  /** Worst first. */
  readonly flipped: readonly FlippedCase[];
  /**
   * Cases in all with which the verdict is likely (power 80 %) to be decided, from the noise seen;
   * null where it is decided, or no number of cases would help.
   */
  readonly casesNeeded: number | null;
  /** Repeats per case that would do with the cases at hand; null where unknown or not enough. */
  readonly repeatsNeeded: number | null;
  readonly missing: MissingEvidence;
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  /**
   * Of an inconclusive verdict, what keeps it from being `ship`, each with the name of its metric or guard. Absent for
   * other verdicts, and where none is named.
   */
  readonly obstacles?: readonly string[];
}
