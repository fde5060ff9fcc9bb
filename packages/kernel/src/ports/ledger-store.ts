/** The port of the ledger: rows of calls and their outcomes, appended once and chained per writer. */
import type { EpochMs } from "../clock.ts";
import type { ExecutionId, WriterId } from "../ids.ts";
import type { MetricSketch } from "../metric-sketch.ts";
import type { Execution, ExecutionDraft } from "../records/execution.ts";
import type { Outcome, OutcomeDraft } from "../records/outcome.ts";
import type { Pseudonym } from "../subject.ts";
import type { Lane, OutcomeSource, Purpose } from "../vocabulary.ts";

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

/**
 * The least input tokens of each size band. Some price lists charge more per token for a call with a
 * long input, so sums are kept apart by band, and every call of a sum has the same price per token.
 * The bounds are those of the list prices in @pydantic/genai-prices 0.1, where a tier applies above its
 * `start` (128,000, 199,999, 200,000, 271,999, 272,000 and 512,000), compared with all of a call's
 * input tokens, cached ones included.
 */
export const INPUT_BANDS = [0, 128_001, 200_000, 200_001, 272_000, 272_001, 512_001] as const;
export type InputBand = (typeof INPUT_BANDS)[number];

/** The band of a call with so many input tokens; null where its provider named none. */
export function inputBandOf(input: number | null): InputBand | null {
  return input === null ? null : (INPUT_BANDS.findLast((least) => input >= least) ?? 0);
}

/** What sums stand for, apart from their time. */
export interface RollupKey {
  readonly prompt: string;
  readonly version: number | null;
  readonly hash: string;
  readonly environment: string;
  readonly lane: Lane | null;
  readonly purpose: Purpose;
  readonly requestedModel: string;
  readonly answeringModel: string | null;
  readonly provider: string;
  readonly host: string | null;
  /** The least input tokens of these calls' size band, so a call that the price list can be asked about; null where their providers named no input tokens. */
  readonly band: InputBand | null;
  /** Of the costs that the application stated for these calls, as it wrote it; null for calls whose cost it did not state, which are priced by their tokens. */
  readonly currency: string | null;
}

/** Sums that costs are made of. Sums beyond 2^53 are rounded to what a number can hold. */
export interface CostSums {
  /** Rows: each is one provider call where visible, else one call with its steps. */
  readonly calls: number;
  /** All input tokens, those read from and written to a cache included. */
  readonly inputTokens: number;
  /** All output tokens, reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Calls whose provider named neither input nor output tokens; their cost is unknown, not zero. */
  readonly uncounted: number;
  /** Calls that were not the first attempt. */
  readonly retries: number;
  /** Calls that begin their prompt's work in a trace: the first attempt of the first step, or of a call without steps. A call outside any trace counts as a trace of its own. */
  readonly traces: number;
  /** The stated costs in billionths of `currency`'s unit, each call's rounded to a whole one; 0 where nothing was stated. */
  readonly stated: number;
}

/** Sums of the calls of an hour, a day or a whole window. Calls count at the time they started. */
export interface Rollup extends RollupKey, CostSums {
  /** Hours since the epoch: the hour, or the first hour of the (UTC) day; null for sums of the whole window. */
  readonly hour: number | null;
  readonly errors: number;
  readonly aborted: number;
  /** Milliseconds, of all calls together. */
  readonly latency: number;
  /** Milliseconds to the first token, of the `firstTokens` calls that have one. */
  readonly firstToken: number;
  readonly firstTokens: number;
  readonly schemaOk: number;
  readonly schemaBad: number;
  readonly refused: number;
}

/** Sums of one tenant's calls in a day or a whole window. */
export interface TenantRollup extends Omit<RollupKey, "prompt" | "version" | "hash">, CostSums {
  /** Days (UTC) since the epoch; null for sums of the whole window. */
  readonly day: number | null;
  /** Null for calls without a tenant, so that all add up to what `listRollups` gives. `RecordStore.listSubjects` knows the plain id unless it was erased. */
  readonly tenant: Pseudonym | null;
  /** Null, as `version` and `hash`, where the filter asks for `detail: "model"`. */
  readonly prompt: string | null;
  readonly version: number | null;
  readonly hash: string | null;
}

export interface RollupFilter extends Pick<ExecutionFilter, "prompt" | "environment" | "since" | "until"> {
  /** What one sum covers; an hour unless given. */
  readonly by?: "hour" | "day" | "window";
}

