/** Authoring: prompts become texts, texts become versions, and two of them can be compared. */

export { type CheckedText, checkedText, type TextProposal } from "./checked-text.ts";
export type { BodyDiff, Change, MessageDiff, TextPiece } from "./compare-bodies.ts";
export type { ContractChange, PropertyView } from "./compare-contracts.ts";
export { compareTexts, type LocaleDiff, type TextDiff, type ValueChange } from "./compare-texts.ts";
export { decideVersion, type RegisteredVersion, type VersionCommand } from "./decide-version.ts";
export { listVersions, type VersionLogEntry, type VersionRelease } from "./list-versions.ts";
export { type PromptSpec, readPromptSpec } from "./read-prompt-spec.ts";
export * from "./registration.ts";
export { textsMissing } from "./text-of.ts";
