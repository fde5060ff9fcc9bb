/** Writes reviews as SARIF, which code hosts show beside the lines of a pull request. */
import { REVIEW_RULES, type SarifLevel, sarifLog } from "@colophon/authoring";
import type { ReviewSeverity } from "@colophon/kernel";
import type { ReviewReport } from "./review-report.ts";

const LEVELS: Readonly<Record<ReviewSeverity, SarifLevel>> = {
  high: "error",
  medium: "warning",
  low: "note",
};

/**
 * The reviews as a SARIF 2.1.0 log; what is accepted is in it as suppressed.
 *
 * @example
 * import { previewReview, reviewSarif } from "@colophon/harness";
 *
 * const text = reviewSarif(await previewReview(house, { versions: [{ key: "support.triage", version: 7 }] }));
 */
export function reviewSarif(reports: readonly ReviewReport[]): string {
  const results = reports.flatMap(({ findings, ...report }) =>
    findings.map((finding) => ({
      rule: finding.rule,
      level: LEVELS[finding.severity],
      message: `${finding.message} ${finding.advice} (${finding.place})`,
      file: report.file,
      line: finding.line,
      about: `${report.key}${report.version === null ? "" : `@v${report.version}`}`,
      fingerprint: `${report.key}:${finding.id}`,
      suppressions:
        finding.accepted === null ? [] : [{ kind: "external" as const, reason: finding.accepted.reason }],
    })),
  );
  const rules = REVIEW_RULES.map(({ id, summary, advice, severity }) => ({
    ...{ id, summary, help: advice },
    level: LEVELS[severity],
  }));
  return `${JSON.stringify(sarifLog({ tool: { name: "colophon review" }, rules, results }), null, 2)}\n`;
}
