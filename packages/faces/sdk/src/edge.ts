/** The SDK where there is no Node: the core alone, over a baked snapshot. */
import { type Fallback, followRegistry, type Shadower, type Telemetry } from "@colophon/runtime";
import type { Colophon } from "./colophon.ts";
import { environmentVariables, followDefined } from "./define/prompt.ts";
import { sourceOf } from "./fixed-source.ts";
import { openCore } from "./open-core.ts";
import { type OpenOptions, readSettings, type Variables } from "./open-options.ts";

export {
  type Clock,
  type Considered,
  type ErrorCode,
  type ExecutionId,
  errorCodeOf,
  HarnessError,
  type LedgerSink,
  type MediaForm,
  type MediaValue,
  type Message,
  type SnapshotDocument,
  type WriteReceipt,
} from "@colophon/kernel";
export type {
  Answer,
  Attempt,
  AttemptPolicy,
  BindContext,
  BoundValue,
  Call,
  CallModel,
  CaptureOption,
  CapturePolicy,
  ErrorKind,
  Fallback,
  FallbackOptions,
  FallbackPolicy,
  OutcomeInput,
  PreparedPrompt,
  Readiness,
  Recorder,
  RecordOptions,
  Resolution,
  ResolveContext,
  Shadower,
  StartedCall,
  Telemetry,
  Trace,
  Wire,
} from "@colophon/runtime";
export type { Colophon, VersionName } from "./colophon.ts";
export { definePrompt } from "./define/define-prompt.ts";
export type { Prompt } from "./define/prompt.ts";
export type { PromptOptions } from "./define/prompt-options.ts";
export type { BakedSnapshot, SnapshotFeed } from "./fixed-source.ts";
export type { OpenOptions } from "./open-options.ts";
export type { PromptOutput, PromptTypes, PromptVariables } from "./prompt-types.ts";

/** What `open` takes where there is no Node. */
export interface EdgeOptions extends OpenOptions {
  /** Environment variables, where the platform passes them to the handler. */
  readonly variables?: Variables;
  /** Spans and metrics of calls: `openTelemetry()` of `colophon/telemetry`. */
  readonly telemetry?: Telemetry | false;
  /** Lets `record` go on to other models: `modelFallback()` of `colophon/fallback`. */
  readonly fallback?: Fallback;
  /** Repeats live calls while a rollout shadows its challenger: `shadowing()` of `colophon/shadow`. */
  readonly shadow?: Shadower | false;
}

/**
 * Opens the core. Synchronous; resolves from the snapshot that is passed in, else the defaults in
 * the code.
 *
 * @throws HarnessError `usage` for options that cannot be meant.
 * @example
 * import { openai } from "colophon/openai";
 * import { recorder } from "colophon/recorder";
 * import { batchSink } from "colophon/serverless";
 * import snapshot from "./colophon-snapshot.json" with { type: "json" };
 *
 * const sink = batchSink({ send: (entries) => fetch("https://collector.example", { method: "POST", body: JSON.stringify(entries) }) });
 * const colophon = open({ snapshot, environment: "production", wires: [openai], recorder, sink });
 */
export function open(options: EdgeOptions = {}): Colophon {
  const { variables = environmentVariables() } = options;
  const settings = readSettings(options, variables);
  const source = followRegistry(sourceOf(options.snapshot, settings), settings.onNotice);
  return openCore({ ...options, ...settings, source, prompts: followDefined });
}
