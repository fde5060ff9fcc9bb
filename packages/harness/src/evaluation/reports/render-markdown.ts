/** Writes a report for a pull request. */
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
    `## ${escaped(title)}`,
    "",
    `**${MARKS[state]}**`,
    "",
    ...reasons.map((reason) => `- ${escaped(reason)}`),
    "",
    "| | |",
    "| --- | --- |",
    ...facts.map(({ name, value }) => `| ${escaped(name)} | ${escaped(value)} |`),
    ...(first === undefined ? [] : ["", `### ${escaped(first.title)}`, "", ...tableLines(first)]),
    ...rest.flatMap((table) => [
      "",
      `<details><summary>${escaped(table.title)}</summary>`,
      "",
      ...tableLines(table),
      "",
      "</details>",
    ]),
    "",
  ].join("\n");
}

function tableLines({ columns, rows, rest }: ReportTable): readonly string[] {
  const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [
    row(columns.map(({ title }) => title)),
    `| ${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ")} |`,
    ...rows.map(row),
    ...(rest === null ? [] : ["", rest]),
  ];
}

/** Ids and errors come from outside: none of them may format, link, mention or break a table. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}
