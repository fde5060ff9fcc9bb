/** What a runtime and its recorder ask of whatever repeats live calls beside them. */
import type { ExecutionDraft } from "@colophon/kernel";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Beginning } from "./open-recorder.ts";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { Recording } from "./recording.ts";
import type { Resolved, ResolveSpace } from "./resolution.ts";

/** Repeats live calls on a challenger: `open` is given it where a bundle carries only what it is given. */
export interface Shadower {
  /** Begins for one runtime; the limits of a rollout count for all that it is opened for. */
  open(parts: ShadowerParts): OpenShadower;
}

/** What a shadower takes of its runtime. */
export interface ShadowerParts {
  /** A draw in [0, 1) for samples. */
  readonly chance?: (() => number) | undefined;
  /** What is released at the moment. */
  readonly live: Pick<ResolveSpace, "snapshot">;
  decide(declaration: Declaration, context: ResolveContext): Resolved;
}

/** How many calls of this process were repeated, and how many were not because others were under way. */
export interface ShadowCounts {
  readonly sent: number;
  readonly skipped: number;
}

/** The shadower of one runtime. */
export interface OpenShadower {
  /** Who is to hear how a live call goes; undefined for one that is not repeated. Never throws. */
  listen(live: LiveRecord): RecordListener | undefined;
  counts(): ShadowCounts;
  /** Begins no more and aborts what is under way. */
  stop(): void;
  /** Resolves once nothing is under way any more, or after a bounded time. */
  stopped(): Promise<void>;
}

/** A live call on its way to the application's own sender. */
export interface LiveRecord {
  readonly beginning: Beginning<RecordOptions>;
  readonly send: (prompt: PreparedPrompt) => unknown;
  readonly recorder: RepeatRecorder;
}

/** Records a repeat of a live call. */
export interface RepeatRecorder {
  /** @throws what `send` throws. */
  repeat(live: Omit<LiveRecord, "recorder">): Repeat;
}

/** A repeat that was sent. */
export interface Repeat {
  readonly result: unknown;
  readonly recording: Recording;
  /** Runs a task as a part of the repeat: a result that is read may make further calls. */
  within<R>(task: () => R): R;
}

/** Hears how a record went. Must not throw. */
export interface RecordListener {
  /** The application's sender has returned this. */
  sent(result: unknown): void;
  /** The promise that it returned has settled. */
  settled(): void;
  /** The record's own execution has its row. */
  ended(row: ExecutionDraft, recording: Recording): void;
}
