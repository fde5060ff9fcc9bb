/** Writes a scan as a document that another program shows: SARIF or HTML. */
import type { ScanReport } from "@colophon/authoring/scan";

export const SCAN_DOCUMENTS = ["sarif", "html"] as const;
export type ScanDocument = (typeof SCAN_DOCUMENTS)[number];

/**
 * The scan as SARIF 2.1.0, or as an HTML page that needs nothing beside itself.
 *
 * @example
 * import { scanPaths } from "@colophon/harness";
 * const answer = await scanPaths({ paths: ["src"], cwd: process.cwd() });
 * const page: string = await scanDocument(answer, "html");
 */
export async function scanDocument(report: ScanReport, format: ScanDocument): Promise<string> {
  const { sarifLog, scanHtml, scanSarif } = await import("@colophon/authoring/scan");
  if (format === "html") return scanHtml(report);
  return `${JSON.stringify(sarifLog(scanSarif(report)), null, 2)}\n`;
}
