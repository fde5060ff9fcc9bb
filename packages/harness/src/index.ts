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
  CallPace,
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
export { type Period, readDuration, readRange, readSince } from "./costs/read-period.ts";
export { type ModelPriceRow, type ShowPricesQuery, showPrices } from "./costs/show-prices.ts";
export type { Spending } from "./costs/spending.ts";
export { readWebhook, type Webhook } from "./delivery/alerts/webhook.ts";
export {
  type ApproveRolloutRequest,
  abortRollout,
  approveRollout,
  pauseRollout,
  type ResumeRolloutRequest,
  type RolloutChangeRequest,
  type RolloutChangeResult,
  resumeRollout,
} from "./delivery/change-rollout.ts";
export { listRollouts, type RolloutRow, type RolloutsQuery } from "./delivery/list-rollouts.ts";
export {
  type MemberReading,
  type RolloutNext,
  type RolloutStatus,
  type RolloutStatusQuery,
  rolloutStatus,
} from "./delivery/rollout-status.ts";
export {
  type RolloutScope,
  type StartRolloutRequest,
  type StartRolloutResult,
  startRollout,
} from "./delivery/start-rollout.ts";
export {
  DeliveryWatch,
  type DeliveryWatchOptions,
  type RaisedAlert,
  type WatchTick,
} from "./delivery/watch/delivery-watch.ts";
export type { GuardLook } from "./delivery/watch/guards-watch.ts";
export type { ShadowPairs, ShadowPairsOf } from "./delivery/watch/rollout-watch.ts";
export type { RolloutLook } from "./delivery/watch/rollouts-watch.ts";
export { type WatchDeliveryOptions, watchDelivery } from "./delivery/watch/watch-delivery.ts";
export type { JobNews, WatchJob } from "./delivery/watch/watch-jobs.ts";
export { diagnose } from "./diagnose.ts";
export { type Diagnosis, SEVERITIES, type Severity } from "./diagnosis.ts";
export { type DiffSides, diffVersions, type VersionDiff } from "./diff-versions.ts";
export type { WaitingParts } from "./drill/connected-processes.ts";
export { type DrillAllRequest, type DrillRow, drillAll } from "./drill/drill-all.ts";
export { type DrillSchedule, drillJob, drillWords } from "./drill/drill-job.ts";
export { type FinishedDrill, finishDrills } from "./drill/finish-drill.ts";
export { type DrillAnswer, type DrillRequest, runDrill } from "./drill/run-drill.ts";
export type { ChangedEnvironment, EnvironmentView, ProtectRequest } from "./environments.ts";
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
  type EvalSetPath,
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
export { readScorerTexts } from "./evaluation/eval-sets/read-scorer-texts.ts";
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
export {
  type CountedCell,
  listMatrix,
  type Matrix,
  type MatrixQuery,
  type UnlistedCell,
} from "./evaluation/matrix/list-cells.ts";
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
export { type OnlineRate, type OnlineRatesQuery, onlineRates } from "./evaluation/online/online-rates.ts";
export type {
  OnlineParts,
  OnlineReport,
  OnlineRequest,
  RaterReport,
} from "./evaluation/online/online-request.ts";
export { scoreOnline } from "./evaluation/online/score-online.ts";
export { type ScoringJobOptions, scoringJob } from "./evaluation/online/scoring-job.ts";
export { type ShadowPairsOptions, shadowPairs } from "./evaluation/online/shadow-pairs.ts";
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
export { textModel } from "./evaluation/runs/text-model.ts";
export { exportSnapshot } from "./export-snapshot.ts";
export { type GuardRow, type GuardsQuery, listGuards } from "./guards/list-guards.ts";
export { type GuardRemoval, type GuardRequest, removeGuard, setGuard } from "./guards/set-guard.ts";
export {
  acceptTuning,
  type TuneQuery,
  type TuneReport,
  type TuneRow,
  tuneGuards,
} from "./guards/tune-guards.ts";
export type { Harness, HarnessStores, Spools, WaitingSpool } from "./harness.ts";
export { type House, isRemote, type RemoteCalls, type RemoteHouse } from "./house.ts";
export { type ImportedEntries, importEntries, readEntries } from "./import-entries.ts";
export type { InstallationDesk, SignIn } from "./installation/installation-desk.ts";
export { addCandidate, type CandidateFile } from "./learning/add-candidate.ts";
export { type CandidateRow, listCandidates } from "./learning/list-candidates.ts";
export { type PromoteRequest, promoteCandidate } from "./learning/promote-candidate.ts";
export type { LedgerRow, PlainSubjects } from "./ledger-row.ts";
export { type LedgerQuery, listLedger } from "./list-ledger.ts";
export { type DeclaredText, listPrompts, type PromptSummary } from "./list-prompts.ts";
export {
  estimatePolicies,
  type PoliciesQuery,
  type PolicyReport,
  type PolicyRow,
} from "./metrics/estimate-policies.ts";
export {
  listMetrics,
  type MetricReport,
  type MetricRow,
  type MetricsQuery,
  readMetricDimensions,
} from "./metrics/list-metrics.ts";
export { readPolicy, readPolicyDocument } from "./metrics/read-policy.ts";
export { type MigratedStore, type MigrateStoreRequest, migrateStore } from "./migrate-store.ts";
export { type CallsOptions, openCalls, type PromptCalls, type Variables } from "./open-calls.ts";
export { type HarnessOptions, openHarness, openMemoryHarness } from "./open-harness.ts";
export { type HouseOptions, openHouse } from "./open-house.ts";
export { OPERATIONS } from "./operations/catalogue.ts";
export {
  addEnvironment,
  checkEnvironment,
  findEnvironments,
  protectEnvironment,
} from "./operations/offered-environments.ts";
export type {
  AnyOperation,
  HttpMethod,
  InstallationOperation,
  JobOperation,
  JobParts,
  Operation,
  OperationPlace,
} from "./operations/operation.ts";
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
export { locateStore, STORE_FOLDER, type StoreLocation, storeExists } from "./store-location.ts";
export { type TextReference, textReference } from "./text-reference.ts";
export { sealStore, type VerifyResult, verifyStore } from "./verify-store.ts";
export { type LoggedVersion, versionLog } from "./version-log.ts";
