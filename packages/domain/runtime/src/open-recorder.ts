/** What a runtime asks of its recorder: rows of calls, their outcomes and traces. */
import type {
  Clock,
  ExecutionId,
  IdSource,
  LedgerSink,
  OutcomeSource,
  OutcomeValue,
  Sha256,
  WriteReceipt,
} from "@colophon/kernel";
import type { AttemptPlace } from "./attempts.ts";
import type { Call } from "./call.ts";
import type { CaptureOption } from "./capture-option.ts";
import type { BoundValue, Declaration, ResolveContext } from "./declaration.ts";
import type { PreparedPrompt, Recorded } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { RenderedCall } from "./render-call.ts";
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
  readonly ids: IdSource;
  /** Without one rows are dropped, which is said once. */
  readonly sink?: LedgerSink | undefined;
  readonly sha256: Sha256;
  readonly capture?: CaptureOption | undefined;
  /** A draw in [0, 1) for samples. */
  readonly chance?: (() => number) | undefined;
  /** The clients whose answers are read. */
  readonly wires: readonly Wire[];
  readonly telemetry?: Telemetry | undefined;
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
  /** What `bind` fetched. */
  bound: Readonly<Record<string, BoundValue>> | undefined;
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
  /** Makes the prompt to be handed out. */
  readonly prepare: (recorded: Recorded | null) => PreparedPrompt;
}

/** The recorder of one runtime. */
export interface OpenRecorder {
  /** Notes a call that was rendered, and may still be recorded. */
  rendered(call: CallInHand): void;
  start(beginning: Beginning<RunOptions>): StartedCall;
  record<R>(beginning: Beginning<RecordOptions>, send: (prompt: PreparedPrompt) => R): R;
  outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt;
  kept(execution: ExecutionId | Call<never>, texts: KeptTexts): number;
  trace<R>(name: string, task: (trace: Trace) => R): R;
  flush(): Promise<void>;
  /** Ends what is still running as aborted. */
  end(): void;
  /** Flushes, and lets go of the sink. */
  close(): Promise<void>;
}
