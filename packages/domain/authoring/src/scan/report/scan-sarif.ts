/** Tells a scan as SARIF: a result for each prompt in the code, and one for each cluster of copies. */
import type { SarifInput, SarifResult } from "../../sarif/sarif-log.ts";
import type { ClusterSummary } from "../cluster/summarize-clusters.ts";
import type { Finding } from "../finding.ts";
import type { PlacedFinding } from "./placed-finding.ts";
import { type FindingState, firstWords, type ScanReport, statesOf } from "./scan-report.ts";

const RULES = [
  {
    id: "prompt-in-code",
    summary: "A prompt lives in the code as a literal.",
    help: "Take it out with `colophon extract`, or say `colophon: ignore` in a comment on the line before.",
    level: "note",
  },
  {
    id: "prompt-copies",
    summary: "Prompts are nearly the same.",
    help: "Keep one of them and let the others refer to it, or give what differs to it as variables.",
    level: "warning",
  },
] as const;

/** With a baseline only what is new is a warning, and clusters without a new member are left out. */
export function scanSarif(report: ScanReport): SarifInput {
  const stateOf = statesOf(report);
  const seen = new Map<string, number>();
  const found = report.findings.map((finding): SarifResult => {
    const copy = (seen.get(finding.id) ?? 0) + 1;
    seen.set(finding.id, copy);
    const state = stateOf(finding);
    return {
      rule: "prompt-in-code",
      level: state === "new" ? "warning" : "note",
      message: messageOf(finding),
      ...placeOf(finding),
      // Copies of one text are told apart by their order, which a move of lines leaves as it is.
      fingerprint: copy === 1 ? finding.id : `${finding.id}/${copy}`,
      ...(state === null ? {} : { baseline: state === "new" ? "new" : "unchanged" }),
      rank: Math.round(finding.confidence * 100),
    };
  });
  const clusters = report.clusters.filter((cluster) => report.baseline === null || hasNew(stateOf, cluster));
  return {
    tool: { name: "colophon scan" },
    rules: RULES,
    results: [...found, ...clusters.map(clusterResult)],
  };
}

function messageOf({ text, reason, client, model, role }: PlacedFinding): string {
  const goes = [
    client === null ? null : `to ${client}`,
    model === null ? null : `model ${model}`,
    role === null ? null : `as the ${role} message`,
  ].filter((part) => part !== null);
  const where = goes.length === 0 ? "" : ` It goes ${goes.join(", ")}.`;
  return `A prompt lives in the code: “${firstWords(text, 80)}”.${where} Why: ${reason}.`;
}

function hasNew(stateOf: (finding: Finding) => FindingState, { central, others }: ClusterSummary): boolean {
  return [central, ...others.map(({ finding }) => finding)].some((one) => stateOf(one) === "new");
}

function clusterResult({ central, others, size, texts }: ClusterSummary): SarifResult {
  const same = texts === 1 ? "the same" : `nearly the same, in ${texts} wordings`;
  return {
    rule: "prompt-copies",
    level: "warning",
    message: `${size} prompts are ${same}: “${firstWords(central.text, 80)}”.`,
    file: central.file,
    line: central.line,
    endLine: central.endLine,
    fingerprint: `copies/${central.id}`,
    related: others.map(({ finding, words }) => ({
      file: finding.file,
      line: finding.line,
      endLine: finding.endLine,
      message: words.length === 0 ? "the same text" : "nearly the same text",
    })),
  };
}

function placeOf({ file, line, endLine, column, endColumn }: PlacedFinding) {
  return { file, line, endLine, column, endColumn };
}
