/** Writes a report for a terminal. */
import type { Report, ReportState, ReportTable } from "./report.ts";

/** How words are set off; a terminal without colour gives them back as they are. */
export interface TextStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly state: (text: string, state: ReportState) => string;
}

const PLAIN: TextStyle = { bold: (text) => text, dim: (text) => text, state: (text) => text };

export function renderText(report: Report, style: TextStyle = PLAIN): string {
  const { title, state, facts, reasons, tables } = report;
  const width = Math.max(0, ...facts.map(({ name }) => name.length));
  return [
    `${style.bold(clean(title))}: ${style.state(state, state)}`,
    ...facts.map(({ name, value }) => `  ${style.dim(name.padEnd(width))}  ${clean(value)}`),
    ...reasons.map((reason) => `- ${clean(reason)}`),
    ...tables.flatMap((table) => ["", style.bold(table.title), ...tableLines(table, style)]),
  ].join("\n");
}

function tableLines({ columns, rows, rest }: ReportTable, style: TextStyle): readonly string[] {
  const cells = rows.map((row) => row.map(clean));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => (row[at] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const text = row[at] ?? "";
        const wide = widths[at] ?? 0;
        return align === "right" ? text.padStart(wide) : text.padEnd(wide);
      })
      .join("  ")
      .trimEnd();
  return [
    style.dim(line(columns.map(({ title }) => title))),
    ...cells.map(line),
    ...(rest === null ? [] : [rest]),
  ];
}

/** Control characters of a case's id or a scorer's error must not reach the terminal. */
function clean(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}
