/** Estimates of policies as a table for people. */
import { formatFigure, formatShare, type PolicyReport, type PolicyRow } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { type Column, shortTime, textTable } from "../text-table.ts";

export function policyTable(report: PolicyReport, paint: Paint): string {
  const { rows, since, until, metric, calls } = report;
  const period = `${shortTime(since)} to ${shortTime(until)}, ${formatFigure(calls)} calls`;
  if (rows.length === 0) return `${period}\nNo call was drawn by a rollout, so nothing can be estimated.`;
  const told = `Mean score of a call in ${metric}, 1 being best; intervals are of 95 %.`;
  return [period, textTable(rows, COLUMNS, paint), "", told].join("\n");
}

const COLUMNS: readonly Column<PolicyRow>[] = [
  {
    title: "policy",
    cell: ({ policy }) => policy.map(({ version, share }) => `v${version} ${formatShare(share)}`).join(", "),
  },
  { title: "SNIPS", cell: ({ snips }) => estimate(snips), align: "right" },
  { title: "IPS", cell: ({ ips }) => estimate(ips), align: "right" },
  { title: "effective", cell: ({ effectiveSize }) => formatFigure(effectiveSize), align: "right" },
  { title: "unscored", cell: ({ unscored }) => formatFigure(unscored), align: "right" },
  { title: "undrawn", cell: ({ undrawn }) => formatFigure(undrawn), align: "right" },
  { title: "", cell: ({ reason }) => (reason === null ? " " : `insufficient: ${reason}`) },
];

function estimate(found: PolicyRow["ips"]): string | null {
  if (found === null) return null;
  const { value, lower, upper } = found;
  const bounds =
    lower === null || upper === null ? "" : ` (${formatFigure(lower)} to ${formatFigure(upper)})`;
  return `${formatFigure(value)}${bounds}`;
}
