/** Pure methods that several rooms share. */
export { type AgreementTable, cohenKappa, type Kappa } from "./agreement/cohen-kappa.ts";
export {
  addValue,
  type BetaCounts,
  discountCounts,
  drawShare,
  NO_COUNTS,
  posteriorBounds,
} from "./allocation/beta-counts.ts";
export { type ArmCounts, chooseArm } from "./allocation/choose-arm.ts";
export { effectiveFront, effectiveGaps } from "./allocation/effective-front.ts";
export * from "./allocation/off-policy.ts";
export { type ArmValues, paretoFront, paretoGaps } from "./allocation/pareto-front.ts";
export {
  type SelectionOptions,
  selectionProbabilities,
  withFloor,
} from "./allocation/selection-probabilities.ts";
export * from "./near-duplicates/find-near-duplicates.ts";
export { SPAN_WORDS, sharedSpan } from "./near-duplicates/shared-span.ts";
export * from "./near-duplicates/uncovered-groups.ts";
export { type LinearPattern, type ReadPattern, readPattern } from "./patterns/linear-pattern.ts";
export * from "./round-parts.ts";
export { type Draws, seededDraws } from "./seeded-draws.ts";
export type { ArmShare, GuardSide } from "./sequential/arm-share.ts";
export { addBadUnit, type BinaryGuard, observedRatio, startBinaryGuard } from "./sequential/binary-guard.ts";
export { type EValue, grownBy, NO_EVIDENCE, rejects } from "./sequential/e-value.ts";
export { type FrozenQuantile, freezeQuantile } from "./sequential/frozen-quantile.ts";
export * from "./sequential/heavy-means.ts";
export { addBadness, type LevelGuard, startLevelGuard } from "./sequential/level-guard.ts";
export * from "./sequential/mismatch-test.ts";
export { addToMoments, type Moments, mergeMoments, NO_VALUES } from "./sequential/moments.ts";
export * from "./sequential/paired-betting.ts";
export * from "./sequential/score-guard.ts";
export * from "./sequential/score-sequence.ts";
export { splitAlpha } from "./sequential/split-alpha.ts";
export * from "./split-by-shapley.ts";
export { benjaminiHochberg, holm } from "./statistics/adjusted-p-values.ts";
export { binomialMass, binomialTail } from "./statistics/binomial.ts";
export { type BootstrapOptions, bootstrapBounds } from "./statistics/bootstrap-bounds.ts";
export {
  type Bounds,
  type ClusteredMean,
  type ClusterTotal,
  clusteredMean,
  clusterSkewness,
  studentBounds,
} from "./statistics/clustered-mean.ts";
export {
  type JudgedCounts,
  type LabelledScores,
  type PoweredEstimate,
  poweredRate,
  type RateEstimate,
  roganGladen,
} from "./statistics/corrected-rate.ts";
export { normalCdf, normalQuantile, studentCdf, studentQuantile } from "./statistics/distributions.ts";
export { EXACT_PAIRS, exactTangoBounds, exactTangoPValue } from "./statistics/exact-tango.ts";
export { exactMcNemar } from "./statistics/mcnemar.ts";
export { type QuantileQuestion, quantileBounds, quantileOf } from "./statistics/quantile-bounds.ts";
export * from "./statistics/sample-size.ts";
export {
  type DifferenceNoise,
  designEffect,
  differenceVariance,
  type SampleSizeQuestion,
  sampleSize,
} from "./statistics/sample-size.ts";
export { clopperPearsonBounds, type ShareCount, wilsonBounds } from "./statistics/share-bounds.ts";
export { type PairCounts, tangoBounds, tangoStatistic } from "./statistics/tango.ts";
export { cosineSimilarity } from "./text/cosine-similarity.ts";
export type { OverlapScore } from "./text/overlap-score.ts";
export { longestCommonSubsequence, rougeL } from "./text/rouge-l.ts";
export { tokenF1 } from "./text/token-f1.ts";
export { wordTokens } from "./text/word-tokens.ts";
