/** The records of the registry's log: everything but the ledger's rows, in one append-only order. */
import type { EpochMs } from "../clock.ts";
import type { JsonSchema } from "../json-schema.ts";
import type { ModelChoice } from "../model-choice.ts";
import type { Pseudonym } from "../subject.ts";
import type { Lane, Risk, SubjectKind, VersionSource } from "../vocabulary.ts";
import type { Actor } from "./actor.ts";
import type { LaterRecords } from "./later-records.ts";
import type { GuardReading } from "./rollout-plan.ts";

/** Position in the log: 1, 2, 3, … without gaps, given by the store under its write lock. */
export type Revision = number;

/** When a release needs evidence: never, for prompts with an eval set, or always. */
export type GateDemand = "never" | "with-eval-set" | "always";

/** An environment as it is from this record on. Written by: delivery. */
export interface EnvironmentData {
  readonly name: string;
  /** Releases missing here are looked up there. */
  readonly inherits: string | null;
  readonly gate: GateDemand;
  /** Approvals by others than the author; 0 asks for none. */
  readonly approvals: number;
  /** Gate modes that count as evidence here; null means the default (noninferiority). */
  readonly modes: readonly string[] | null;
  /** Hash of the policy that reviews are held to here; null or absent for that of a prompt's last review. */
  readonly reviewPolicy?: string | null;
}

/** What an application's code says of a prompt when it starts. Written by: authoring (for the SDK). */
export interface DeclarationData {
  readonly key: string;
  readonly environment: string;
  /** Whose code it is; null for one without a name. Absent in records of before applications were told apart. */
  readonly application?: string | null;
  /** Hash of the text in the code: the registered default. */
  readonly hash: string;
  readonly bodyHash: string;
  /** Hash over input contract, providers and tools: what a version must fit. */
  readonly caller: string;
  readonly input: JsonSchema;
  /** Variables that the code binds itself. */
  readonly bound: readonly string[];
  readonly providers: readonly string[];
  readonly tools: readonly string[];
  /** Hash over the facts that the code states beside the text; null for none. Absent where `application` is. */
  readonly facts?: string | null;
}

/** An application no longer declares a prompt in an environment, so nothing has to fit it. Written by: delivery. */
export interface RetirementData {
  readonly key: string;
  readonly environment: string;
  readonly application: string | null;
  readonly reason: string;
}

/** Facts about a prompt beside its text. Written by: authoring. */
export interface MetadataData {
  readonly key: string;
  readonly purpose: string | null;
  readonly owner: string | null;
  readonly risk: Risk;
  readonly tags: readonly string[];
  readonly evalSet: string | null;
  readonly backup: readonly ModelChoice[];
  readonly routes: Readonly<Record<string, ModelChoice>>;
}

/** A numbered text; the text itself is kept by its hash. Written by: authoring. */
export interface VersionData {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly bodyHash: string;
  readonly author: string;
  /** Others who wrote on the text since the version before it; absent where nobody else did, or nobody asked. */
  readonly coAuthors?: readonly string[];
  readonly message: string | null;
  /** The version it was made from. */
  readonly parent: number | null;
  readonly source: VersionSource;
  readonly commit: string | null;
}

/** In this environment this lane serves this version from now on. Written by: delivery. */
export interface ReleaseData {
  readonly key: string;
  readonly environment: string;
  readonly lane: Lane;
  /** Null empties the lane. */
  readonly version: number | null;
  /** A model other than the text's own, when the release says so. */
  readonly model: ModelChoice | null;
  /** Id of the fingerprint stored with (body, model). */
  readonly fingerprint: string | null;
  readonly reason: string;
  /** Ids of the evidence records that opened the door. */
  readonly evidence: readonly string[];
  /** The written reason of an exception, where evidence was missing. */
  readonly breakGlass: string | null;
  /** Version that a rollback leaves; null for an ordinary release. */
  readonly rollbackFrom: number | null;
  /** Shared by the releases of several prompts that move together. */
  readonly set: string | null;
  /** The drill that put it there for a moment; absent for what people, rollouts and guards decided. */
  readonly drill?: string;
}

/** A version that no tier serves any more. Written by: delivery. */
export interface WithdrawalData {
  readonly key: string;
  readonly version: number;
  readonly reason: string;
}

/** For this subject this version. Written by: delivery. */
export interface OverrideData {
  readonly key: string;
  /** Null clears what was set before for the same subject and environment. */
  readonly version: number | null;
  readonly kind: SubjectKind;
  readonly subject: Pseudonym;
  /** Only within this tenant: of a document type that a scoped rollout was about. Absent, everywhere. */
  readonly tenant?: Pseudonym;
  /** Null holds for all environments. */
  readonly environment: string | null;
  readonly expires: EpochMs | null;
  readonly reason: string | null;
  readonly evidence: readonly string[];
  readonly breakGlass: string | null;
}

