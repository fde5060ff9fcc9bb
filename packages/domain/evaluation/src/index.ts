/** The evaluation room: eval sets, scorers, judges, runs, the gate, the matrix. */
export * from "./eval-case.ts";
export * from "./eval-set/audit-eval-set.ts";
export type { CaseDraft } from "./eval-set/case-draft.ts";
export {
  askedKey,
  type CaseSketch,
  type Digest,
  type DraftSketch,
  sketchCase,
  sketchDraft,
} from "./eval-set/case-sketch.ts";
export { tellingTexts } from "./eval-set/case-text.ts";
export type { EvalSetChange } from "./eval-set/compare-eval-sets.ts";
export * from "./eval-set/decide-eval-set.ts";
export * from "./eval-set/eval-set-age.ts";
export {
  chunkDocument,
  type EvalSetChunk,
  type EvalSetDocument,
  type EvalSetHead,
  isHead,
} from "./eval-set/eval-set-document.ts";
export * from "./eval-set/eval-set-power.ts";
export * from "./eval-set/eval-set-reference.ts";
export * from "./eval-set/get-eval-set.ts";
export { InputProblems } from "./eval-set/input-problems.ts";
export {
  type EvalSetPlan,
  type FoldedCase,
  finishCase,
  type PlannedCase,
  planEvalSet,
} from "./eval-set/plan-eval-set.ts";
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
export { decideShadowEvidence } from "./evidence/decide-shadow-evidence.ts";
export { type AnchorQuestion, findAnchor } from "./evidence/find-anchor.ts";
export { revealVerdict } from "./evidence/reveal-verdict.ts";
export { ShadowTally } from "./evidence/shadow-tally.ts";
export * from "./evidence/shadow-verdict.ts";
export { type TestLooks, type TestQuestion, testLooks } from "./evidence/test-looks.ts";
export { beside } from "./gate/beside.ts";
export { decideFirstGate, type FirstGateInput } from "./gate/decide-first-gate.ts";
export { decideGate, type GateInput } from "./gate/decide-gate.ts";
export { ScoreFold, type ScoreLines } from "./gate/fold-scores.ts";
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
export { ScoredCase, ScoredSide } from "./gate/scored-side.ts";
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
export { NameNumbers } from "./name-numbers.ts";
export { isInSample } from "./online/is-in-sample.ts";
export { contentsNeeded, onlineLack } from "./online/online-needs.ts";
export {
  type OnlineRater,
  onlineRater,
  outcomeValueOf,
  type RaterParts,
  raterOutcomeId,
} from "./online/online-rater.ts";
export { CallPace, type CallPaceParts, type PaceSlot } from "./runner/call-pace.ts";
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
export { AGGREGATE, ScoreSums } from "./runner/score-sums.ts";
export * from "./score-line.ts";
export * from "./scorer.ts";
export { createScorers, type ScorerParts, type Scorers } from "./scorers/create-scorers.ts";
export { type CustomScore, type CustomScorer, scorerFiles } from "./scorers/custom.ts";
export type { SchemaCheckerOf } from "./scorers/json-schema.ts";
export { type JudgeParts, judgesNamed } from "./scorers/judge-scorer.ts";
export { PAIRWISE } from "./scorers/pairwise.ts";
export { parseJson } from "./scorers/parse-json.ts";
export {
  type AnswerScores,
  type Finding,
  metricOf,
  type ScoredAnswer,
  scoreAnswer,
} from "./scorers/score-answer.ts";
