/** What the gate is asked, and what it answers. */
import type { GateOptions, GateVerdict, RunBudget, RunEnd, RunProgress, Split } from "@colophon/evaluation";
import type { ModelChoice } from "@colophon/kernel";
import type { TextReference } from "../../text-reference.ts";
import type { Picture } from "../reports/report.ts";

/** What the challenger is held to; whatever is left out has the gate's default, the margin that of the prompt's risk. */
export type GateTerms = Pick<
  GateOptions,
  | "margin"
  | "alpha"
  | "mode"
  | "blockingSlices"
  | "guards"
  | "requiredMetrics"
  | "minimumCases"
  | "maxErrorShare"
  | "maxUnpairedShare"
>;

/** The challenger, a version or a candidate, and what it is asked. */
export type GateRequest = TextReference & GateQuestion;

interface GateQuestion extends GateTerms {
  /**
   * A version, or the live one of the environment; nothing live there makes the challenger a first version.
   * `null` holds it to its required rules and the threshold alone, whatever is live.
   */
  readonly against?: number | "live" | null | undefined;
  /** Of the baseline, instead of the model that it is released on. */
  readonly baselineModel?: ModelChoice | undefined;
  /** `NAME` or `NAME@vN`; the set that the prompt names unless given. */
  readonly set?: string | undefined;
  /** Of the challenger, instead of its text's own. */
  readonly model?: ModelChoice | undefined;
  /** 1 unless given. */
  readonly repeats?: number | undefined;
  readonly environment: string;
  /**
   * Asks everything anew, whatever answers earlier runs have kept; one more look at the test split. One that was
   * cut off goes on with its own answers.
   */
  readonly fresh?: boolean | undefined;
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 16 unless given. */
  readonly concurrency?: number | undefined;
  /** `test` unless given; evidence from the dev split opens no environment. */
  readonly split?: Split | undefined;
  /** Cases that are asked, drawn by chance; all of the split unless given. */
  readonly take?: number | undefined;
  /** Of a first version: what its mean has to reach. */
  readonly threshold?: number | undefined;
}

/** The verdict as it may be shown, with what it rests on. */
export interface GateAnswer extends GateVerdict {
  readonly key: string;
  /** `v8`, or `c3` for a candidate. */
  readonly challenger: string;
  readonly baseline: string | null;
  readonly anchorVersion: string | null;
  readonly environment: string;
  readonly model: ModelChoice;
  /** `triage@v3`. */
  readonly set: string;
  readonly split: Split;
  readonly judges: readonly string[];
  /** Null where nothing was recorded: the question could not be put, or was stopped. */
  readonly evidenceId: string | null;
  /** Whether the evidence was there already, so that nothing was run. */
  readonly unchanged: boolean;
  readonly runs: readonly string[];
  /** This one among them; 0 where the dev split was asked. */
  readonly testLooks: number;
  readonly end: RunEnd;
  readonly progress: RunProgress | null;
  readonly pictures: readonly Picture[];
}

/** What is kept of a verdict beside its record: the options that it was found with, and all of it. */
export interface KeptVerdict {
  readonly asked: unknown;
  readonly verdict: GateVerdict;
  readonly pictures: readonly Picture[];
}
