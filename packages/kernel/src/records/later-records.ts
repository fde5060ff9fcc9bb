/** Records of rooms that are built on this log: evaluation, allocation, learning and governance. */
import type { EpochMs } from "../clock.ts";
import type { ModelChoice } from "../model-choice.ts";
import type { Pseudonym } from "../subject.ts";
import type { PriceTable } from "./price-table.ts";

export type Verdict = "ship" | "block" | "inconclusive" | "invalid";

/** A number with its interval; `samples` is what it rests on. */
export interface Estimate {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly samples: number;
}

/** A version of an eval set; its cases are kept by the hash. Written by: evaluation. */
export interface EvalSetData {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly cases: { readonly dev: number; readonly test: number };
  readonly owner: string | null;
  /** Days after which the set is overdue. */
  readonly refreshDays: number | null;
}

/** An eval set's version, and the split of it that was asked. */
export interface AskedSplit {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly split: "dev" | "test";
}

/** A scored pass over an eval set. Written by: evaluation. */
export interface RunData {
  readonly id: string;
  readonly key: string;
  /** A version (`v7`) or a candidate (`c3`). */
  readonly subject: string;
  readonly hash: string;
  readonly model: ModelChoice;
  /** What it was compared as; a run of one version alone is its own challenger. */
  readonly side: "baseline" | "anchor" | "challenger";
  /** Shared by runs whose answers were drawn side by side. */
  readonly together: string;
  /** Of its rows in the ledger. */
  readonly environment: string;
  readonly evalSet: AskedSplit;
  /** Scorers by name, with what they are asked: what a score depends on beside answer and case. */
  readonly scorers: readonly string[];
  /** Judge prompts as `key@vN`, each pinned by the hash behind it. */
  readonly judges: readonly string[];
  readonly repeats: number;
  readonly seed: string;
  /** Cases that were to be asked. */
  readonly cases: number;
  /** Why it ended: a run that is not `complete` has not asked all of them. */
  readonly end: "complete" | "budget" | "stopped" | "barred";
  /** Means over cases by metric, the aggregate under `score`. */
  readonly scores: Readonly<Record<string, Estimate | null>>;
  /** Repeats of cases that were answered or tried. */
  readonly lines: number;
  /** Of these, those without a score. */
  readonly errors: number;
  /** What its answers cost when they were paid for, judges apart; null where a price is not known. */
  readonly cost: { readonly amount: number; readonly currency: string } | null;
  /** SHA-256 (hex) of its score file. */
  readonly results: string;
}

/** The decision of a gate about a challenger. Written by: evaluation. */
export interface EvidenceData {
  readonly id: string;
  readonly key: string;
  readonly challenger: string;
  /** Of the challenger's text. */
  readonly hash: string;
  /** The model that answered; null for the text's own. */
  readonly model: ModelChoice | null;
  readonly baseline: string | null;
  readonly anchor: string | null;
  /** Null counts everywhere. */
  readonly environment: string | null;
  readonly evalSet: AskedSplit;
  readonly judges: readonly string[];
  readonly verdict: Verdict;
  readonly mode: string;
  readonly runs: readonly string[];
  /** Challenger less baseline; of a first version its own mean. */
  readonly difference: Estimate | null;
  /** Challenger less anchor; null without an anchor, or where it is the baseline. */
  readonly anchorDifference: Estimate | null;
  readonly margin: number | null;
  readonly alpha: number;
  readonly method: string | null;
  /** What the plain ratchet would have said. */
  readonly ratchet: "ship" | "block" | null;
  readonly vetoes: readonly string[];
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  /** With which the verdict would likely be decided; null where it is, or none would help. */
  readonly casesNeeded: number | null;
  /** Looks at the test split of this set version by this prompt, this one among them. */
  readonly testLooks: number;
  /** `hashDocument` of the whole verdict. */
  readonly document: string;
  /**
   * Pairs of live and shadowed calls that decided it; absent where runs alone did. No eval set was asked then:
   * `evalSet` names the metric of the pairs, in version 0.
   */
  readonly pairs?: { readonly rollout: string; readonly count: number; readonly since: EpochMs } | null;
}

