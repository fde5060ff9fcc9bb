/** The harness: every use case of the house over the stores behind one address. */
export type { MergedPrompt, RegisteredVersion, TextDiff } from "@colophon/authoring";
export {
  type Hunk,
  hunksOf,
  type MessageDiff,
  type VersionReference,
  versionNumber,
  versionReference,
} from "@colophon/authoring";
export type { Imported, ImportRemark } from "@colophon/authoring/convert";
export type { ExtractionProposal, FileChange, LeftAlone } from "@colophon/authoring/extract";
export type {
  Baseline,
  ClusterSummary,
  Finding,
  ModelRow,
  NewFinding,
  PlacedFinding,
  ScanReport,
} from "@colophon/authoring/scan";
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
export type { AtAnswer, AtQuery } from "./answer-at.ts";
export type { AppendedOutcome, OutcomeCommand } from "./append-outcome.ts";
export type { ApproveVersionRequest } from "./approve-version.ts";
export {
  type BranchReason,
  type BranchState,
  branchOutcome,
  gateText,
  unacceptedFindings,
} from "./authoring/ci/branch-outcome.ts";
export type {
  BranchCheck,
  BranchGate,
  BranchLimits,
  BranchPrompt,
  BranchReport,
  UnpassedCell,
} from "./authoring/ci/branch-report.ts";
export { branchSarif } from "./authoring/ci/branch-sarif.ts";
export {
  type ChangedPrompt,
  fileAtCommit,
  type PromptChanges,
  type PromptSource,
  promptChanges,
} from "./authoring/ci/changed-prompts.ts";
export { type BranchGateRequest, type BranchRequest, checkBranch } from "./authoring/ci/check-branch.ts";
export type { DeclaredBody } from "./authoring/ci/list-declared.ts";
export {
  type CompareRequest,
  type Comparison,
  comparePromptFiles,
  type LastVerdict,
} from "./authoring/compare/compare-prompt.ts";
export type { CostEstimate, SideCost } from "./authoring/compare/estimate-cost.ts";
export type { AskedSide, TextSide } from "./authoring/compare/find-side.ts";
export {
  type ExtractAnswer,
  type ExtractRequest,
  proposeExtraction,
  type WriteExtractionOptions,
  writeExtraction,
} from "./authoring/extract/extract-prompts.ts";
export { findCommit } from "./authoring/git/find-commit.ts";
export { pathsFromRoot } from "./authoring/git/paths-from-root.ts";
export {
  type ImportToFiles,
  type ImportToRegistry,
  importToFiles,
  importToRegistry,
} from "./authoring/import/import-prompts.ts";
export type {
  ImportedRelease,
  ImportReport,
  TakenPrompt,
  TakenSet,
} from "./authoring/import/import-report.ts";
export {
  IMPORT_SOURCES,
  type ImportSource,
  type ReadImport,
  readImport,
} from "./authoring/import/read-import.ts";
export type { LangfuseAddress } from "./authoring/import/read-langfuse-api.ts";
export { keyInPrompts, type PromptFileSource, promptFileValue } from "./authoring/prompt-file-value.ts";
export { changedPrompts } from "./authoring/review/changed-prompts.ts";
export { readReviewPolicy } from "./authoring/review/policy-shape.ts";
export {
  type FileToReview,
  type PreviewReviewRequest,
  reviewFiles,
} from "./authoring/review/preview-review.ts";
export type { ReportedFinding, ReviewReport } from "./authoring/review/review-report.ts";
export { reviewSarif } from "./authoring/review/review-sarif.ts";
export type { ReviewVersionRequest } from "./authoring/review/review-version.ts";
export {
  type BaselinePlace,
  readBaselineFile,
  writeBaselineFile,
} from "./authoring/scan/baseline-file.ts";
export type { LeftOut, LeftOutReason } from "./authoring/scan/left-out.ts";
export { SCAN_DOCUMENTS, type ScanDocument, scanDocument } from "./authoring/scan/scan-document.ts";
export { type ScanAnswer, type ScanRequest, scanPaths } from "./authoring/scan/scan-paths.ts";
export { folderStatus, type StatusRequest, type SyncStatus } from "./authoring/sync/folder-status.ts";
export { findPromptFolder, type PromptFolder } from "./authoring/sync/prompt-folder.ts";
export {
  type PullConflict,
  type PullReport,
  type PullRequest,
  pullFolder,
} from "./authoring/sync/pull-folder.ts";
export type { PulledPrompt } from "./authoring/sync/pull-message.ts";
export {
  type PushConflict,
  type PushedPrompt,
  type PushReport,
  type PushRequest,
  pushFolder,
} from "./authoring/sync/push-folder.ts";
export { typesOfFolder, typesOfRegistry, type WrittenTypes } from "./authoring/sync/write-types.ts";
export { type CallTrouble, callTrouble } from "./call-trouble.ts";
export type {
  CostChangeQuery,
  CostExplanation,
  ExplainedWindow,
  UnpricedCalls,
} from "./costs/explain-cost-change.ts";
export { PRICES_FILE, type PriceText } from "./costs/house-prices.ts";
export {
  COST_DIMENSIONS,
  type CostDimension,
  type CostReport,
  type CostRow,
  type CostsQuery,
  readDimensions,
  type UnpricedModel,
} from "./costs/list-costs.ts";
export type {
  PriceTableRow,
  ReplacedTable,
  SetPricesRequest,
  SetPricesResult,
} from "./costs/price-tables.ts";
export { type Period, readDuration, readRange, readSince } from "./costs/read-period.ts";
export type { ModelPriceRow, ShowPricesQuery } from "./costs/show-prices.ts";
export type { Spending } from "./costs/spending.ts";
export { readWebhook, type Webhook } from "./delivery/alerts/webhook.ts";
export type {
  ApproveRolloutRequest,
  ResumeRolloutRequest,
  RolloutChangeRequest,
  RolloutChangeResult,
} from "./delivery/change-rollout.ts";
export type { RolloutRow, RolloutsQuery } from "./delivery/list-rollouts.ts";
export type {
  MemberReading,
  RolloutNext,
  RolloutStatus,
  RolloutStatusQuery,
} from "./delivery/rollout-status.ts";
export type { RolloutScope, StartRolloutRequest, StartRolloutResult } from "./delivery/start-rollout.ts";
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
export { type Diagnosis, SEVERITIES, type Severity } from "./diagnosis.ts";
export type { DiffSides, VersionDiff } from "./diff-versions.ts";
export type { WaitingParts } from "./drill/connected-processes.ts";
export type { DrillAllRequest, DrillRow } from "./drill/drill-all.ts";
export { type DrillSchedule, drillJob, drillWords } from "./drill/drill-job.ts";
export { type FinishedDrill, finishDrills } from "./drill/finish-drill.ts";
export type { DrillAnswer, DrillRequest } from "./drill/run-drill.ts";
export type { ChangedEnvironment, EnvironmentView, ProtectRequest } from "./environments.ts";
export type { ErasedSubject } from "./erase-subject.ts";
export type { AddExecutionRequest, AddedExecution } from "./evaluation/eval-sets/add-execution.ts";
export type { AuditedSet, AuditSetRequest } from "./evaluation/eval-sets/audit-set.ts";
export type { ChangedEvalSet } from "./evaluation/eval-sets/change-eval-set.ts";
export {
  EVAL_SET_FORMATS,
  type EvalSetFormat,
  type EvalSetPath,
  type EvalSetText,
  formatOf,
  type Unmapped,
} from "./evaluation/eval-sets/eval-set-file.ts";
export type { ExportedEvalSet } from "./evaluation/eval-sets/export-eval-set.ts";
export type { ImportEvalSetRequest, ImportedEvalSet } from "./evaluation/eval-sets/import-eval-set.ts";
export type { EvalSetRow, ShownEvalSet } from "./evaluation/eval-sets/list-eval-sets.ts";
export { type LoadedEvalSet, loadEvalSet } from "./evaluation/eval-sets/load-eval-set.ts";
export {
  CASE_QUERIES,
  type CaseQuery,
  type ProposeCasesRequest,
  type ProposedCases,
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
export type { JudgeRow } from "./evaluation/judges/list-judges.ts";
export {
  type AnswersFile,
  type AnswerToJudge,
  type LabelledAnswer,
  readLabelledAnswers,
  readUnlabelledAnswers,
} from "./evaluation/judges/read-judged-answers.ts";
export type {
  CalibrationReport,
  CalibrationRequest,
  Disagreement,
} from "./evaluation/judges/run-calibration.ts";
export type { CountedCell, Matrix, MatrixQuery, UnlistedCell } from "./evaluation/matrix/list-cells.ts";
export type { MatrixPlanQuery, PlannedMatrix } from "./evaluation/matrix/plan-cells.ts";
export type { RanCell, RanMatrix, RunCellsRequest } from "./evaluation/matrix/run-cells.ts";
export type { ModelUpgrade, UpgradeRequest } from "./evaluation/matrix/upgrade-model.ts";
export {
  type Models,
  type ModelsOptions,
  modelAccess,
  openModels,
} from "./evaluation/models/open-models.ts";
export type { OnlineRate, OnlineRatesQuery } from "./evaluation/online/online-rates.ts";
export type {
  OnlineParts,
  OnlineReport,
  OnlineRequest,
  RaterReport,
} from "./evaluation/online/online-request.ts";
export { type ScoringJobOptions, scoringJob } from "./evaluation/online/scoring-job.ts";
export { type ShadowPairsOptions, shadowPairs } from "./evaluation/online/shadow-pairs.ts";
export { escapeMarkdown } from "./evaluation/reports/escape-markdown.ts";
export { evaluationReport } from "./evaluation/reports/evaluation-report.ts";
export { matrixReport, planReport, ranReport, upgradeReport } from "./evaluation/reports/matrix-report.ts";
export { noiseReport } from "./evaluation/reports/noise-report.ts";
export { renderReport } from "./evaluation/reports/render-report.ts";
export type { TextStyle } from "./evaluation/reports/render-text.ts";
export {
  type Check,
  type Fact,
  type Picture,
  REPORT_FORMATS,
  type Report,
  type ReportFormat,
  type ReportState,
  reportTable,
} from "./evaluation/reports/report.ts";
export { type VerdictToReport, verdictReport } from "./evaluation/reports/verdict-report.ts";
export type { EvaluateRequest, Evaluation } from "./evaluation/runs/evaluate.ts";
export type { EvaluationParts } from "./evaluation/runs/evaluation-parts.ts";
export type { GateAnswer, GateRequest, GateTerms } from "./evaluation/runs/gate-request.ts";
export type { NoiseAnswer, NoiseRequest } from "./evaluation/runs/measure-version-noise.ts";
export { textModel } from "./evaluation/runs/text-model.ts";
export type { GuardRow, GuardsQuery } from "./guards/list-guards.ts";
export type { GuardRemoval, GuardRequest } from "./guards/set-guard.ts";
export type { TuneQuery, TuneReport, TuneRow } from "./guards/tune-guards.ts";
export type { Harness, HarnessStores, Spools, WaitingSpool } from "./harness.ts";
export { type House, isRemote, type RemoteCalls, type RemoteHouse } from "./house.ts";
export { type ImportedEntries, readEntries } from "./import-entries.ts";
export type { KeyRow, NewKey } from "./installation/api-keys.ts";
export type { AuditRow } from "./installation/audit-trail.ts";
export type { InstallationDesk, SignIn } from "./installation/installation-desk.ts";
export type { InvitationRow } from "./installation/invitations.ts";
export type { MemberRow } from "./installation/members.ts";
export { type InstallationOptions, openInstallation } from "./installation/open-installation.ts";
export { openInstallationHouse } from "./installation/open-installation-house.ts";
export { resetPassword } from "./installation/reset-password.ts";
export type { RightRow, Whoami } from "./installation/who-am-i.ts";
export type { CandidateFile } from "./learning/add-candidate.ts";
export type { CandidateRow } from "./learning/list-candidates.ts";
export type { PromoteRequest } from "./learning/promote-candidate.ts";
export type { LedgerRow, PlainSubjects } from "./ledger-row.ts";
export type { LedgerQuery } from "./list-ledger.ts";
export type { DeclaredText, PromptSummary } from "./list-prompts.ts";
export type { PoliciesQuery, PolicyReport, PolicyRow } from "./metrics/estimate-policies.ts";
export {
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
export type { ShownMatrix } from "./operations/matrix-operations.ts";
export {
  diagnose,
  eraseSubject,
  exportSnapshot,
  retainRows,
  verifyStore,
} from "./operations/offered-care.ts";
export { comparePrompt, listDeclared } from "./operations/offered-comparisons.ts";
export {
  approveVersion,
  clearOverride,
  findOverrides,
  releaseVersion,
  renderPrompt,
  resolvePrompt,
  retireApplication,
  rollBack,
  setOverride,
  withdrawVersion,
} from "./operations/offered-delivery.ts";
export { drillAll, runDrill } from "./operations/offered-drills.ts";
export {
  addEnvironment,
  checkEnvironment,
  findEnvironments,
  protectEnvironment,
} from "./operations/offered-environments.ts";
export {
  addExecution,
  auditSet,
  exportEvalSet,
  importEvalSet,
  listEvalSets,
  proposeCases,
  showEvalSet,
} from "./operations/offered-eval-sets.ts";
export {
  estimatePolicies,
  explainCostChange,
  listCosts,
  listMetrics,
  listPriceTables,
  setPrices,
  showPrices,
} from "./operations/offered-figures.ts";
export { acceptTuning, listGuards, removeGuard, setGuard, tuneGuards } from "./operations/offered-guards.ts";
export {
  acceptInvitation,
  createKey,
  createProject,
  exportAudit,
  grantRole,
  type InstallationHouse,
  invitePerson,
  listAudit,
  listInvitations,
  listKeys,
  listMembers,
  listProjects,
  listSecrets,
  removeSecret,
  revokeKey,
  revokeRole,
  rotateKey,
  setSecret,
  verifyAudit,
  whoami,
  withdrawInvitation,
} from "./operations/offered-installation.ts";
export { answerAt, appendOutcome, importEntries, listLedger } from "./operations/offered-ledger.ts";
export {
  addCandidate,
  diffVersions,
  listCandidates,
  listPrompts,
  promoteCandidate,
  registerDeclared,
  registerPrompt,
  showPrompt,
  versionLog,
} from "./operations/offered-registry.ts";
export { acceptReview, createReview, judgeReview, previewReview } from "./operations/offered-reviews.ts";
export {
  abortRollout,
  approveRollout,
  listRollouts,
  pauseRollout,
  resumeRollout,
  rolloutStatus,
  startRollout,
} from "./operations/offered-rollouts.ts";
export {
  evaluate,
  gateChallenger,
  listJudges,
  listMatrix,
  measureVersionNoise,
  onlineRates,
  planCells,
  runCalibration,
  runCells,
  scoreOnline,
  upgradeModel,
} from "./operations/offered-runs.ts";
export type {
  AnyOperation,
  HttpMethod,
  InstallationOperation,
  JobOperation,
  JobParts,
  Operation,
  OperationPlace,
} from "./operations/operation.ts";
export type { EvaluateAsked, GateAsked, NoiseAsked } from "./operations/run-operations.ts";
export type { ScoreAsked } from "./operations/score-operations.ts";
export type { OverrideQuery, OverrideRequest, OverrideResult, OverrideTarget } from "./overrides.ts";
export type { PlainOverride } from "./plain-overrides.ts";
export { type Moment, readInstant, readMoment } from "./read-time.ts";
export type { RegisterDeclared, RegisterFile } from "./register-prompt.ts";
export type { CheckerOf } from "./registry-declaration.ts";
export type {
  ReleaseRequest,
  RollbackRequest,
  RollbackResult,
  WithdrawRequest,
  WithdrawResult,
} from "./release-version.ts";
export { bodyText, type RenderedPrompt, type RenderQuery } from "./render-prompt.ts";
export type { ConsideredTier, PromptResolution, ResolveQuery } from "./resolve-prompt.ts";
export type { RetainedRows, RetainRequest } from "./retain-rows.ts";
export type { RetireRequest } from "./retire-application.ts";
export type { CommittedEntries, PlacedEntry, RefusedEntry } from "./runtime-service/commit-entries.ts";
export type { ServedChange, ServedDocument } from "./runtime-service/environment-view.ts";
export type { FeedLimits } from "./runtime-service/feed-limits.ts";
export { findVersions, type WantedVersion } from "./runtime-service/find-versions.ts";
export { type IntakeParts, LedgerIntake } from "./runtime-service/ledger-intake.ts";
export {
  type DeclarationsRequest,
  mirrorDeclarations,
  readDeclarations,
} from "./runtime-service/mirror-declarations.ts";
export { type FeedListener, type FeedParts, ProjectFeed } from "./runtime-service/project-feed.ts";
export { readFollower, readFollowerId } from "./runtime-service/read-follower.ts";
export { checkerOf } from "./schema-checker.ts";
export type { Answer, FiveAnswers, ShownPrompt, ShownReview, ShowQuery } from "./show-prompt.ts";
export { isOnServer, locateStore, STORE_FOLDER, type StoreLocation, storeExists } from "./store-location.ts";
export { type TextReference, textReference } from "./text-reference.ts";
export { sealStore, type VerifyQuery, type VerifyResult } from "./verify-store.ts";
export type { LoggedVersion } from "./version-log.ts";
