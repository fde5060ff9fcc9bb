/** What every execution of one runtime shares. */
import type { Clock, IdSource, LedgerSink, Sha256 } from "@colophon/kernel";
import type { AnswerReader } from "./answer.ts";
import type { CapturePolicy } from "./capture.ts";
import type { Declaration } from "./declaration.ts";

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
  readonly readers: readonly AnswerReader[];
  /** Begun and not ended: written as aborted when the runtime closes. */
  readonly inFlight: Set<Unended>;
  policyFor(declaration: Declaration, environment: string): CapturePolicy;
  /** Called when a row was written. */
  recorded(): void;
}
