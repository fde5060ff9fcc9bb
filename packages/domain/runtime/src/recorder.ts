/** Records the calls of one runtime: begins their executions, watches what is sent, and takes their outcomes. */
import {
  checkOutcome,
  createIdSource,
  type ExecutionId,
  editDistance,
  HarnessError,
  type LedgerSink,
  type OutcomeId,
  parseExecutionId,
  systemRandom,
  type WriteReceipt,
  words,
} from "@colophon/kernel";
import { createAsyncPlace } from "./async-place.ts";
import type { Call } from "./call.ts";
import type { CapturePolicy } from "./capture.ts";
import { captureByEnvironment } from "./capture-option.ts";
import type { Declaration } from "./declaration.ts";
import { type KeptCall, keptCall } from "./kept-call.ts";
import { lostSink } from "./lost-sink.ts";
import { notGiven } from "./not-given.ts";
import { observe, type Watch } from "./observe.ts";
import type {
  Beginning,
  CallInHand,
  OpenRecorder,
  OutcomeInput,
  Recorder,
  RecorderFace,
  RecorderParts,
} from "./open-recorder.ts";
import { type PlaceSpace, placeOf } from "./place-of.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import { type Ending, Recording, type StepPlace } from "./recording.ts";
import { createRenderCount, type RenderCount } from "./render-count.ts";
import { createRetryDetector } from "./retry-detector.ts";
import { Run, type RunOptions, type RunPlace } from "./run.ts";
import type { RunSpace } from "./run-space.ts";
import { runTrace } from "./run-trace.ts";
import type { LiveRecord, RecordListener, Repeat, RepeatRecorder } from "./shadower.ts";
import { type StartedCall, startedCall } from "./started-call.ts";
import { TraceSteps } from "./trace-steps.ts";
import type { AsyncPlace, TracePlace } from "./tracing.ts";

const NO_CAPTURE: CapturePolicy = Object.freeze({ mode: "none" });

/** Marks what is done within a repeat. */
const REPEAT: TracePlace = { trace: "", span: null, parent: null, steps: null };

