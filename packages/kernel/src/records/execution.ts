/** The ledger's row: one provider call, or one call with its steps where the provider's are not visible. */
import type { EpochMs } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import type { ExecutionId, WriterId } from "../ids.ts";
import type { Pseudonym } from "../subject.ts";
import type { ConsideredOutcome, Lane, Purpose, Reason, Tier } from "../vocabulary.ts";
import type { Revision } from "./registry-records.ts";

/** What became of one tier (or pin) while looking for a version. */
export interface Considered {
  readonly tier: Tier | "pin";
  readonly outcome: ConsideredOutcome;
  /** In words, where the outcome alone does not say it: what did not fit, which subject. */
  readonly reason?: string;
  readonly version?: number;
}

/** The inputs of a draw and the probability of the arm that it chose. */
export interface Assignment {
  readonly salt: string;
  /** The first 53 bits of SHA-256(salt ":" unit), in [0, 1). */
  readonly draw: number;
  readonly probability: number;
}

/** A partial, bound value or medium that went into the messages. */
export interface Part {
  readonly kind: "partial" | "bound" | "media";
  readonly name: string;
  /** Null for all but partials of the registry. */
  readonly version: number | null;
  /** SHA-256 of a partial's version or text, of a bound value, or of a medium's address, file id or bytes. */
  readonly hash: string;
  /** What the application's resolver says it chose. */
  readonly choice?: string;
}

/** Tokens as the provider counts them; null where it does not say. `input` includes cached tokens. */
export interface TokenUsage {
  readonly input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/** A cost the application states itself. */
export interface StatedCost {
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

export type ExecutionStatus = "ok" | "error" | "aborted";

/** The fields that are the same before and after storage. */
export interface ExecutionCore {
  /** UUIDv7, stamped when the call started. */
  readonly id: ExecutionId;
  readonly prompt: string;
  /** Null for a text that only the application's code knows. */
  readonly version: number | null;
  readonly hash: string;
  /** Hash of the contract, providers and tools of the calling code. */
  readonly caller: string;
  readonly environment: string;
  readonly lane: Lane | null;
  readonly tier: Tier | null;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | null;
  readonly considered: readonly Considered[];
  /** True when the snapshot behind the decision could not be refreshed any more. */
  readonly stale: boolean;
  /** Revision of the snapshot; null when there was none. */
  readonly revision: Revision | null;
  readonly assignment: Assignment | null;
  readonly purpose: Purpose;
  /** 32 hex digits (W3C trace context), or null. */
  readonly trace: string | null;
  /** 16 hex digits, or null. */
  readonly span: string | null;
  readonly parent: ExecutionId | null;
  readonly step: number | null;
  /** 1 for the first try, and on through all models that were tried after it. */
  readonly attempt: number;
  /** The execution of another model that this one stands in for; null for a retry on the same model. */
  readonly fallbackOf: ExecutionId | null;
  /** The model that was asked: the version's, the release's, a route's or a backup. */
  readonly requestedModel: string;
  /** The model that the answer names; null where it names none. */
  readonly answeringModel: string | null;
  readonly provider: string;
  readonly host: string | null;
  readonly systemFingerprint: string | null;
  readonly tokens: TokenUsage;
  /** Milliseconds from the call to its end. */
  readonly latency: number;
  /** Milliseconds to the first token, where the answer was streamed. */
  readonly firstToken: number | null;
  readonly status: ExecutionStatus;
  /** Class and status of the error, never its message: messages quote contents. */
  readonly error: string | null;
  readonly finishReason: string | null;
  /** Names of the tools called, in order; null when the answer was not read. */
  readonly toolCalls: readonly string[] | null;
  readonly schemaOk: boolean | null;
  readonly refused: boolean | null;
  /** Characters (UTF-16 units) of the answer's text. */
  readonly outputLength: number | null;
  readonly locale: string | null;
  /** In a stored row the hashes of bound values and media are keyed, as those of contents are. */
  readonly parts: readonly Part[];
  /**
   * SHA-256 of the rendered messages, first 32 hex digits, keyed in a stored row; null unless contents
   * are captured.
   */
  readonly renderedHash: string | null;
  readonly statedCost: StatedCost | null;
  /** Hash of the price table in force, where the store knows one. */
  readonly priceTable: string | null;
}

/** Contents on their way to the store; the row keeps only keyed hashes of them. */
export interface CapturedContents {
  /** SHA-256 (hex) over the canonical JSON of the variables and over the answer's text. */
  readonly inputDigest: string | null;
  readonly outputDigest: string | null;
  /** What the policy lets through; null keeps hashes alone. */
  readonly variables: string | null;
  readonly output: string | null;
  /** Days to keep them; null keeps them until they are erased. */
  readonly days: number | null;
}

/** Who the call was for, in the application's own ids. */
export interface CallSubjects {
  readonly user: string | null;
  readonly tenant: string | null;
  readonly document: string | null;
  readonly documentType: string | null;
  readonly session: string | null;
}

/** A row on its way to the store. */
export interface ExecutionDraft extends ExecutionCore {
  readonly subjects: CallSubjects;
  readonly contents: CapturedContents | null;
}

/** The pseudonyms of a stored row. */
export interface StoredSubjects {
  readonly user: Pseudonym | null;
  readonly tenant: Pseudonym | null;
  readonly document: Pseudonym | null;
  readonly documentType: Pseudonym | null;
  readonly session: Pseudonym | null;
}

/** Where a row stands in its writer's chain. */
export interface ChainPlace {
  readonly writer: WriterId;
  /** 1, 2, 3, … within the writer, without gaps. */
  readonly seq: number;
  /** SHA-256 over the previous hash and this row's logical values. */
  readonly chain: string;
}

/** A stored row: logical values only, the same on every store. */
export interface Execution extends ExecutionCore, ChainPlace {
  /** When the call started: the millisecond of the id. */
  readonly at: EpochMs;
  readonly subjects: StoredSubjects;
  /** Keyed hashes of the contents, 32 hex digits; mute once a subject of the row is erased. */
  readonly inputHash: string | null;
  readonly outputHash: string | null;
}
