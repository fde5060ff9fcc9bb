/** The runtime room: snapshot, resolution, assignment, rendering and recording. */
export type { Answer, AnswerReader, StreamReader } from "./answer.ts";
export { type Assigned, assign, assignDraw, type Draw } from "./assign.ts";
export { bareDeclaration } from "./bare-declaration.ts";
export { Call, type RecordOptions, type StartedCall } from "./call.ts";
export type { CapturePolicy, RawContents } from "./capture.ts";
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
export { type OpenAiChatArguments, type OpenAiMessage, PreparedPrompt } from "./prepared-prompt.ts";
export { readPin } from "./read-pin.ts";
export { type Resolution, type Resolved, type ResolveSpace, resolve } from "./resolve.ts";
export type { RunOptions } from "./run.ts";
export {
  type CaptureByEnvironment,
  createRuntime,
  type OutcomeInput,
  type Readiness,
  type Runtime,
  type RuntimeParts,
} from "./runtime.ts";
export { buildSnapshot, changeSnapshot, type Snapshot } from "./snapshot.ts";
