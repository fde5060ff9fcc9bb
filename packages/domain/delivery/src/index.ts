/** Delivery: the rules by which versions come to be served, and the way back. */
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
export { type Cost, type CostSum, type Priced, priceSum } from "./costs/price-sum.ts";
export { changeDecimals, FINEST_DECIMALS, roundChange } from "./costs/round-change.ts";
export { COST_FACTORS, type CostFactor } from "./costs/split-cells.ts";
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
export { isProtected, listEnvironments } from "./environment-policy.ts";
export { type FitAnswer, type FitQuestion, fitOf } from "./fit.ts";
export { type LiveRelease, liveOf, reachedEnvironments } from "./live.ts";
export {
  listOverrides,
  type OverrideFilter,
  type OverrideStatus,
  type OverrideView,
} from "./override-entries.ts";
export type { GatePass } from "./pass-gate.ts";
export { type ReleaseLogEntry, type ReleaseLogFilter, releaseLog } from "./release-log.ts";
export {
  type RollbackCandidate,
  type RollbackQuestion,
  type RollbackTarget,
  rollbackTarget,
} from "./rollback-target.ts";
export { writtenReason } from "./written-reason.ts";
