/** What every execution of one runtime shares. */
import type { Clock, IdSource, LedgerSink, Sha256 } from "@colophon/kernel";
import type { CapturePolicy } from "./capture.ts";
import type { Declaration } from "./declaration.ts";
import type { TraceSteps } from "./trace-steps.ts";
import type { Telemetry } from "./tracing.ts";

/** An execution that has not ended yet. */
export interface Unended {
  abort(): unknown;
}

export interface RunSpace {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly sink: LedgerSink;
  readonly sha256: Sha256;
  /** A draw in [0, 1) for sampling. */
  readonly chance: () => number;
  /** Spans of calls, where somebody listens. */
  readonly telemetry: Telemetry | undefined;
  /** Counts steps of traces that nobody else counts. */
  readonly traceSteps: TraceSteps;
  /** Begun and not ended: written as aborted when the runtime closes. */
  readonly inFlight: Set<Unended>;
  policyFor(declaration: Declaration, environment: string): CapturePolicy;
  /** Called when a row was written. */
  recorded(): void;
}
