/** The SDK where there is no Node: the core alone, over a baked snapshot. */
import { HarnessError, say } from "@colophon/kernel";
import { type Fallback, howToPass, type Shadower, type Telemetry } from "@colophon/runtime";
import type { Colophon } from "./colophon.ts";
import { defined } from "./define/prompt.ts";
import { sourceOf } from "./fixed-source.ts";
import { clockAndIds, openCore } from "./open-core.ts";
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
  const platform = (globalThis as { readonly process?: { readonly env?: Variables } }).process?.env;
  const settings = readSettings(options, options.variables ?? platform ?? {});
  const { clock, ids } = clockAndIds(options);
  const { recorder, sink, capture, fallback, telemetry, shadow, wires = [] } = checked(options);
  const { colophon, declare } = openCore({
    settings,
    clock,
    ids,
    recorder,
    sink,
    capture,
    fallback,
    wires,
    telemetry: telemetry || undefined,
    shadow: shadow || undefined,
    source: sourceOf(options.snapshot, { environment: settings.environment, clock }),
  });
  for (const prompt of defined.list()) declare(prompt);
  const deaf = defined.listen(declare);
  return {
    ...colophon,
    close: () => {
      deaf();
      return colophon.close();
    },
  };
}

/** What Node has by itself is passed in here; without it rows or spans would be missing in silence. */
function checked(options: EdgeOptions): EdgeOptions {
  const { telemetry, fallback, recorder, sink, capture, shadow } = options;
  if (telemetry && typeof telemetry.begin !== "function") {
    throw nodeAlone("telemetry", 'openTelemetry(options) of "colophon/telemetry"');
  }
  if (fallback && typeof fallback.record !== "function") {
    throw nodeAlone("fallback", 'modelFallback(policy) of "colophon/fallback"');
  }
  const given = Object.entries({ sink, capture, telemetry, shadow }).find(([, option]) => option);
  if (recorder !== undefined || given === undefined) return options;
  throw new HarnessError(
    "usage",
    say`${given[0]} was given without the recorder; ${howToPass("recorder", "recorder")} too.`,
  );
}

function nodeAlone(option: string, instead: string): HarnessError {
  return new HarnessError(
    "usage",
    say`${option} is an object of options, which Node alone takes; pass ${instead}.`,
  );
}
