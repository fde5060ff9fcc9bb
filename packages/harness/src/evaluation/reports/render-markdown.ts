/** Writes a report for a pull request. */
import { escapeMarkdown } from "./escape-markdown.ts";
import type { Report, ReportState, ReportTable } from "./report.ts";

const MARKS: Readonly<Record<ReportState, string>> = {
  ship: "✅ ship",
  block: "⛔ block",
  inconclusive: "⚖️ inconclusive",
  invalid: "❌ invalid",
  done: "✅ done",
  unfinished: "⏸️ unfinished",
};

export function renderMarkdown({ title, state, facts, reasons, tables }: Report): string {
  const [first, ...rest] = tables;
  return [
    `## ${escapeMarkdown(title)}`,
    "",
    `**${MARKS[state]}**`,
    "",
    ...reasons.map((reason) => `- ${escapeMarkdown(reason)}`),
    "",
    "| | |",
    "| --- | --- |",
    ...facts.map(({ name, value }) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`),
    ...(first === undefined ? [] : ["", `### ${escapeMarkdown(first.title)}`, "", ...tableLines(first)]),
    ...rest.flatMap((table) => [
      "",
      `<details><summary>${escapeMarkdown(table.title)}</summary>`,
      "",
      ...tableLines(table),
      "",
      "</details>",
    ]),
    "",
  ].join("\n");
}

function tableLines({ columns, rows, rest }: ReportTable): readonly string[] {
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [
    row(columns.map(({ title }) => title)),
    `| ${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ")} |`,
    ...rows.map(row),
    ...(rest === null ? [] : ["", rest]),
  ];
}