class CallRecorder implements OpenRecorder, RepeatRecorder {
  readonly #parts: RecorderParts;
  readonly #sink: LedgerSink;
  readonly #traces: AsyncPlace = createAsyncPlace();
  /** Holds a place within repeats of live calls, and nowhere else. */
  readonly #repeats: AsyncPlace = createAsyncPlace();
  /** Repeats are no steps of the traces that they belong to. */
  readonly #repeatedSteps = new TraceSteps();
  readonly #space: RunSpace & PlaceSpace;
  readonly #readers: Watch["readers"];
  readonly #watchers: Watch["watchers"];
  readonly #renders: RenderCount;
  readonly #retries = createRetryDetector();
  readonly fresh = (): string => this.#space.ids.next();
  readonly face: RecorderFace = {
    outcome: (execution, outcome) => this.#outcome(execution, outcome),
    kept: (execution, { served, kept }) => {
      const value = editDistance(served, kept);
      this.#outcome(execution, { name: "editDistance", value });
      return value;
    },
    trace: (name, task) => {
      const { telemetry, ids } = this.#space;
      return runTrace({ name, task }, { traces: this.#traces, telemetry, ids });
    },
    flush: async () => {
      this.#renders.sweep();
      await this.#sink.flush();
    },
  };

  constructor(parts: RecorderParts) {
    const {
      clock,
      random = systemRandom,
      ids = createIdSource({ clock, random }),
      sha256,
      chance = Math.random,
      wires = [],
    } = parts;
    const telemetry = parts.telemetry || undefined;
    // Node takes options in its place; elsewhere they would end calls with an error, and leave no span.
    if (telemetry && !telemetry.begin)
      throw notGiven(
        "telemetry",
        words(() => "telemetry"),
      );
    const capture = captureByEnvironment(parts.capture);
    const sink = parts.sink ?? lostSink(parts.onNotice);
    this.#parts = parts;
    this.#sink = sink;
    this.#renders = createRenderCount({ clock, sink });
    this.#readers = wires.flatMap((wire) => wire.readers);
    this.#watchers = wires.flatMap((wire) => wire.watchers ?? []);
    this.#space = {
      clock, ids, sink, sha256, chance, telemetry,
      traces: this.#traces,
      traceSteps: new TraceSteps(),
      inFlight: new Set(),
      policyFor: ({ capture: own }: Declaration, environment: string) =>
        own == null
          ? ((Object.hasOwn(capture, environment) ? capture[environment] : capture.default) ?? NO_CAPTURE)
          : typeof own === "string" ? { mode: own } : own,
      recorded: () => this.#renders.sweep(),
    }; // biome-ignore format: what is passed on in one line
  }

  render({ call, prompt }: Beginning<unknown>): PreparedPrompt {
    call.counted ??= this.#renders.rendered(call.resolved.resolution.key);
    return prompt;
  }

  start(given: Beginning<RunOptions>): StartedCall {
    const beginning = this.#purposed(given);
    const run = this.#begin(beginning, this.#kept(beginning));
    return startedCall(run, beginning.prompt);
  }

  record<R>(given: Beginning<RecordOptions>, send: (prompt: PreparedPrompt) => R): R {
    const beginning = this.#purposed(given);
    const listener = this.#parts.shadow?.listen({ beginning, send, recorder: this });
    const { result } = this.#sent(beginning, send, listener);
    listener?.sent(result);
    return result;
  }

  repeat({ beginning, send }: Omit<LiveRecord, "recorder">): Repeat {
    const around = this.#traces.getStore();
    const apart = around && { ...around, steps: new Map<string, number>() };
    const within = <R>(task: () => R): R =>
      this.#repeats.run(REPEAT, apart === undefined ? task : () => this.#traces.run(apart, task));
    return { ...within(() => this.#sent(beginning, send)), within };
  }

  /** What is called within a repeat of a live call is there for nobody either. */
  #purposed<O extends RunOptions>(beginning: Beginning<O>): Beginning<O> {
    if (this.#repeats.getStore() === undefined) return beginning;
    const { options } = beginning;
    if (options.purpose !== undefined && options.purpose !== "serve") return beginning;
    return { ...beginning, options: { ...options, purpose: "shadow" } };
  }

  #sent<R>(
    beginning: Beginning<RecordOptions>,
    send: (prompt: PreparedPrompt) => R,
    listener?: RecordListener,
  ): { readonly result: R; readonly recording: Recording } {
    const { options, place, rendered, prompt } = beginning;
    const kept = this.#kept(beginning);
    const run = this.#begin(beginning, kept);
    const recording = new Recording(run, (step) => this.#beginRun(beginning, kept, step));
    if (listener !== undefined) run.whenEnded((row) => listener.ended(row, recording));
    place?.limit?.onOver((error) => recording.cut(error));
    rendered.recorded = {
      recording,
      observeStep: (sendStep) => {
        recording.mustRunOnce();
        const step = recording.step();
        return this.#observed(step, this.#watch(step, recording), sendStep);
      },
    };
    const settled = listener && (() => listener.settled());
    const watch = this.#watch(recording, recording, { read: options.read, settled });
    return { result: this.#observed(run, watch, () => send(prompt)), recording };
  }

  #kept({ rendered, call }: Beginning<unknown>): KeptCall {
    return keptCall(rendered, { bound: call.bound, sha256: this.#space.sha256 });
  }

  #watch(run: Ending, recording: Recording, more?: Pick<Watch, "read" | "settled">): Watch {
    return {
      run,
      recording,
      read: more?.read,
      settled: more?.settled,
      readers: this.#readers,
      watchers: this.#watchers,
    };
  }

  /** Sends within the execution's span and watches what comes back. */
  #observed<R>(run: Run, watch: Watch, send: () => R): R {
    let result: R;
    try {
      result = run.within(() => this.#traced(run, send));
    } catch (error) {
      watch.run.fail(error);
      throw error;
    }
    return observe(result, watch);
  }

  /** Calls made meanwhile are made within this execution. */
  #traced<R>(run: Run, send: () => R): R {
    const place = this.#traces.getStore();
    return place === undefined ? send() : this.#traces.run({ ...place, parent: run.id }, send);
  }

  #begin(beginning: Beginning<RecordOptions | RunOptions>, kept: KeptCall): Run {
    const { call, options, place } = beginning;
    const { key } = call.resolved.resolution;
    if (call.counted !== undefined) {
      this.#renders.claimed(call.counted, key);
      call.counted = undefined;
    }
    const run = this.#beginRun(beginning, kept);
    place?.begun(run.id);
    if (isFirstTry(options)) this.#noteRetry(run.id, call, kept);
    return run;
  }

  #beginRun(beginning: Beginning<RecordOptions | RunOptions>, kept: KeptCall, step?: StepPlace): Run {
    const { call, rendered, options, place, sample } = beginning;
    const { declaration, context } = call;
    const { resolution } = call.resolved;
    const run = new Run({
      space: this.#space,
      declaration,
      resolution,
      context,
      place: this.#placeOf(beginning, step),
      model: place?.model ?? resolution.model,
      options: step === undefined ? options : optionsAt(step, options),
      signal: "signal" in options ? options.signal : undefined,
      variables: kept.variables,
      messages: rendered.messages,
      mediaHash: kept.media?.hash,
      parts: kept.parts,
      locale: rendered.locale,
      output: rendered.servable.text.output,
      sample,
    });
    // An attempt that was given up may go on by itself; it no longer speaks for the call.
    if (step === undefined || place?.limit?.signal.aborted !== true) call.executionId = run.id;
    return run;
  }

  #placeOf({ call, options, at }: Beginning<RunOptions>, step: StepPlace | undefined): RunPlace {
    if (at !== undefined) return step === undefined ? at : { ...at, parent: step.parent };
    const { key } = call.resolved.resolution;
    const isRepeat = this.#repeats.getStore() !== undefined;
    const space = isRepeat ? { ...this.#space, traceSteps: this.#repeatedSteps } : this.#space;
    return placeOf({ key, attempt: options.attempt, of: step }, call.context, space);
  }

  /** Whoever asks the same again in a session was not served well. */
  #noteRetry(execution: ExecutionId, { resolved, context }: CallInHand, kept: KeptCall): void {
    const { session } = context;
    if (session === undefined) return;
    const { media, variables } = kept;
    const again = this.#retries.asked({
      key: resolved.resolution.key,
      session,
      execution,
      variables: media?.texts ?? variables,
      media: media?.parts.map((part) => part.hash).join(),
      at: this.#parts.clock.now(),
    });
    if (again === undefined) return;
    try {
      this.#outcome(again, { name: "retried", value: true, source: "rule", by: "session-retry" });
    } catch {
      // A signal of ours that cannot be written is no reason not to send.
    }
  }

  #outcome(execution: ExecutionId | Call<never>, outcome: OutcomeInput): WriteReceipt {
    const { name, value, source = "user", by = null } = outcome;
    checkOutcome({ name, value, source });
    return this.#sink.writeOutcome({
      id: this.#space.ids.next() as OutcomeId,
      execution: executionOf(execution),
      name,
      // Half a surrogate pair would not survive a database.
      value: typeof value === "string" ? value.toWellFormed() : value,
      source,
      by: by === null ? null : by.toWellFormed(),
    });
  }

  end(): void {
    this.#parts.shadow?.stop();
    for (const unended of [...this.#space.inFlight]) unended.abort();
    this.#renders.close();
  }

  async close(): Promise<void> {
    await this.#parts.shadow?.stopped();
    await this.#sink.close();
  }
}

/** What the application says of its record, for one more of its provider calls: the first has the whole stated cost. */
function optionsAt({ attempt }: StepPlace, { cost, ...options }: RunOptions): RunOptions {
  const stated = cost === undefined ? {} : { cost: { ...cost, amount: 0 } };
  return { ...options, ...stated, attempt, fallbackOf: undefined };
}

/** Repeats, fallbacks and shadows are the application's doing: nobody asked again. */
function isFirstTry({ purpose = "serve", attempt = 1, fallbackOf }: RunOptions): boolean {
  return purpose === "serve" && attempt === 1 && fallbackOf === undefined;
}

function executionOf(execution: ExecutionId | Call<never>): ExecutionId {
  if (typeof execution === "string") return parseExecutionId(execution);
  if (execution.executionId !== null) return execution.executionId;
  throw new HarnessError(
    "execution-unknown",
    `${execution.key} was not called yet; record the call before its outcome.`,
  );
}

/**
 * Writes a row for each call, takes outcomes and ties calls into traces. Under Node `open` has it by
 * itself; elsewhere it is passed along with the sink for the rows.
 */
export const recorder: Recorder = { open: (parts) => new CallRecorder(parts) };
