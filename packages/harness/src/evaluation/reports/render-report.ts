/** Writes a report in any of its formats. */

import { renderHtml } from "./render-html.ts";
import { renderJunit } from "./render-junit.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderText, type TextStyle } from "./render-text.ts";
import type { Report, ReportFormat } from "./report.ts";

/**
 * The report as a person or machine reads it; in `json` the answer itself, whole.
 *
 * @example
 * import { listMatrix, matrixReport } from "@colophon/harness";
 * const answer = await listMatrix(harness, { environment: "production" });
 * const page = renderReport(matrixReport(answer), { format: "html", answer });
 */
export function renderReport(
  report: Report,
  {
    format,
    answer,
    style,
  }: { readonly format: ReportFormat; readonly answer: unknown; readonly style?: TextStyle },
): string {
  switch (format) {
    case "table":
      return renderText(report, style);
    case "json":
      return JSON.stringify(answer);
    case "junit":
      return renderJunit(report);
    case "markdown":
      return renderMarkdown(report);
    case "html":
      return renderHtml(report);
  }
}
