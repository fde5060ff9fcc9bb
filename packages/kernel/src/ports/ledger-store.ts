/** The port of the ledger: rows of calls and their outcomes, appended once and chained per writer. */
import type { EpochMs } from "../clock.ts";
import type { ExecutionId, WriterId } from "../ids.ts";
import type { Execution, ExecutionDraft } from "../records/execution.ts";
import type { Outcome, OutcomeDraft } from "../records/outcome.ts";
import type { Pseudonym } from "../subject.ts";
import type { Purpose } from "../vocabulary.ts";

export interface ExecutionFilter {
  readonly prompt?: string;
  readonly version?: number;
  readonly hash?: string;
  readonly environment?: string;
  readonly user?: Pseudonym;
  readonly tenant?: Pseudonym;
  readonly document?: Pseudonym;
  readonly documentType?: Pseudonym;
  readonly session?: Pseudonym;
  readonly trace?: string;
  readonly purpose?: Purpose;
  /** First millisecond, inclusive. */
  readonly since?: EpochMs;
  /** Last millisecond, exclusive. */
  readonly until?: EpochMs;
  readonly limit?: number;
  readonly order?: "newest-first" | "oldest-first";
}

export interface AppendedRows {
  readonly stored: number;
  /** Rows that were there already, by id. */
  readonly duplicates: number;
}

/** Captured contents of a row, as the policy let them through. */
export interface StoredContents {
  readonly variables: string | null;
  readonly output: string | null;
}

/** A call whose start was recorded durably. */
export interface ExecutionStart {
  readonly id: ExecutionId;
  readonly prompt: string;
  readonly version: number | null;
  readonly hash: string;
  readonly environment: string;
}

/** Sums of an hour, kept in the transaction that inserts the row. */
export interface Rollup {
  /** Hours since the epoch. */
  readonly hour: number;
  readonly prompt: string;
  readonly version: number | null;
  readonly hash: string;
  readonly environment: string;
  readonly lane: string | null;
  readonly purpose: Purpose;
  readonly requestedModel: string;
  readonly answeringModel: string | null;
  readonly provider: string;
  readonly calls: number;
  readonly errors: number;
  readonly aborted: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Calls whose provider named no tokens; their cost is unknown, not zero. */
  readonly uncounted: number;
  readonly latency: number;
  readonly schemaOk: number;
  readonly schemaBad: number;
  readonly refused: number;
}

/** What happened to calls that left no row. */
export const GAP_KINDS = [
  "rendered-not-recorded",
  "dropped-row",
  "dropped-contents",
  "dropped-outcome",
] as const;
export type GapKind = (typeof GAP_KINDS)[number];

/** A counted gap, said instead of silence. */
export interface Gap {
  readonly at: EpochMs;
  readonly writer: WriterId;
  readonly kind: GapKind;
  readonly count: number;
  /** Prompt key where known. */
  readonly prompt: string | null;
  readonly reason: string;
}

export interface LedgerStore {
  /** Appends rows; one that is there already (same id) is counted and left as it is. */
  append(rows: readonly ExecutionDraft[]): Promise<AppendedRows>;
  appendOutcomes(rows: readonly OutcomeDraft[]): Promise<AppendedRows>;
  appendStarts(rows: readonly ExecutionStart[]): Promise<AppendedRows>;
  appendGaps(gaps: readonly Omit<Gap, "writer">[]): Promise<void>;
  findExecution(id: ExecutionId): Promise<Execution | undefined>;
  /** Newest first unless the filter says otherwise; 100 rows unless it says otherwise. */
  listExecutions(filter: ExecutionFilter): Promise<readonly Execution[]>;
  listOutcomes(executions: Iterable<ExecutionId>): Promise<readonly Outcome[]>;
  /** Starts without a row: calls cut off by a crash, or still running. */
  listUnfinished(): Promise<readonly ExecutionStart[]>;
  listGaps(): Promise<readonly Gap[]>;
  listRollups(
    filter: Pick<ExecutionFilter, "prompt" | "environment" | "since" | "until">,
  ): Promise<readonly Rollup[]>;
  findContents(id: ExecutionId): Promise<StoredContents | undefined>;
  close(): Promise<void>;
}