/** A subject's id, key and contents were destroyed; rows, chains and sums stand. Written by: delivery. */
export interface ErasureData {
  readonly kind: SubjectKind;
  readonly subject: Pseudonym;
  readonly executions: number;
  readonly contents: number;
}

/** An arm of a rollout: a version and the share of units it may serve, in [0, 1]. */
export interface Arm {
  readonly version: number;
  readonly share: number;
}

/** The states of a rollout. */
export const ROLLOUT_STATES = [
  "pending",
  "shadowing",
  "ramping",
  "holding",
  "waiting-for-approval",
  "completed",
  "stopped",
  "rolled-back",
] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

/** States in which the snapshot carries the rollout's plan: units may be drawn, or calls shadowed. */
export const SERVING_STATES: readonly RolloutState[] = [
  "shadowing",
  "ramping",
  "holding",
  "waiting-for-approval",
];

/** What made a rollout change its state. */
export const ROLLOUT_CAUSES = [
  "started",
  "evidence",
  "misfit",
  "step",
  "shares",
  "guard",
  "mismatch",
  "no-data",
  "stale-data",
  "inconclusive",
  "budget",
  "approval",
  "paused",
  "resumed",
  "aborted",
  "rollback",
  "withdrawn",
  "superseded",
  "completed",
] as const;
export type RolloutCause = (typeof ROLLOUT_CAUSES)[number];

/** Live calls that are repeated on a challenger whose answers nobody sees. */
export interface ShadowShare {
  readonly version: number;
  /** Share of calls, in (0, 1]. */
  readonly rate: number;
  /** Calls of one process at once. */
  readonly concurrency: number;
  /** Calls of one process at the most, in case nobody watches the budget. */
  readonly calls: number;
}

/** The state of a rollout from this record on; while it serves, the resolver draws by it. Written by: delivery. */
export interface RolloutData {
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  readonly state: RolloutState;
  /** Salt of the assignment: the same for a retry of the same version, new for a new one. */
  readonly salt: string;
  /** Challengers with their shares now; of `mol-ts` the live version may be among them. */
  readonly arms: readonly Arm[];
  /** Share of units that serve as concurrent control. */
  readonly control: number;
  /** Whether a unit keeps its arm, or each call draws anew. */
  readonly draws: "unit" | "call";
  readonly shadow: ShadowShare | null;
  /** Only traffic of this scope takes part. */
  readonly where: { readonly documentType?: string; readonly tenant?: Pseudonym } | null;
  /** Index into the plan's steps; -1 before the first. */
  readonly step: number;
  /** When the present state and step began, which dwell and patience are counted from; shares may change within. */
  readonly since: EpochMs;
  /** Shared by the rollouts of several prompts that move together. */
  readonly set: string | null;
  /** `hashDocument` of the `RolloutPlan`. */
  readonly plan: string;
  /** The version that was live when it began. */
  readonly baseline: number;
  readonly cause: RolloutCause;
  /** The state that a held rollout goes on with when it is resumed; null where it is not held. */
  readonly heldFrom: "shadowing" | "ramping" | "waiting-for-approval" | null;
  /** What a person went on in spite of: metrics of guards that hold or are not cleared, `mismatch`, or too few `units`. */
  readonly accepted: readonly string[];
  /** Where its guards stood when this was decided; empty where a person decided. */
  readonly readings: readonly GuardReading[];
  /** Ids of the evidence that opened the canary. */
  readonly evidence: readonly string[];
  readonly breakGlass: string | null;
  readonly reason: string;
}

/** Every kind of record in the log, with its data. */
export interface RegistryRecords extends LaterRecords {
  readonly environment: EnvironmentData;
  readonly declaration: DeclarationData;
  readonly retirement: RetirementData;
  readonly metadata: MetadataData;
  readonly version: VersionData;
  readonly release: ReleaseData;
  readonly withdrawal: WithdrawalData;
  readonly override: OverrideData;
  readonly erasure: ErasureData;
  readonly rollout: RolloutData;
}

export type RecordKind = keyof RegistryRecords;

/** A record before the store has given it a place. */
export type RecordDraft = {
  [K in RecordKind]: { readonly kind: K; readonly by: Actor; readonly data: RegistryRecords[K] };
}[RecordKind];

/** A record with its place in the log. `at` never runs backwards along the revisions. */
export type RegistryRecord = RecordDraft & { readonly revision: Revision; readonly at: EpochMs };
