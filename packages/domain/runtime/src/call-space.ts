/** What a call needs of the runtime that made it. */
import type { Clock } from "@colophon/kernel";
import type { beginCall } from "./begin-call.ts";
import type { Fallback } from "./fallback.ts";
import type { OpenRecorder } from "./open-recorder.ts";
import type { Wire } from "./wire/wire.ts";

export interface CallSpace {
  readonly clock: Clock;
  /** Of two that write for the same method, the last one does. */
  readonly wires?: readonly Wire[] | undefined;
  readonly recorder: OpenRecorder;
  readonly fallback?: Fallback | undefined;
  /** Renders what is to be sent: here for the opt-in parts, whose bundles need no renderer of their own. */
  readonly begin: typeof beginCall;
}
