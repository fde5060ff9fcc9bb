/** Delivery: the rules by which versions come to be served, and the way back. */
export type { Feasibility } from "./allocation/arm-feasibility.ts";
export type { ArmObservation, MetricReading } from "./allocation/arm-observation.ts";
export {
  type AllocatedArm,
  type Allocation,
  type AllocationOptions,
  decideAllocation,
} from "./allocation/decide-allocation.ts";
export { evaluatePolicy, type PolicyQuestion, type PolicyValue } from "./allocation/evaluate-policy.ts";
export {
  type ArmPosterior,
  type GuardPosterior,
  type MetricPosterior,
  type ObjectivePosterior,
  type Posteriors,
  type ProjectionPolicy,
  projectPosteriors,
} from "./allocation/project-posteriors.ts";
export type { Judgement } from "./approval-draft.ts";
export type {
  CostChange,
  CostPart,
  CostPlace,
  ExplainedChange,
  UnexplainedChange,
  WindowTotals,
} from "./costs/cost-change.ts";
export type { Work, Worker } from "./costs/cost-window.ts";
export { type CostsToExplain, explainCosts } from "./costs/explain-costs.ts";
export { formatAmount, formatFigure, formatShare } from "./costs/format-amount.ts";
export {
  type AmountShare,
  type CostGroup,
  type CostTokens,
  distinctSources,
  groupCosts,
  type UnpricedCosts,
} from "./costs/group-costs.ts";
export { factorName } from "./costs/name-culprit.ts";
export { priceExecution } from "./costs/price-execution.ts";
export { type Cost, type CostSum, type Priced, priceSum } from "./costs/price-sum.ts";
export { changeDecimals, FINEST_DECIMALS, roundChange } from "./costs/round-change.ts";
export { COST_FACTORS, type CostFactor } from "./costs/split-cells.ts";
export { type ApprovalCommand, type ApprovedVersion, decideApproval } from "./decide-approval.ts";
export {
  decideEnvironment,
  type EnvironmentCommand,
  type EnvironmentDecided,
} from "./decide-environment.ts";
export {
  type ClearOverrideCommand,
  decideOverride,
  type OverrideCommand,
  type OverrideDecided,
  type SetOverrideCommand,
} from "./decide-override.ts";
export { decideRelease, type ReleaseCommand, type Released } from "./decide-release.ts";
export { decideRetire, type RetireCommand, type Retired } from "./decide-retire.ts";
export { decideRollback, type RollbackCommand, type RolledBack } from "./decide-rollback.ts";
export { decideWithdraw, type WithdrawCommand, type Withdrawn } from "./decide-withdraw.ts";
export { type DrillBegun, type DrillCommand, type DrilledPrompt, decideDrill } from "./drill/decide-drill.ts";
export {
  type DrillMeasures,
  type DrillReturnCommand,
  type DrillReturned,
  decideDrillEnd,
  decideDrillReturn,
} from "./drill/decide-drill-end.ts";
export { isRehearsed } from "./drill/rehearsal.ts";
export { isProtected, listEnvironments } from "./environment-policy.ts";
export { type FitAnswer, type FitQuestion, fitOf } from "./fit.ts";
export {
  decideGuard,
  type GuardCommand,
  type GuardDecided,
  type RemoveGuardCommand,
  type SetGuardCommand,
} from "./guards/decide-guard.ts";
export { decideStanding, type StandingCommand, type StandingDecided } from "./guards/decide-standing.ts";
export { type CostOf, metricKind, outcomeValue, rowValue } from "./guards/metric-values.ts";
export { RolloutGuards, type RolloutGuardsParts } from "./guards/rollout-guards.ts";
export { StandingGuards, type StandingQuestion, type StandingReading } from "./guards/standing-guards.ts";
export { type LiveRelease, liveOf, reachedEnvironments } from "./live.ts";
export type { CostFigure, CostTotal } from "./metrics/cost-figure.ts";
export { type JudgedQuality, judgedQuality } from "./metrics/judged-quality.ts";
export { listMetricLines } from "./metrics/list-metric-lines.ts";
export { type MetricFigure, meanFigure, type Quantiles } from "./metrics/metric-figure.ts";
export type { LineFigure, MetricLine, MetricSources, NewestRow } from "./metrics/metric-line.ts";
export { METRIC_DIMENSIONS, type MetricDimension, placeName, placeOfRow } from "./metrics/metric-place.ts";
export { type ArmQuestion, type DrawnShares, observeArm } from "./metrics/observe-arm.ts";
export { type ShadowDistance, type ShadowPair, shadowDistance } from "./metrics/shadow-distance.ts";
export {
  listOverrides,
  type OverrideFilter,
  type OverrideStatus,
  type OverrideView,
} from "./override-entries.ts";
export type { Door, GatePass } from "./pass-gate.ts";
export { type ReleaseLogEntry, type ReleaseLogFilter, releaseLog } from "./release-log.ts";
export type { RollbackPartner } from "./rollback-partners.ts";
export {
  type RollbackCandidate,
  type RollbackQuestion,
  type RollbackTarget,
  rollbackTarget,
} from "./rollback-target.ts";
export { type AdvanceCommand, type Advanced, decideAdvance } from "./rollout/decide-advance.ts";
export { type ApproveCommand, type Approved, decideApprove } from "./rollout/decide-approve.ts";
export {
  type AbortCommand,
  decideAbort,
  decidePause,
  decideResume,
  type PauseCommand,
  type ResumeCommand,
  type RolloutChanged,
} from "./rollout/decide-change.ts";
export { decideShares, type SharesCommand, type SharesDecided } from "./rollout/decide-shares.ts";
export { decideStart, type StartCommand, type Started, type StartedMember } from "./rollout/decide-start.ts";
export { defaultPlan } from "./rollout/default-plan.ts";
export type { EndedRollout } from "./rollout/interrupt-rollouts.ts";
export { stepShare } from "./rollout/make-move.ts";
export { readingWords, sharePercent } from "./rollout/metric-words.ts";
export { planSchema } from "./rollout/plan-shape.ts";
export { readPlan } from "./rollout/read-plan.ts";
export type { GatePasses } from "./rollout/rollout-gate.ts";
export {
  challengersOf,
  FINAL_STATES,
  getOpenRollout,
  openRollout,
  rolloutHistory,
  rolloutMembers,
  servedShare,
} from "./rollout/rollout-members.ts";
export { rolloutSalt, type SaltedMember } from "./rollout/rollout-salt.ts";
export {
  type MismatchReading,
  nothingSeen,
  type RolloutSight,
  type ShadowReading,
} from "./rollout/rollout-sight.ts";
export { type FalseAlarms, type TunedGuard, type TuneQuestion, tuneGuard } from "./tuning/tune-guard.ts";
export { writtenReason } from "./written-reason.ts";