export interface TenantRollupFilter
  extends Pick<ExecutionFilter, "prompt" | "environment" | "since" | "until"> {
  /** What one sum covers; a day unless given. */
  readonly by?: "day" | "window";
  /**
   * Whether sums of one tenant are kept apart by version as well (so unless given), or by environment,
   * lane, purpose, model, band and currency alone, which is many times as fast where tenants are many.
   */
  readonly detail?: "version" | "model";
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

/** Where a reader of arriving rows stands: opaque, to be handed back. */
export type LedgerCursor = string;

export interface ArrivalFilter {
  /** Where the last page ended; absent, before the first row that `since` lets in. */
  readonly after?: LedgerCursor;
  /**
   * Without a cursor: where to begin, before the first row of a call that started then or later. What came
   * in after it is listed, rows of earlier calls and outcomes of earlier rows too; with a cursor it says nothing.
   */
  readonly since?: EpochMs;
  /** Only rows (and outcomes of rows) of these prompts. */
  readonly prompts?: readonly string[];
  /** Rows and outcomes of one page, at least 1; 1,000 unless given. Outcomes that came before their row are listed with it, all of them. */
  readonly limit?: number;
}

/** An outcome with the row that it is about. */
export interface ArrivedOutcome {
  readonly outcome: Outcome;
  readonly execution: Execution;
}

/**
 * Rows in the order in which they reached the store, late ones where they came in; and outcomes in theirs.
 * A page lists rows first: an outcome never comes on an earlier page than its row.
 */
export interface Arrivals {
  readonly executions: readonly Execution[];
  /** An outcome that came before its row is listed when its row has come. */
  readonly outcomes: readonly ArrivedOutcome[];
  readonly cursor: LedgerCursor;
  /** False when more may wait: the page was full, or so many rows of other prompts were passed over that it ended before. */
  readonly done: boolean;
}

/** A metric of some calls: of rows, or of outcomes under their own name and source. */
export interface MetricSums
  extends Pick<
    RollupKey,
    | "prompt"
    | "version"
    | "hash"
    | "environment"
    | "lane"
    | "purpose"
    | "requestedModel"
    | "answeringModel"
    | "provider"
  > {
  /** Hours since the epoch, of the calls' start; the first hour of a day; null for a whole window. */
  readonly hour: number | null;
  /** `latency`, `firstToken`, `outputLength`, `inputTokens`, `outputTokens` of rows; else an outcome's name. */
  readonly metric: string;
  /** Null for metrics of rows. */
  readonly source: OutcomeSource | null;
  readonly count: number;
  /** Of numbers, true as 1 and false as 0; texts are counted alone and add 0. As exact as floating point adds them. */
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Quantile sketch of those that are numbers; null where none is: all true or false, or texts. */
  readonly sketch: MetricSketch | null;
}

export interface MetricFilter extends Pick<ExecutionFilter, "prompt" | "environment" | "purpose"> {
  /** As of rollups; a bound inside an hour is moved to the hour's start. */
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  readonly by?: "hour" | "day" | "window";
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
  /** In the order in which they came; of a span of time where one is given: from `since`, before `until`. */
  listGaps(span?: Pick<ExecutionFilter, "since" | "until">): Promise<readonly Gap[]>;
  /**
   * Sums of the rows in the window, exact to the millisecond at the moment of asking, in order of time.
   * Whole days and hours are read from sums, the rest of an hour that `since` or `until` cuts from its rows.
   */
  listRollups(filter: RollupFilter): Promise<readonly Rollup[]>;
  /**
   * The same by tenant, exact as well. Its sums are kept by day alone: where `since` or `until` cuts a
   * day, the rows of that day's shorter side are read, so bounds at midnight (UTC) are answered fastest.
   */
  listTenantRollups(filter: TenantRollupFilter): Promise<readonly TenantRollup[]>;
  /**
   * Rows and outcomes as they come in; a reader that keeps its cursor misses none and sees none twice.
   *
   * @throws HarnessError `input-malformed` for a cursor that this store never gave.
   */
  listArrivals(filter: ArrivalFilter): Promise<Arrivals>;
  /** Sums and sketches of metrics, in order of time, exact at the moment of asking. */
  listMetrics(filter: MetricFilter): Promise<readonly MetricSums[]>;
  findContents(id: ExecutionId): Promise<StoredContents | undefined>;
  close(): Promise<void>;
}
