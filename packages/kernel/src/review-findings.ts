/** What still counts of a review at a time: a suppression holds until it expires. */
import type { EpochMs } from "./clock.ts";
import type {
  ReviewData,
  ReviewFinding,
  ReviewSeverity,
  ReviewSuppression,
} from "./records/later-records.ts";
import { REVIEW_SEVERITIES } from "./records/later-records.ts";

/** The suppression of a finding that is in force; undefined for none. */
export function suppressionOf(
  { suppressions }: Pick<ReviewData, "suppressions">,
  { id, rule }: Pick<ReviewFinding, "id" | "rule">,
  now: EpochMs,
): ReviewSuppression | undefined {
  return suppressions.find(
    ({ of, expires }) => (of === id || of === rule) && (expires === null || expires > now),
  );
}

/** Findings that nobody has accepted and that are at least so grave, in the review's order. */
export function openFindings(
  review: Pick<ReviewData, "findings" | "suppressions">,
  { now, least }: { readonly now: EpochMs; readonly least: ReviewSeverity },
): readonly ReviewFinding[] {
  return review.findings.filter(
    (finding) => isAtLeast(finding.severity, least) && suppressionOf(review, finding, now) === undefined,
  );
}

/** Whether one severity is as grave as another, or graver. */
export function isAtLeast(one: ReviewSeverity, other: ReviewSeverity): boolean {
  return REVIEW_SEVERITIES.indexOf(one) <= REVIEW_SEVERITIES.indexOf(other);
}