/** Agreement of a judge with human labels. Written by: evaluation. */
export interface CalibrationData {
  /** The key of the judge's prompt. */
  readonly judge: string;
  /** Null for a text that the store has not numbered. */
  readonly version: number | null;
  /** Of the judge's text, its model included: the calibration holds for no other. */
  readonly hash: string;
  /** From this score on the judge counts as having passed an answer. */
  readonly threshold: number;
  /** Each with a 95 % interval; null where the labels do not tell. */
  readonly kappa: Estimate | null;
  readonly truePositiveRate: Estimate | null;
  readonly trueNegativeRate: Estimate | null;
  /** Labelled answers that the judge judged. */
  readonly labels: number;
  /** Labelled answers on which it failed. */
  readonly errors: number;
  /** SHA-256 (hex) over the canonical JSON of the labelled answers. */
  readonly labelsHash: string;
}

/** How grave a finding of a review is. */
export const REVIEW_SEVERITIES = ["high", "medium", "low"] as const;
export type ReviewSeverity = (typeof REVIEW_SEVERITIES)[number];

/** Something in a text that people should look at before it is served. */
export interface ReviewFinding {
  /** Of the rule, such as `untrusted-in-system`; a team's own are `policy/NAME`, a judge's `judge/NAME`. */
  readonly rule: string;
  readonly severity: ReviewSeverity;
  /** In words: `system message, line 3`, `output`, `model`. */
  readonly place: string;
  /** What is there, and why it matters; no secrets. */
  readonly message: string;
  /** How to mend it. */
  readonly advice: string;
  /** SHA-256 (first 16 hex digits) over rule and what it is about: the same again in another version of the text. */
  readonly id: string;
}

/** A finding that somebody has accepted. */
export interface ReviewSuppression {
  /** Id of a finding, or of a rule. */
  readonly of: string;
  readonly reason: string;
  /** From then on the finding counts again; null for never. */
  readonly expires: EpochMs | null;
}

/** A review of a text by rules, perhaps by a judge too. Written by: authoring. */
export interface ReviewData {
  readonly id: string;
  readonly key: string;
  /** Null for a text that was no version then. */
  readonly version: number | null;
  /** Of the text: the review holds for no other. */
  readonly hash: string;
  /** Which edition of the built-in rules looked at it. */
  readonly rules: number;
  /** `hashDocument` of the team's own policy; null where there was none. */
  readonly policy: string | null;
  /** Made where a version is let out, by the policy of an environment: it counts for that policy alone. Else absent. */
  readonly ownPolicy?: true;
  /** The judge's prompt as `key@vN`, with its hash; null where none was asked. */
  readonly judge: { readonly prompt: string; readonly hash: string } | null;
  /** The gravest first; suppressed ones among them. */
  readonly findings: readonly ReviewFinding[];
  readonly suppressions: readonly ReviewSuppression[];
}

/** The three human judgements of a reviewer. Written by: delivery. */
export interface ApprovalData {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly environment: string;
  readonly safety: boolean;
  readonly compliance: boolean;
  readonly style: boolean;
  readonly comment: string | null;
}

/** A standing guard on whatever is live, as it is from this record on. Written by: delivery. */
export interface GuardData {
  /** The same for all records about this guard. */
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  readonly metric: string;
  readonly direction: "above" | "below";
  /** For `against: "limit"` the rate, mean or sum per hour itself; for `"predecessor"` the tolerated ratio to its recorded numbers. */
  readonly limit: number;
  readonly against: "limit" | "predecessor";
  /** A rate or mean over the window, or a sum per hour (money, errors). */
  readonly measure: "mean" | "per-hour";
  /** Observations in the window before which it says nothing. */
  readonly minimum: number;
  /** Milliseconds that it looks back. */
  readonly window: number;
  readonly action: "rollback" | "alert";
  /** False takes the guard away. */
  readonly active: boolean;
  readonly reason: string;
}

/** A guard fired, or something wants attention. Written by: delivery. */
export interface AlertData {
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  readonly metric: string | null;
  /** The whole of it in words: which metric, how much, since when, on how many units, what was done. */
  readonly message: string;
  readonly since: EpochMs | null;
  readonly units: number | null;
  readonly value: number | null;
  readonly limit: number | null;
  /** The version that it is about; null for the text in the code. */
  readonly version: number | null;
  /** What was done at once. */
  readonly action: "rolled-back" | "held" | "none";
  readonly rollout: string | null;
  /** Of the standing guard, where one fired. */
  readonly guard: string | null;
  /** Some of the executions behind it, to become cases of an eval set. */
  readonly executions: readonly string[];
}

