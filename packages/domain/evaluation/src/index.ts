/** The evaluation room: eval sets, scorers, judges, runs, the gate, the matrix. */
export * from "./eval-case.ts";
export * from "./eval-set/audit-eval-set.ts";
export { buildEvalSet, type FoldedCase, hashEvalSet } from "./eval-set/build-eval-set.ts";
export type { CaseDraft } from "./eval-set/case-draft.ts";
export * from "./eval-set/compare-eval-sets.ts";
export * from "./eval-set/decide-eval-set.ts";
export * from "./eval-set/eval-set-age.ts";
export * from "./eval-set/eval-set-power.ts";
export * from "./eval-set/eval-set-reference.ts";
export * from "./eval-set/get-eval-set.ts";
export { InputProblems } from "./eval-set/input-problems.ts";
export {
  isProposed,
  readCaseDraft,
  readExpectation,
  readOptionalText,
  readSplit,
} from "./eval-set/read-case-draft.ts";
export {
  type Complain,
  type Fields,
  isFields,
  readScorerSpec,
  readScorers,
  refuseUnknown,
  shown,
} from "./eval-set/read-scorer-spec.ts";
export { DEFAULT_SPLIT, type SplitRules } from "./eval-set/split-cases.ts";
export * from "./eval-set/traffic-coverage.ts";
export { type AnchorQuestion, findAnchor } from "./evidence/find-anchor.ts";
export { revealVerdict } from "./evidence/reveal-verdict.ts";
export { type TestLooks, type TestQuestion, testLooks } from "./evidence/test-looks.ts";
export { decideFirstGate, type FirstGateInput } from "./gate/decide-first-gate.ts";
export { decideGate, type GateInput } from "./gate/decide-gate.ts";
export {
  GATE_MODES,
  type GateMode,
  type GateOptions,
  GUARD_LIMITS,
  GUARD_NAMES,
  type GuardName,
  MARGIN_BY_RISK,
  THRESHOLD_BY_RISK,
} from "./gate/gate-options.ts";
export type {
  FlippedCase,
  GateComparison,
  GateMethod,
  GateVerdict,
  GuardStatus,
  GuardVerdict,
  LineCount,
  MissingEvidence,
  SliceVerdict,
  Veto,
} from "./gate/gate-verdict.ts";
export { measureNoise, type NoiseReport } from "./gate/measure-noise.ts";
export { readScoreLines } from "./gate/read-score-lines.ts";
export { LADDER_STEP, type Ladder, type Reveal, revealScore } from "./gate/reveal-score.ts";
export { LOOK_BUDGET, type LookDecision, type LookState, spendLook } from "./gate/spend-look.ts";
export { askJudge, type JudgeMaterial, type JudgeOutcome } from "./judges/ask-judge.ts";
export * from "./judges/calibrate-judge.ts";
export { caseQuestion, judgedAnswer } from "./judges/case-question.ts";
export { type Comparison, type ComparisonTask, compareAnswers } from "./judges/compare-answers.ts";
export * from "./judges/judge.ts";
export * from "./judges/judge-caller.ts";
export * from "./judges/judge-panel.ts";
export * from "./judges/judge-standing.ts";
export { builtInJudge, JUDGE_TEXTS } from "./judges/judge-texts.ts";
export * from "./matrix/matrix-cell.ts";
export * from "./matrix/plan-matrix.ts";
export * from "./matrix/upgrade-verdict.ts";
export { estimateRun, type RunEstimate } from "./runner/estimate-run.ts";
export {
  type AskedCall,
  PaidCalls,
  type PaidCallsParts,
  type PaidResult,
} from "./runner/paid-calls.ts";
export { callOf, type RunOutcome, type RunPorts, runEvaluation } from "./runner/run-evaluation.ts";
export * from "./runner/run-plan.ts";
export * from "./runner/run-ports.ts";
export { AGGREGATE, type CaseMean, ScoreSums } from "./runner/score-sums.ts";
export * from "./score-line.ts";
export * from "./scorer.ts";
export { createScorers, type ScorerParts, type Scorers } from "./scorers/create-scorers.ts";
export { type CustomScore, type CustomScorer, scorerFiles } from "./scorers/custom.ts";
export type { SchemaCheckerOf } from "./scorers/json-schema.ts";
export { type JudgeParts, judgesNamed } from "./scorers/judge-scorer.ts";
export {
  type AnswerScores,
  type Finding,
  metricOf,
  type ScoredAnswer,
  scoreAnswer,
} from "./scorers/score-answer.ts";
