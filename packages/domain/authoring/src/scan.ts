/** The subpath for scans of source code, apart from the rest since it loads parsers. */
export { sarifLog } from "./sarif/sarif-log.ts";
export {
  type ClassifiedText,
  classifyText,
  LEAST_CONFIDENCE,
  type TextVerdict,
} from "./scan/classify/classify-text.ts";
export { clusterFindings } from "./scan/cluster/cluster-findings.ts";
export {
  type ClusterMember,
  type ClusterSummary,
  summarizeClusters,
} from "./scan/cluster/summarize-clusters.ts";
export {
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  type FindingPlaceholder,
  type FindingUse,
} from "./scan/finding.ts";
export {
  type Baseline,
  type BaselineComparison,
  type BaselineEntry,
  baselineOf,
  compareBaseline,
  type NewFinding,
  readBaseline,
} from "./scan/report/compare-baseline.ts";
export { type ModelRow, mapModels } from "./scan/report/map-models.ts";
export { type PlacedFinding, placeFinding } from "./scan/report/placed-finding.ts";
export { scanHtml } from "./scan/report/scan-html.ts";
export type { ScanReport } from "./scan/report/scan-report.ts";
export { scanSarif } from "./scan/report/scan-sarif.ts";
export { type ScanOptions, type ScanProblem, type ScanResult, scanSources } from "./scan/scan-sources.ts";
export type { SourceFile, SourceLanguage } from "./scan/source/source-module.ts";
export type { PathAlias } from "./scan/trace/find-module.ts";
