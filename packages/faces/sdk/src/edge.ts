/** The SDK where there is no Node: the core alone, over a baked snapshot. */
import type { LedgerSink } from "@colophon/kernel";
import type { Colophon } from "./colophon.ts";
import { defined } from "./define/prompt.ts";
import { fixedSource } from "./fixed-source.ts";
import { lostSink } from "./lost-sink.ts";
import { clockAndIds, openCore } from "./open-core.ts";
import { type OpenOptions, readSettings, type Variables } from "./open-options.ts";

export {
  type Clock,
  type Considered,
  type ErrorCode,
  type ExecutionId,
  editDistance,
  errorCodeOf,
  HarnessError,
  type LedgerSink,
  type Message,
  type SnapshotDocument,
  STANDARD_OUTCOMES,
  type WriteReceipt,
} from "@colophon/kernel";
export type {
  Answer,
  BindContext,
  BoundValue,
  Call,
  CapturePolicy,
  OutcomeInput,
  PreparedPrompt,
  Readiness,
  Resolution,
  ResolveContext,
  StartedCall,
} from "@colophon/runtime";
export type { Colophon, VersionName } from "./colophon.ts";
export { definePrompt } from "./define/define-prompt.ts";
export type { Prompt } from "./define/prompt.ts";
export type { PromptOptions } from "./define/prompt-options.ts";
export type { BakedSnapshot } from "./fixed-source.ts";
export type { CaptureOption, OpenOptions } from "./open-options.ts";

/** What `open` takes where there is no Node. */
export interface EdgeOptions extends OpenOptions {
  /** Where rows go; without one they are dropped, and that is said once. */
  readonly sink?: LedgerSink;
  /** Environment variables, where the platform passes them to the handler. */
  readonly variables?: Variables;
}

/**
 * Opens the core. Synchronous; resolves from the snapshot that is passed in, else the defaults in
 * the code.
 *
 * @example
 * import snapshot from "./colophon-snapshot.json" with { type: "json" };
 * const colophon = open({ snapshot, environment: "production" });
 */
export function open(options: EdgeOptions = {}): Colophon {
  const platform = (globalThis as { readonly process?: { readonly env?: Variables } }).process?.env;
  const settings = readSettings(options, options.variables ?? platform ?? {});
  const { colophon, declare } = openCore({
    settings,
    ...clockAndIds(options),
    source: fixedSource(options.snapshot, settings.environment),
    sink: options.sink ?? lostSink(settings.onNotice),
  });
  for (const prompt of defined.list()) declare(prompt);
  defined.listen(declare);
  return colophon;
}
