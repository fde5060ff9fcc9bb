/** Shows reviews to people: what was found, where, why it matters and how to mend it. */
import type { ReportedFinding, ReviewReport } from "@colophon/harness";
import { REVIEW_SEVERITIES, type ReviewSeverity } from "@colophon/kernel";
import type { Paint } from "../cli.ts";
import { POLICY_FILE } from "./find-policy.ts";

export interface ReviewTextParts {
  readonly paint: Paint;
  /** From this severity on the run fails. */
  readonly failOn: ReviewSeverity;
}

export function reviewText(reports: readonly ReviewReport[], { paint, failOn }: ReviewTextParts): string {
  if (reports.length === 0) return "No prompt file differs: there is nothing to review.";
  const open = reports.flatMap(({ findings }) => findings.filter(({ accepted }) => accepted === null));
  return [
    ...reports.map((report) => reportText(report, paint)),
    summary(reports, open),
    ...nextSteps(open, failOn),
  ].join("\n");
}

function reportText({ key, version, file, findings, recorded, notes }: ReviewReport, paint: Paint): string {
  const name = version === null ? key : `${key}@v${version}`;
  const accepted = findings.filter((finding) => finding.accepted !== null);
  return [
    `${paint.bold(name)}${file === null ? "" : `  ${file}`}${recorded === null ? "" : paint.dim(`  review ${recorded}`)}`,
    ...findings.filter((finding) => finding.accepted === null).map((finding) => findingText(finding, paint)),
    ...(findings.length === 0 ? ["  nothing found"] : []),
    ...accepted.map((finding) =>
      paint.dim(`  accepted  ${finding.rule}  ${finding.place}: ${acceptedWords(finding)}`),
    ),
    ...notes.map((note) => paint.yellow(`  ${note}`)),
    "",
  ].join("\n");
}

function findingText(
  { id, severity, rule, place, line, message, advice }: ReportedFinding,
  paint: Paint,
): string {
  const where = line === null ? place : `line ${line} (${place})`;
  return [
    `  ${coloured(severity, paint)}  ${rule}  ${where}  ${paint.dim(id)}`,
    `          ${message}`,
    `          ${paint.dim(`→ ${advice}`)}`,
  ].join("\n");
}

function coloured(severity: ReviewSeverity, paint: Paint): string {
  const text = severity.padEnd(6);
  return severity === "high" ? paint.red(text) : severity === "medium" ? paint.yellow(text) : text;
}

function acceptedWords({ accepted }: ReportedFinding): string {
  const until = accepted?.expires == null ? "" : `, until ${accepted.expires.slice(0, 10)}`;
  return `${accepted?.reason ?? ""}${until}`;
}

function summary(reports: readonly ReviewReport[], open: readonly ReportedFinding[]): string {
  const counts = REVIEW_SEVERITIES.map(
    (severity) => `${open.filter((finding) => finding.severity === severity).length} ${severity}`,
  );
  const texts = reports.length === 1 ? "1 text" : `${reports.length} texts`;
  return `${texts}: ${open.length === 0 ? "nothing open" : `${counts.join(", ")} open`}.`;
}

function nextSteps(open: readonly ReportedFinding[], failOn: ReviewSeverity): readonly string[] {
  const grave = REVIEW_SEVERITIES.slice(0, REVIEW_SEVERITIES.indexOf(failOn) + 1);
  const [first] = open.filter(({ severity }) => grave.includes(severity));
  if (first === undefined) return [];
  return [
    `Next: mend it, or accept it in ${POLICY_FILE}: suppress: [{ of: ${first.id}, reason: TEXT, expires: YYYY-MM-DD }]`,
  ];
}
