/** What a call needs of the runtime that made it. */
import type { Clock, IdSource } from "@colophon/kernel";
import type { Fallback } from "./fallback.ts";
import type { OpenRecorder } from "./open-recorder.ts";
import type { Writers } from "./prepared-prompt.ts";

export interface CallSpace {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** What the wires of this place write. */
  readonly writers: Writers;
  readonly recorder: OpenRecorder;
  readonly fallback: Fallback | undefined;
}
