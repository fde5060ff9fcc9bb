/** The harness: every use case of the house over the stores behind one address. */
export type { RegisteredVersion, TextDiff } from "@colophon/authoring";
export { type VersionReference, versionNumber, versionReference } from "@colophon/authoring";
export {
  type CostChange,
  changeDecimals,
  type ExplainedChange,
  factorName,
  formatAmount,
  formatFigure,
  formatShare,
  roundChange,
} from "@colophon/delivery";
export {
  GATE_MODES,
  type GateMode,
  type GateOptions,
  type GateVerdict,
  GUARD_NAMES,
  type GuardName,
  type RunBudget,
  type RunEnd,
  type RunEstimate,
  type RunProgress,
} from "@colophon/evaluation";
export { type AtAnswer, type AtQuery, answerAt } from "./answer-at.ts";
export { type AppendedOutcome, appendOutcome, type OutcomeCommand } from "./append-outcome.ts";
export { type CallTrouble, callTrouble } from "./call-trouble.ts";
export {
  type CostChangeQuery,
  type CostExplanation,
  type ExplainedWindow,
  explainCostChange,
  type UnpricedCalls,
} from "./costs/explain-cost-change.ts";
export { PRICES_FILE, type PriceText } from "./costs/house-prices.ts";
export {
  COST_DIMENSIONS,
  type CostDimension,
  type CostReport,
  type CostRow,
  type CostsQuery,
  listCosts,
  readDimensions,
  type UnpricedModel,
} from "./costs/list-costs.ts";
export {
  listPriceTables,
  type PriceTableRow,
  type ReplacedTable,
  type SetPricesRequest,
  type SetPricesResult,
  setPrices,
} from "./costs/price-tables.ts";
export { type Period, readRange, readSince } from "./costs/read-period.ts";
export { type ModelPriceRow, type ShowPricesQuery, showPrices } from "./costs/show-prices.ts";
export type { Spending } from "./costs/spending.ts";
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
export {
  type AddExecutionRequest,
  type AddedExecution,
  addExecution,
} from "./evaluation/eval-sets/add-execution.ts";
export { type AuditedSet, type AuditSetRequest, auditSet } from "./evaluation/eval-sets/audit-set.ts";
export type { ChangedEvalSet } from "./evaluation/eval-sets/change-eval-set.ts";
export {
  EVAL_SET_FORMATS,
  type EvalSetFormat,
  type EvalSetText,
  formatOf,
  type Unmapped,
} from "./evaluation/eval-sets/eval-set-file.ts";
export { type ExportedEvalSet, exportEvalSet } from "./evaluation/eval-sets/export-eval-set.ts";
export {
  type ImportEvalSetRequest,
  type ImportedEvalSet,
  importEvalSet,
} from "./evaluation/eval-sets/import-eval-set.ts";
export {
  type EvalSetRow,
  listEvalSets,
  type ShownEvalSet,
  showEvalSet,
} from "./evaluation/eval-sets/list-eval-sets.ts";
export { type LoadedEvalSet, loadEvalSet } from "./evaluation/eval-sets/load-eval-set.ts";
export {
  CASE_QUERIES,
  type CaseQuery,
  type ProposeCasesRequest,
  type ProposedCases,
  proposeCases,
  readCaseQuery,
} from "./evaluation/eval-sets/propose-cases.ts";
export {
  gateScoreFiles,
  type JudgedScores,
  type ScoreFilesRequest,
  type ScoreText,
} from "./evaluation/gate-score-files.ts";
export { findJudge } from "./evaluation/judges/find-judge.ts";
export { type JudgeRow, listJudges } from "./evaluation/judges/list-judges.ts";
export {
  type AnswersFile,
  type AnswerToJudge,
  type LabelledAnswer,
  readLabelledAnswers,
  readUnlabelledAnswers,
} from "./evaluation/judges/read-judged-answers.ts";
export {
  type CalibrationReport,
  type CalibrationRequest,
  type Disagreement,
  runCalibration,
} from "./evaluation/judges/run-calibration.ts";
export { listMatrix, type Matrix, type MatrixQuery } from "./evaluation/matrix/list-cells.ts";
export { type MatrixPlanQuery, type PlannedMatrix, planCells } from "./evaluation/matrix/plan-cells.ts";
export {
  type RanCell,
  type RanMatrix,
  type RunCellsRequest,
  runCells,
} from "./evaluation/matrix/run-cells.ts";
export { type ModelUpgrade, type UpgradeRequest, upgradeModel } from "./evaluation/matrix/upgrade-model.ts";
export {
  type Models,
  type ModelsOptions,
  modelAccess,
  openModels,
} from "./evaluation/models/open-models.ts";
export { evaluationReport } from "./evaluation/reports/evaluation-report.ts";
export { matrixReport, planReport, ranReport, upgradeReport } from "./evaluation/reports/matrix-report.ts";
export { noiseReport } from "./evaluation/reports/noise-report.ts";
export { renderReport } from "./evaluation/reports/render-report.ts";
export type { TextStyle } from "./evaluation/reports/render-text.ts";
export {
  type Fact,
  type Picture,
  REPORT_FORMATS,
  type Report,
  type ReportFormat,
  type ReportState,
} from "./evaluation/reports/report.ts";
export { type VerdictToReport, verdictReport } from "./evaluation/reports/verdict-report.ts";
export { type EvaluateRequest, type Evaluation, evaluate } from "./evaluation/runs/evaluate.ts";
export type { EvaluationParts } from "./evaluation/runs/evaluation-parts.ts";
export { gateChallenger } from "./evaluation/runs/gate-challenger.ts";
export type { GateAnswer, GateRequest, GateTerms } from "./evaluation/runs/gate-request.ts";
export {
  measureVersionNoise,
  type NoiseAnswer,
  type NoiseRequest,
} from "./evaluation/runs/measure-version-noise.ts";
export { versionModel } from "./evaluation/runs/version-model.ts";
export { exportSnapshot } from "./export-snapshot.ts";
export type { Harness, HarnessStores, Spools, WaitingSpool } from "./harness.ts";
export { type ImportedEntries, importEntries, readEntries } from "./import-entries.ts";
export type { LedgerRow, PlainSubjects } from "./ledger-row.ts";
export { type LedgerQuery, listLedger } from "./list-ledger.ts";
export { type DeclaredText, listPrompts, type PromptSummary } from "./list-prompts.ts";
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
export { type RetireRequest, retireApplication } from "./retire-application.ts";
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
