/** What ties calls together: traces of the application's own, and the spans of its telemetry. */
import type { ExecutionDraft, ExecutionId, ModelChoice } from "@colophon/kernel";
import type { Resolution } from "./resolution.ts";

/** What is active around a call. */
export interface TracePlace {
  /** 32 hex digits (W3C trace context). */
  readonly trace: string;
  /** 16 hex digits, or null. */
  readonly span: string | null;
  /** The execution within which this one is made; null for none. */
  readonly parent: ExecutionId | null;
  /** Calls of each prompt in this trace so far, by its key; null where the runtime counts them. */
  readonly steps: Map<string, number> | null;
}

/** Carries a place through asynchronous code; `AsyncLocalStorage` is one. */
export interface AsyncPlace {
  getStore(): TracePlace | undefined;
  run<R>(place: TracePlace, task: () => R): R;
}

/** What a span is to be the child of, where that is not the active one. */
export interface SpanParent {
  readonly trace: string | null;
  readonly span: string | null;
}

/** What a span is told of a call when it begins. */
export interface SpanStart {
  readonly id: ExecutionId;
  readonly resolution: Resolution;
  readonly model: ModelChoice;
  readonly place: SpanParent;
}

/** A begun span. */
interface BegunSpan {
  readonly trace: string;
  readonly span: string;
  /** Runs a task with this span active. */
  within<R>(task: () => R): R;
}

/** The span of one execution. */
export interface CallSpan extends BegunSpan {
  /** Ends it with what the row says. Must not throw. */
  end(row: ExecutionDraft): void;
}

/** The span around the calls of a trace. */
export interface TraceSpan extends BegunSpan {
  /** Ends it; with the error where its task failed. Must not throw. */
  end(failure?: { readonly error: unknown }): void;
}

/** The application's telemetry, as far as it concerns calls. Must not throw. */
export interface Telemetry {
  /** The span that is active now; undefined where there is none. */
  active(): TracePlace | undefined;
  /** Begins the span of an execution; undefined where nobody listens. */
  begin(start: SpanStart): CallSpan | undefined;
  /** Begins a span around several calls; undefined where nobody listens. */
  enclose(name: string, parent: SpanParent): TraceSpan | undefined;
  /** Counts a row in the application's metrics, where it has some. */
  measure(row: ExecutionDraft): void;
}
