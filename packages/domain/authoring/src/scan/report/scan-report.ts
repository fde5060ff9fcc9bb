/** What a scan has to tell, for every format that it is told in. */
import type { ClusterSummary } from "../cluster/summarize-clusters.ts";
import type { Finding } from "../finding.ts";
import type { BaselineComparison } from "./compare-baseline.ts";
import type { ModelRow } from "./map-models.ts";
import type { PlacedFinding } from "./placed-finding.ts";

export interface ScanReport {
  /** By file and place. */
  readonly findings: readonly PlacedFinding[];
  readonly clusters: readonly ClusterSummary[];
  readonly models: readonly ModelRow[];
  /** Of all that was read. */
  readonly files: number;
  readonly lines: number;
  /** How many more a comment in the source leaves out. */
  readonly ignored: number;
  /** How many more `definePrompt` holds already. */
  readonly declared: number;
  /** What was not read or not understood, each as one sentence. */
  readonly remarks: readonly string[];
  /** Null without a baseline. */
  readonly baseline: BaselineComparison | null;
}

export type FindingState = "known" | "new" | null;

/** Says of each finding whether the baseline has it; null without one. */
export function statesOf({ baseline }: ScanReport): (finding: Finding) => FindingState {
  if (baseline === null) return () => null;
  const fresh = new Set(baseline.fresh.map(({ finding }) => finding));
  return (finding) => (fresh.has(finding) ? "new" : "known");
}

/** Turns the direction of what follows it, so that it reads as something else than it is. */
const REVERSING = /[\u202A-\u202E\u2066-\u2069]/g;

/** Its first words, without line ends, for any reader: halves of letters and reversed writing are U+FFFD. */
export function firstWords(text: string, most: number): string {
  const plain = text.replaceAll(/\s+/g, " ").trim().toWellFormed().replaceAll(REVERSING, "\uFFFD");
  if (plain.length <= most) return plain;
  // A cut through a letter leaves half of it.
  const cut = plain.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.trimEnd()}…`;
}
