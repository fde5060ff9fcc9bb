/** The harness: every use case of the house over the stores behind one address. */
export type { RegisteredVersion, TextDiff } from "@colophon/authoring";
export { type VersionReference, versionNumber, versionReference } from "@colophon/authoring";
export { type AtAnswer, type AtQuery, answerAt } from "./answer-at.ts";
export { type AppendedOutcome, appendOutcome, type OutcomeCommand } from "./append-outcome.ts";
export { diagnose } from "./diagnose.ts";
export { type Diagnosis, SEVERITIES, type Severity } from "./diagnosis.ts";
export { type DiffSides, diffVersions, type VersionDiff } from "./diff-versions.ts";
export {
  addEnvironment,
  type ChangedEnvironment,
  checkEnvironment,
  type EnvironmentView,
  findEnvironments,
  type ProtectRequest,
  protectEnvironment,
} from "./environments.ts";
export { type ErasedSubject, eraseSubject } from "./erase-subject.ts";
export { exportSnapshot } from "./export-snapshot.ts";
export type { Harness, HarnessStores, Spools, WaitingSpool } from "./harness.ts";
export type { LedgerRow, PlainSubjects } from "./ledger-row.ts";
export { type LedgerQuery, listLedger } from "./list-ledger.ts";
export { listPrompts, type PromptSummary } from "./list-prompts.ts";
export { type CallsOptions, openCalls, type PromptCalls, type Variables } from "./open-calls.ts";
export { type HarnessOptions, openHarness, openMemoryHarness } from "./open-harness.ts";
export {
  clearOverride,
  findOverrides,
  type OverrideQuery,
  type OverrideRequest,
  type OverrideResult,
  type OverrideTarget,
  setOverride,
} from "./overrides.ts";
export type { PlainOverride } from "./plain-overrides.ts";
export { type Moment, readInstant, readMoment } from "./read-time.ts";
export {
  type RegisterDeclared,
  type RegisterFile,
  registerDeclared,
  registerPrompt,
} from "./register-prompt.ts";
export type { CheckerOf } from "./registry-declaration.ts";
export {
  type ReleaseRequest,
  type RollbackRequest,
  type RollbackResult,
  releaseVersion,
  rollBack,
  type WithdrawRequest,
  type WithdrawResult,
  withdrawVersion,
} from "./release-version.ts";
export { bodyText, type RenderedPrompt, type RenderQuery, renderPrompt } from "./render-prompt.ts";
export {
  type ConsideredTier,
  type PromptResolution,
  type ResolveQuery,
  resolvePrompt,
} from "./resolve-prompt.ts";
export {
  type Answer,
  type FiveAnswers,
  type ShownPrompt,
  type ShowQuery,
  showPrompt,
} from "./show-prompt.ts";
export { locateStore, STORE_FOLDER, type StoreLocation } from "./store-location.ts";
export { sealStore, type VerifyResult, verifyStore } from "./verify-store.ts";
export { type LoggedVersion, versionLog } from "./version-log.ts";
