/** Delivery: the rules by which versions come to be served, and the way back. */
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
