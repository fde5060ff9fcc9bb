/** Records of rooms that are built on this log: evaluation, allocation, learning and governance. */
import type { EpochMs } from "../clock.ts";
import type { ModelChoice } from "../model-choice.ts";
import type { Pseudonym } from "../subject.ts";

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

/** A scored pass over an eval set. Written by: evaluation. */
export interface RunData {
  readonly id: string;
  readonly key: string;
  /** A version (`v7`) or a candidate (`c3`). */
  readonly subject: string;
  readonly hash: string;
  readonly model: ModelChoice;
  readonly evalSet: { readonly name: string; readonly version: number; readonly split: "dev" | "test" };
  readonly scorers: readonly string[];
  readonly judges: readonly string[];
  readonly repeats: number;
  readonly scores: Readonly<Record<string, Estimate | null>>;
  readonly errors: number;
}

/** The decision of a gate about a challenger. Written by: evaluation. */
export interface EvidenceData {
  readonly id: string;
  readonly key: string;
  readonly challenger: string;
  readonly baseline: string | null;
  readonly anchor: string | null;
  readonly environment: string | null;
  readonly verdict: Verdict;
  readonly mode: string;
  readonly runs: readonly string[];
  readonly difference: Estimate | null;
  readonly margin: number | null;
  readonly alpha: number;
  readonly vetoes: readonly string[];
  readonly testLooks: number;
}

/** Agreement of a judge with human labels. Written by: evaluation. */
export interface CalibrationData {
  readonly judge: string;
  readonly hash: string;
  readonly kappa: number | null;
  readonly truePositiveRate: number | null;
  readonly trueNegativeRate: number | null;
  readonly labels: number;
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

/** A rule that stops a version. Written by: delivery. */
export interface GuardData {
  readonly key: string;
  readonly environment: string;
  readonly metric: string;
  readonly limit: number;
  readonly direction: "above" | "below";
  readonly minimum: number;
  readonly standing: boolean;
}

/** A guard fired, or something wants attention. Written by: delivery. */
export interface AlertData {
  readonly key: string;
  readonly environment: string;
  readonly metric: string | null;
  readonly message: string;
  readonly since: EpochMs | null;
  readonly units: number | null;
}

/** A rehearsed rollback. Written by: delivery. */
export interface DrillData {
  readonly key: string;
  readonly environment: string;
  readonly from: number;
  readonly to: number;
  /** Milliseconds until the last connected process followed. */
  readonly lastFollowed: number | null;
  readonly processes: number;
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

export type CandidateOrigin = "human" | "reflection" | "joint" | "migration" | "feedback" | "external";

/** A proposed text that is not yet a version (`KEY@cN`). Written by: learning. */
export interface CandidateData {
  readonly key: string;
  readonly candidate: number;
  readonly hash: string;
  readonly parent: string | null;
  readonly origin: CandidateOrigin;
  readonly rationale: string;
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

/** A versioned table of prices, kept by its hash. Written by: evaluation's cost reports through the harness. */
export interface PriceTableData {
  readonly name: string;
  readonly hash: string;
  readonly since: EpochMs;
}

/** A change or refusal at a door, for people and permissions. Written by: the server through the harness. */
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
  readonly approval: ApprovalData;
  readonly guard: GuardData;
  readonly alert: AlertData;
  readonly drill: DrillData;
  readonly fingerprint: FingerprintData;
  readonly drift: DriftData;
  readonly candidate: CandidateData;
  readonly decision: DecisionData;
  readonly coupling: CouplingData;
  readonly "price-table": PriceTableData;
  readonly audit: AuditData;
}
