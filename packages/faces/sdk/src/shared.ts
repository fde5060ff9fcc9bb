/** What the SDK exports on every platform. */
export {
  type Clock,
  type Considered,
  type ErrorCode,
  type ExecutionId,
  errorCodeOf,
  HarnessError,
  type LedgerSink,
  type Message,
  type SnapshotDocument,
  STANDARD_OUTCOMES,
  type WriteReceipt,
} from "@colophon/kernel";
export {
  type Answer,
  type BindContext,
  type BoundValue,
  type Call,
  type CapturePolicy,
  editDistance,
  type OutcomeInput,
  type PreparedPrompt,
  type Readiness,
  type Resolution,
  type ResolveContext,
  type StartedCall,
} from "@colophon/runtime";
export type { Colophon, VersionName } from "./colophon.ts";
export { definePrompt } from "./define/define-prompt.ts";
export type { Prompt } from "./define/prompt.ts";
export type { PromptOptions } from "./define/prompt-options.ts";
export type { CaptureOption, OpenOptions } from "./open-options.ts";
