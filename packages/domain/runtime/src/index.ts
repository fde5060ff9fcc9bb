/** The runtime room: snapshot, resolution, assignment, rendering and recording. */
export type { Answer, AnswerReader, StreamReader } from "./answer.ts";
export { type Assigned, assign, assignDraw, type Draw } from "./assign.ts";
export type { Attempt, CallOnModel } from "./attempts.ts";
export { bareDeclaration } from "./bare-declaration.ts";
export { Call } from "./call.ts";
export type { CallModel } from "./call-models.ts";
export type { CapturePolicy, RawContents } from "./capture.ts";
export type { CaptureByEnvironment, CaptureOption } from "./capture-option.ts";
export type {
  BindContext,
  Binder,
  BoundValue,
  Declaration,
  ResolveContext,
  SchemaCheck,
  SchemaIssue,
  SchemaResult,
} from "./declaration.ts";
export { type ErrorKind, errorKind, retryAfter } from "./error-kind.ts";
export type { Fallback } from "./fallback.ts";
export type { AttemptPolicy, FallbackPolicy } from "./fallback-policy.ts";
export { followRegistry, READY_MS } from "./follow-registry.ts";
export type { FedSource, Readiness } from "./live-space.ts";
export { modelFallback } from "./model-fallback.ts";
export type { OutcomeInput, Recorder } from "./open-recorder.ts";
export { PreparedPrompt } from "./prepared-prompt.ts";
export { readPin } from "./read-pin.ts";
export type { FallbackOptions, RecordOptions } from "./record-options.ts";
export { recorder } from "./recorder.ts";
export { remembering } from "./remembering.ts";
export type { ResolvedRoute } from "./resolution.ts";
export { type Resolution, type Resolved, type ResolveSpace, resolve } from "./resolve.ts";
export type { RunOptions } from "./run.ts";
export type { Trace } from "./run-trace.ts";
export { createRuntime, type Runtime, type RuntimeParts } from "./runtime.ts";
export type { ShadowCounts, Shadower } from "./shadower.ts";
export { type ShadowingOptions, shadowing } from "./shadowing.ts";
export {
  buildSnapshot,
  type FindOverride,
  type Snapshot,
} from "./snapshot.ts";
export type { StartedCall } from "./started-call.ts";
export type {
  AsyncPlace,
  CallSpan,
  SpanParent,
  SpanStart,
  Telemetry,
  TracePlace,
  TraceSpan,
} from "./tracing.ts";
export { type AiArguments, type AiOptions, type AiTool, aiArguments } from "./wire/ai/ai-arguments.ts";
export type { AiModelOf, AiProvider } from "./wire/ai/ai-model.ts";
export type { AiSchema } from "./wire/ai/ai-schema.ts";
export { ai } from "./wire/ai/ai-wire.ts";
export { anthropic } from "./wire/anthropic/anthropic-wire.ts";
export type { AnthropicArguments, AnthropicOptions } from "./wire/anthropic/message-arguments.ts";
export type { OpenAiChatArguments, OpenAiChatOptions } from "./wire/openai/chat-arguments.ts";
export { openai } from "./wire/openai/openai-wire.ts";
export type { OpenAiResponseArguments, OpenAiResponseOptions } from "./wire/openai/response-arguments.ts";
export type { ArgumentsWriter, ResultWatcher, WatchedResult, Wire, WirePrompt } from "./wire/wire.ts";
