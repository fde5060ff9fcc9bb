/** What is told of a review. */
import { fileLine, type SettledFindings, type SpottedFinding } from "@colophon/authoring";
import { type EpochMs, type ReviewData, type ReviewFinding, suppressionOf } from "@colophon/kernel";

export interface ReportedFinding extends ReviewFinding {
  /** In the file that was reviewed; null where there is none, or where it is not known. */
  readonly line: number | null;
  /** Why somebody has accepted it, and until when (ISO 8601; null for good); null while nobody has. */
  readonly accepted: { readonly reason: string; readonly expires: string | null } | null;
}

export interface ReviewReport {
  readonly key: string;
  /** Null for a text that is no version. */
  readonly version: number | null;
  /** Null where it cannot be known, since a pinned partial is not at hand. */
  readonly hash: string | null;
  /** The file that was reviewed; null for a version. */
  readonly file: string | null;
  /** Edition of the built-in rules. */
  readonly rules: number;
  /** Hash of the team's own policy; null where there was none. */
  readonly policy: string | null;
  /** `KEY@vN`; null where none was asked. */
  readonly judge: string | null;
  /** The gravest first; accepted ones among them. */
  readonly findings: readonly ReportedFinding[];
  /** Id of the record; null where none was written. */
  readonly recorded: string | null;
  /** Whether the policy accepts a high finding, or makes less of it: to record that asks for the scope `review`. */
  readonly accepts: boolean;
  /** In words: what could not be looked at, suppressions that are over, unused or withheld. */
  readonly notes: readonly string[];
}

export interface ReviewedFile {
  readonly file: string;
  /** As it is written; null where it is not at hand. */
  readonly source: string | null;
}

export interface ReportParts {
  readonly review: Pick<
    ReviewData,
    "key" | "version" | "rules" | "policy" | "judge" | "findings" | "suppressions"
  >;
  readonly hash: string | null;
  readonly recorded: string | null;
  readonly spotted: readonly SpottedFinding[];
  readonly settled: SettledFindings;
  readonly unseen: readonly string[];
  readonly file: ReviewedFile | null;
  readonly now: EpochMs;
}

export function reviewReport(parts: ReportParts): ReviewReport {
  const { review, hash, recorded, spotted, settled, unseen, file, now } = parts;
  const spots = new Map(spotted.map(({ finding, spot }) => [finding.id, spot]));
  const findings = review.findings.map((finding): ReportedFinding => {
    const spot = spots.get(finding.id);
    const line =
      spot === undefined || file === null || file.source === null ? null : fileLine(file.source, spot);
    const suppression = suppressionOf(review, finding, now);
    return { ...finding, line, accepted: suppression === undefined ? null : acceptedOf(suppression) };
  });
  const { key, version, rules, policy, judge } = review;
  const { withheld, unused, expired, accepts } = settled;
  const notes = [
    ...unseen,
    ...expired.map((one) => `A suppression is over, and its finding counts again: ${one}.`),
    ...unused.map((of) => `The suppression of ${of} is not needed: nothing was found that it is about.`),
    ...withheld.map(
      (one) => `Not recorded, since it is about a high finding: ${one}. It asks for the scope review.`,
    ),
  ];
  return {
    ...{ key, version, hash, file: file?.file ?? null, rules, policy, judge: judge?.prompt ?? null },
    ...{ findings, recorded, accepts, notes },
  };
}

function acceptedOf({ reason, expires }: { readonly reason: string; readonly expires: EpochMs | null }) {
  return { reason, expires: expires === null ? null : new Date(expires).toISOString() };
}
