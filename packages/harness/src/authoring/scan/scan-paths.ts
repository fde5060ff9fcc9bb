/** Scans folders and files for prompts that live in code. */
import type { Baseline, ScanProblem, ScanReport } from "@colophon/authoring/scan";
import type { LeftOut } from "./left-out.ts";
import { readScanSources, type SourcesRequest } from "./read-scan-sources.ts";
import type { OddEncoding } from "./read-source.ts";
import { scanRemarks } from "./scan-remarks.ts";

export interface ScanRequest extends SourcesRequest {
  /** Findings below are left out; in (0, 1], 0.5 unless said. */
  readonly minConfidence?: number;
  /** Known findings: with it only those beyond are new. */
  readonly baseline?: Baseline;
}

export interface ScanAnswer extends ScanReport {
  /** Absolute; what all files are told relative to. */
  readonly base: string;
  readonly leftOut: readonly LeftOut[];
  /** Where a parser could not follow; what it understood of the file is scanned all the same. */
  readonly problems: readonly ScanProblem[];
  /** Files that are not UTF-8; a rewrite of them would change their bytes. */
  readonly encodings: readonly { readonly file: string; readonly encoding: OddEncoding }[];
}

/**
 * Reads the sources, follows their texts to the calls of models, judges the others, and puts nearly equal
 * ones together. Nothing is written, and nothing of what is read is run.
 *
 * @throws HarnessError `usage` for a path that is not there or names a file of another kind.
 * @example
 * const answer = await scanPaths({ paths: ["src"], cwd: process.cwd() });
 * for (const { file, line, reason } of answer.findings) console.log(`${file}:${line} ${reason}`);
 */
export async function scanPaths(request: ScanRequest): Promise<ScanAnswer> {
  const { minConfidence, baseline } = request;
  const { base, files, aliases, leftOut, encodings } = readScanSources(request);
  // The parsers are large, and only a scan needs them.
  const scanner = await import("@colophon/authoring/scan");
  const options = { aliases, ...(minConfidence === undefined ? {} : { leastConfidence: minConfidence }) };
  const { findings: found, ignored, declared, problems } = scanner.scanSources(files, options);
  const sources = new Map(files.map(({ file, source }) => [file, source]));
  const findings = found.map((finding) => scanner.placeFinding(finding, sources.get(finding.file) ?? ""));
  return {
    base,
    findings,
    clusters: scanner.summarizeClusters(findings),
    models: scanner.mapModels(findings),
    files: files.length,
    lines: files.reduce((sum, { source }) => sum + source.split("\n").length, 0),
    ignored,
    declared,
    baseline: baseline === undefined ? null : scanner.compareBaseline(findings, baseline),
    leftOut,
    problems,
    encodings,
    remarks: scanRemarks({ leftOut, ignored, declared, problems, encodings }),
  };
}
