/** What the application says of a recorded call beside its variables. */
import type { FallbackPolicy } from "./fallback-policy.ts";
import type { ReadAnswer } from "./observe.ts";
import type { RunOptions } from "./run.ts";

declare global {
  /** Every platform has it; a program that is compiled without any platform's types may not know its name. */
  interface AbortSignal {}
}

/** What `record` takes beside variables and sender. */
export interface RecordOptions extends RunOptions {
  /** Reads an answer of a client that is not known here. */
  readonly read?: ReadAnswer;
  /** The application's own signal, which `p.signal` follows; where it aborts, no other model is tried. */
  readonly signal?: AbortSignal;
  /**
   * Whether `send` may be called a second time with another version of the prompt, whose answer nobody
   * sees. `false` forbids it; `true` also allows it where tools may run twice, which else is not done.
   * As the prompt says when left out.
   */
  readonly repeatable?: boolean;
  readonly fallback?: false;
}

/** What `record` takes that goes on to the next model. */
export interface FallbackOptions extends Omit<RecordOptions, "attempt" | "fallbackOf" | "fallback"> {
  /** When to go on; `true` for what `open` was given, else every kind of trouble and no retries. */
  readonly fallback: true | FallbackPolicy;
}
