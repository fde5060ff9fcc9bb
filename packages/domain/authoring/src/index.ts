/** Authoring: prompts become texts, texts become versions, and two of them can be compared. */

export { type CheckedText, checkedText, type TextProposal } from "./checked-text.ts";
export type { BodyDiff, Change, MessageDiff, TextPiece } from "./compare-bodies.ts";
export type { ContractChange, PropertyView } from "./compare-contracts.ts";
export { type Hunk, hunksOf } from "./compare-hunks.ts";
export { compareSizes, type SizeDiff, type SizedText, type TextSize } from "./compare-sizes.ts";
export { compareTexts, type LocaleDiff, type TextDiff, type ValueChange } from "./compare-texts.ts";
export { decideVersion, type RegisteredVersion, type VersionCommand } from "./decide-version.ts";
export { type InlinedText, inlinePartials } from "./inline-partials.ts";
export { listVersions, type VersionLogEntry, type VersionRelease } from "./list-versions.ts";
export { collectPartials } from "./partials.ts";
export { type PrintOptions, printPromptFile } from "./prompt-file/print-prompt-file.ts";
export { keyOfPath, pathOfKey } from "./prompt-file/prompt-file-path.ts";
export { type PromptFilePlace, readPromptFile } from "./prompt-file/read-prompt-file.ts";
export { type PromptFacts, wholeFacts } from "./prompt-metadata.ts";
export { promptSpecValue } from "./prompt-spec-value.ts";
export { type PromptSpec, readPromptSpec } from "./read-prompt-spec.ts";
export * from "./registration.ts";
export { decideReview, type ReviewCommand } from "./review/decide-review.ts";
export { fileLine } from "./review/file-line.ts";
export {
  checkReviewJudge,
  REVIEW_JUDGE,
  REVIEW_JUDGE_KEY,
  readJudgeFindings,
  reviewMaterial,
} from "./review/review-judge.ts";
export {
  type CompiledPolicy,
  compilePolicy,
  POLICY_METADATA,
  type ReviewPolicy,
} from "./review/review-policy.ts";
export { REVIEW_RULES, RULES_EDITION } from "./review/review-rules.ts";
export { reviewText, type SpottedFinding } from "./review/review-text.ts";
export type { ReviewedCase, ReviewSubject } from "./review/reviewed-text.ts";
export { type SettledFindings, settleFindings } from "./review/settle-findings.ts";
export * from "./sarif/sarif-log.ts";
export {
  type ComparedSides,
  compareSides,
  SYNC_STATES,
  type SyncSides,
  type SyncState,
} from "./sync/compare-sides.ts";
export { conflictLine, type SideNames } from "./sync/conflict-markers.ts";
export {
  decidePush,
  type PushedFile,
  type PushedFiles,
  type PushedVersion,
  type PushProblem,
} from "./sync/decide-push.ts";
export { type MergedPrompt, mergePrompt, newPromptFile } from "./sync/merge-prompt.ts";
export {
  factsHash,
  factsToSay,
  NO_FACTS,
  type PromptContent,
  pinnedHash,
  promptContent,
  sameContent,
} from "./sync/prompt-content.ts";
export { pushOrder } from "./sync/push-order.ts";
export type { KnownVersion, RegistrySide, VersionWithText } from "./sync/registry-side.ts";
export { LOCK_FILE, type LockEntry, printLock, readLock, type SyncLock } from "./sync/sync-lock.ts";
export { textsMissing } from "./text-of.ts";
export { promptTypes, type TypedPrompt, type TypedVersion } from "./typing/prompt-types.ts";
