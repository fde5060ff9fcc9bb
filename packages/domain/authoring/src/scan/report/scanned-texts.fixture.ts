/** Findings and reports with little in them, to be told in every format. */
import { clusterFindings } from "../cluster/cluster-findings.ts";
import { summarizeClusters } from "../cluster/summarize-clusters.ts";
import type { FindingUse } from "../finding.ts";
import { findingId } from "../finding-of.ts";
import { mapModels } from "./map-models.ts";
import type { PlacedFinding } from "./placed-finding.ts";
import type { ScanReport } from "./scan-report.ts";

export function aFinding(text: string, more: Partial<PlacedFinding> = {}): PlacedFinding {
  const line = more.line ?? 1;
  return {
    id: findingId(text),
    file: "src/a.ts",
    line,
    endLine: line,
    column: 11,
    endColumn: 11 + text.length,
    span: { from: line * 100, to: line * 100 + text.length },
    language: "typescript",
    kind: "literal",
    confidence: 0.8,
    reason: "gives the reader a role (You are)",
    text,
    placeholders: [],
    client: null,
    model: null,
    role: null,
    uses: [],
    name: null,
    cluster: null,
    ...more,
  };
}

export function aUse(more: Partial<FindingUse> = {}): FindingUse {
  return {
    file: "src/a.ts",
    line: 5,
    span: { from: 50, to: 90 },
    client: "openai.chat",
    role: "system",
    message: 0,
    model: "gpt-5-mini",
    parameters: {},
    ...more,
  };
}

export function aReport(found: readonly PlacedFinding[], more: Partial<ScanReport> = {}): ScanReport {
  const findings = clusterFindings(found) as readonly PlacedFinding[];
  return {
    findings,
    clusters: summarizeClusters(findings),
    models: mapModels(findings),
    files: 3,
    lines: 120,
    ignored: 0,
    declared: 0,
    remarks: [],
    baseline: null,
    ...more,
  };
}
