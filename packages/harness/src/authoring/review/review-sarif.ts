/** Writes reviews as SARIF, which code hosts show beside the lines of a pull request. */
import {
  REVIEW_RULES,
  type SarifLevel,
  type SarifResult,
  type SarifRule,
  sarifLog,
} from "@colophon/authoring";
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
  return sarifText("colophon review", { rules: reviewSarifRules(), results: reviewSarifResults(reports) });
}

/** A log of one run of a command, as a file has it. */
export function sarifText(
  name: string,
  { rules, results }: { readonly rules: readonly SarifRule[]; readonly results: readonly SarifResult[] },
): string {
  return `${JSON.stringify(sarifLog({ tool: { name }, rules, results }), null, 2)}\n`;
}

export function reviewSarifRules(): readonly SarifRule[] {
  return REVIEW_RULES.map(({ id, summary, advice, severity }) => ({
    ...{ id, summary, help: advice },
    level: LEVELS[severity],
  }));
}

export function reviewSarifResults(reports: readonly ReviewReport[]): readonly SarifResult[] {
  return reports.flatMap(({ findings, ...report }) =>
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
}
