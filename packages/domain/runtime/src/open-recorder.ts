/** What a runtime asks of its recorder: rows of calls, their outcomes and traces. */
import type {
  Clock,
  ExecutionId,
  IdSource,
  LedgerSink,
  OutcomeSource,
  OutcomeValue,
  RandomSource,
  Sha256,
  WriteReceipt,
} from "@colophon/kernel";
import type { AttemptPlace } from "./attempts.ts";
import type { RenderedCall } from "./begin-call.ts";
import type { Call } from "./call.ts";
import type { CallSpace } from "./call-space.ts";
import type { CaptureOption } from "./capture-option.ts";
import type { BoundValue, Declaration, ResolveContext } from "./declaration.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { RenderStretch } from "./render-count.ts";
import type { Resolved } from "./resolution.ts";
import type { RunOptions, RunPlace } from "./run.ts";
import type { Trace } from "./run-trace.ts";
import type { OpenShadower } from "./shadower.ts";
import type { StartedCall } from "./started-call.ts";
import type { Telemetry } from "./tracing.ts";
import type { Wire } from "./wire/wire.ts";

/** Records calls: `open` is given it where a bundle carries only what it is given. */
export interface Recorder {
  /** @throws HarnessError `usage` for a capture policy that cannot be meant. */
  open(parts: RecorderParts): OpenRecorder;
}

/** What a recorder takes of its runtime. */
export interface RecorderParts {
  readonly clock: Clock;
  /** Names executions and outcomes; UUIDs of the seventh version out of clock and `random` when left out. */
  readonly ids?: IdSource | undefined;
  readonly random?: RandomSource | undefined;
  /** Without one rows are dropped, which is said once. */
  readonly sink?: LedgerSink | undefined;
  readonly sha256: Sha256;
  readonly capture?: CaptureOption | undefined;
  /** A draw in [0, 1) for samples. */
  readonly chance?: (() => number) | undefined;
  /** The clients whose answers are read. */
  readonly wires?: readonly Wire[] | undefined;
  readonly telemetry?: Telemetry | false | undefined;
  /** Repeats live calls, where a rollout wants it. */
  readonly shadow?: OpenShadower | undefined;
  readonly onNotice: (message: string) => void;
}

/** A signal about an execution, as the application gives it. */
export interface OutcomeInput {
  readonly name: string;
  readonly value: OutcomeValue;
  readonly source?: OutcomeSource;
  readonly by?: string;
}

/** What was served, and what the user made of it. */
export interface KeptTexts {
  readonly served: string;
  readonly kept: string;
}

/** A resolved call, as far as it is recorded. */
export interface CallInHand {
  readonly resolved: Resolved;
  readonly declaration: Declaration;
  readonly context: ResolveContext;
  readonly space: CallSpace;
  /** What `bind` fetched. */
  bound?: Readonly<Record<string, BoundValue>>;
  /** The execution begun last. */
  executionId: ExecutionId | null;
  /** Where this call's render is counted, until it is recorded. */
  counted: RenderStretch | undefined;
}

/** How an execution is begun: with what the application says of it, and on which attempt of several. */
export interface Placed<O> {
  readonly options: O;
  readonly place?: AttemptPlace | undefined;
}

/** A rendered call whose execution is to begin. */
export interface Beginning<O> extends Placed<O> {
  /** Where it stands among other executions; where that is said by what is active, left out. */
  readonly at?: RunPlace | undefined;
  /** The draw in [0, 1) for its sampled contents; drawn when the row is written where left out. */
  readonly sample?: number | undefined;
  readonly call: CallInHand;
  readonly rendered: RenderedCall;
  /** To be handed out. */
  readonly prompt: PreparedPrompt;
}

/** What an application asks of its recorder by itself; the runtime hands these on as they are. */
export interface RecorderFace {
  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt;
  /** Appends `editDistance` between the served text and what the user kept; returns it. */
  kept(execution: ExecutionId | Call<never>, texts: KeptTexts): number;
  /** Ties together the calls that a task makes; returns exactly what the task returned. */
  trace<R>(name: string, task: (trace: Trace) => R): R;
  flush(): Promise<void>;
}

/** The recorder of one runtime. */
export interface OpenRecorder {
  readonly face: RecorderFace;
  /** Names what is drawn for one call alone. */
  fresh(): string;
  /** Hands out a prompt, whose call may still be recorded. */
  render(beginning: Beginning<Pick<RunOptions, "history">>): PreparedPrompt;
  start(beginning: Beginning<RunOptions>): StartedCall;
  record<R>(beginning: Beginning<RecordOptions>, send: (prompt: PreparedPrompt) => R): R;
  /** Ends what is still running as aborted. */
  end?(): void;
  /** Flushes, and lets go of the sink. */
  close?(): Promise<void>;
}
