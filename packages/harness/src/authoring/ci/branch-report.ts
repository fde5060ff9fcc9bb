/** What is said of a branch: of each prompt that it changes, and of what stands beside them. */
import type { CellState } from "@colophon/evaluation";
import type { ErrorCode, ModelChoice, ReviewSeverity, Verdict } from "@colophon/kernel";
import type { GateAnswer } from "../../evaluation/runs/gate-request.ts";
import type { Comparison } from "../compare/compare-prompt.ts";
import type { ReviewReport } from "../review/review-report.ts";
import type { ChangedPrompt } from "./changed-prompts.ts";

/** What the gate says of a changed text; whatever kept it from judging is said, and is no pass. */
export type BranchGate =
  | {
      readonly state: "judged";
      readonly verdict: Verdict;
      readonly why: string;
      readonly answer: Omit<GateAnswer, "pictures">;
    }
  /** There is no text that could do any harm: a file that is gone, or one that says what is live. */
  | { readonly state: "nothing-to-judge"; readonly why: string }
  | { readonly state: "not-judged"; readonly why: string }
  | { readonly state: "error"; readonly code: ErrorCode; readonly why: string };

export interface BranchPrompt {
  readonly key: string;
  /**
   * `declared`: no file of the branch, but what code declares in the environment and what was never live there;
   * `dependent`: a file that is as it was, and includes a partial that the branch changes.
   */
  readonly change: ChangedPrompt["change"] | "declared" | "dependent";
  /** Null for a text that stands in code. */
  readonly file: string | null;
  /** Why it cannot be read as a prompt; else null. */
  readonly problem: string | null;
  /** Null for a file that cannot be read. */
  readonly comparison: Comparison | null;
  /** Null where there is nothing to review. */
  readonly review: ReviewReport | null;
  readonly gate: BranchGate;
  readonly notes: readonly string[];
}

/** What stands beside the prompts: the lock, and declarations for TypeScript. */
export interface BranchCheck {
  readonly name: string;
  readonly state: "passed" | "failed" | "unknown";
  readonly message: string;
}

/** A live text on a model of its prompt that no evidence speaks for as things are. */
export interface UnpassedCell {
  readonly key: string;
  readonly version: number;
  readonly model: ModelChoice;
  readonly state: CellState;
  /** What has changed since the evidence, where it is stale. */
  readonly changed: readonly string[];
}

export interface BranchReport {
  /** As it was named. */
  readonly base: string;
  /** Where the history at hand left it. */
  readonly commit: string;
  /** The folder that files are named from, from the repository's root on: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly environment: string;
  /** Null without a store. */
  readonly store: string | null;
  readonly prompts: readonly BranchPrompt[];
  readonly cells: readonly UnpassedCell[];
  readonly checks: readonly BranchCheck[];
  /** In words: what could not be looked at. */
  readonly notes: readonly string[];
}

export interface BranchLimits {
  /** An open finding from this severity on is a negative verdict. */
  readonly failOn: ReviewSeverity;
  /** Whether a text that the gate could not judge is one whose evidence is invalid. */
  readonly requireGate: boolean;
}