/** An alert reached a webhook, or was given up after many tries. Written by: delivery. */
export interface NoticeData {
  readonly key: string;
  readonly alert: string;
  /** The webhook's origin and path, without what may be secret. */
  readonly to: string;
  readonly delivered: boolean;
  readonly attempts: number;
  readonly detail: string | null;
}

/** A rehearsed rollback, as it is from this record on. Written by: delivery. */
export interface DrillData {
  /** The same for all records about this drill; of one on a share, its rollout's too. */
  readonly id: string;
  /** The old version serves since `began`, the one that was live again since `returned`; `ended` is final. */
  readonly state: "began" | "returned" | "ended";
  readonly key: string;
  readonly environment: string;
  /** The version that was live, and the one that a rollback goes back to. */
  readonly from: number;
  readonly to: number;
  /** Share of units that really went back and forth; 1 for the whole environment. */
  readonly share: number;
  /** Milliseconds until the last connected process followed back; null where one did not in time. */
  readonly lastFollowed: number | null;
  /** Milliseconds until the last one followed forth again; null where one did not in time. */
  readonly lastReturned: number | null;
  /** Connected processes. */
  readonly processes: number;
  /** Processes that did not follow in time. */
  readonly missed: number;
  /** Their names. */
  readonly late: readonly string[];
  readonly scheduled: boolean;
  /** In words, what cut it off before it had measured anything; null where nothing did. */
  readonly cutOff: string | null;
}

/** The distribution of a model's responses to a fixed probe set. Written by: learning. */
export interface FingerprintData {
  readonly id: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly model: ModelChoice;
  readonly probeSet: string;
  readonly features: Readonly<Record<string, unknown>>;
}

/** A statistically controlled finding that a fingerprint no longer holds. Written by: learning. */
export interface DriftData {
  readonly key: string;
  readonly fingerprint: string;
  readonly statistic: string;
  readonly evidence: number;
  readonly since: EpochMs;
}

/** Where a candidate comes from. */
export const CANDIDATE_ORIGINS = [
  "human",
  "reflection",
  "joint",
  "migration",
  "feedback",
  "external",
] as const;
export type CandidateOrigin = (typeof CANDIDATE_ORIGINS)[number];

/** A proposed text that is not yet a version (`KEY@cN`). Written by: learning. */
export interface CandidateData {
  readonly key: string;
  readonly candidate: number;
  readonly hash: string;
  /** What it was made from: a version (`v7`) or a candidate (`c2`). */
  readonly parent: string | null;
  readonly origin: CandidateOrigin;
  readonly rationale: string;
  /** Ids of the evidence that led to it. */
  readonly evidence: readonly string[];
}

/** What governance decided about a candidate. Written by: learning. */
export interface DecisionData {
  readonly key: string;
  readonly candidate: number;
  readonly decision: "promote" | "reject" | "hold";
  readonly reason: string;
  readonly version: number | null;
}

/** An upstream-to-downstream tie between two prompts. Written by: learning. */
export interface CouplingData {
  readonly upstream: string;
  readonly downstream: string;
  readonly strength: Estimate | null;
  readonly declared: boolean;
}

/**
 * A table of negotiated prices, in force from `since` on until a later record says otherwise: each
 * record replaces what earlier ones said of the time from its `since` on. Written by: the harness.
 */
export interface PriceTableData {
  readonly name: string;
  /** SHA-256 (hex) over the canonical JSON of the table. */
  readonly hash: string;
  readonly since: EpochMs;
  readonly reason: string;
  readonly table: PriceTable;
}

/** What was done to the log of calls itself, such as dropping weeks that are over. Written by: the store's care. */
export interface AuditData {
  readonly action: string;
  readonly target: string;
  readonly allowed: boolean;
  readonly subject: Pseudonym | null;
  readonly detail: string | null;
}

/** Kinds whose doors are opened by later rooms; their shape is settled here, once. */
export interface LaterRecords {
  readonly "eval-set": EvalSetData;
  readonly run: RunData;
  readonly evidence: EvidenceData;
  readonly calibration: CalibrationData;
  readonly review: ReviewData;
  readonly approval: ApprovalData;
  readonly guard: GuardData;
  readonly alert: AlertData;
  readonly notice: NoticeData;
  readonly drill: DrillData;
  readonly fingerprint: FingerprintData;
  readonly drift: DriftData;
  readonly candidate: CandidateData;
  readonly decision: DecisionData;
  readonly coupling: CouplingData;
  readonly "price-table": PriceTableData;
  readonly audit: AuditData;
}
